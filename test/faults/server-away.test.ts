import { createPostgresStorage } from '@escrow-ledger/postgres'
import { createLedger, type EntryView, type Ledger } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { inr } from '../fixtures/deals.js'
import { codeOf } from '../fixtures/outcomes.js'
import { openPostgres, startPostgres } from '../postgres/open-postgres.js'
import { statement } from '../postgres/tcp-proxy.js'
import { openBehindProxy } from './behind-proxy.js'

const isLong = process.env.TEST_LONG === '1'
const CALLERS = 32
const CALLS = isLong ? 100 : 8
const RESTARTS = isLong ? 20 : 2

const tenRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}

/** Callers that post one entry after the other, a third of them with a wish for the whole book in between. */
async function postAll(ledger: Ledger, onAnswer: () => void): Promise<EntryView[]> {
  const answers = await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      const posted: EntryView[] = []
      for (let index = 0; index < CALLS; index++) {
        const reference = `${caller}-${index}`
        const key = caller % 2 ? { idempotencyKey: reference } : {}
        if (caller % 3 === 0) await ledger.accounts.freeze({ code: `cold:${reference}` }).catch(() => {})
        const { entry, replayed } = await ledger.journal.post({ ...tenRupees, reference }, key)
        expect(replayed).toBe(false)
        posted.push(entry)
        onAnswer()
      }
      return posted
    }),
  )
  return answers.flat()
}

test(`a server that is killed ${RESTARTS} times under load loses nothing, and nobody is refused`, async () => {
  const server = await startPostgres()
  const { connectionString, schema } = await openPostgres({ server })
  const storage = createPostgresStorage({ connectionString, schema, busyDeadlineMs: 60_000 })
  const ledger = createLedger({ storage })
  onTestFinished(() => ledger.close())
  await ledger.migrate()
  const every = Math.floor((CALLERS * CALLS) / (RESTARTS + 1))
  const restarts: Promise<void>[] = []
  let answered = 0
  const answers = await postAll(ledger, () => {
    answered += 1
    if (answered % every === 0 && restarts.length < RESTARTS) restarts.push(server.restart({ mode: 'immediate' }))
  })
  expect(restarts).toHaveLength(RESTARTS)
  await Promise.all(restarts)
  const kept = await all(ledger.journal.list())
  expect(kept.map(({ id }) => id).sort()).toEqual(answers.map(({ id }) => id).sort())
  expect(new Set(kept.map(({ reference }) => reference)).size).toBe(CALLERS * CALLS)
  const { balance } = await ledger.accounts.balance({ account: 'bank:hdfc', currency: 'INR' })
  expect(balance).toEqual(inr(`${10 * CALLERS * CALLS}.00`))
  await expectClean(ledger)
})

test('while the server stays away each caller is told its own key, and the same call is answered later', async () => {
  const { ledger, direct, proxy } = await openBehindProxy({ busyDeadlineMs: 1_000, limits: { recoveryTries: 2 } })
  await ledger.journal.post(tenRupees)
  expect(proxy.connections).toBe(1)
  const trap = proxy.trap(statement(/ledger_persist\(/), 'cut answer')
  await proxy.refuse()
  const keys = ['a', 'b', 'c']
  const post = (idempotencyKey: string) => ledger.journal.post(tenRupees, { idempotencyKey })
  expect(await Promise.allSettled(keys.map(post))).toMatchObject(
    keys.map((idempotencyKey) => ({ reason: { code: 'outcome_unknown', retryable: true, idempotencyKey } })),
  )
  expect(trap.count).toBe(1)
  expect(await codeOf(post('d'))).toBe('storage_failed')
  await proxy.accept()
  expect((await Promise.all(keys.map(post))).map(({ replayed }) => replayed)).toEqual([true, true, true])
  expect((await post('d')).replayed).toBe(false)
  expect(await all(direct.journal.list())).toHaveLength(5)
  await expectClean(direct)
})

test('slow answers change nothing but the time they take', async () => {
  const { ledger, direct, proxy } = await openBehindProxy()
  proxy.delay({ toServer: 3, toClient: 3 })
  const answers = await postAll(ledger, () => {})
  expect(answers).toHaveLength(CALLERS * CALLS)
  expect((await all(direct.journal.list())).map(({ id }) => id).sort()).toEqual(answers.map(({ id }) => id).sort())
  await expectClean(direct)
})
