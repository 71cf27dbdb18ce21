import type { CommitFate } from '@escrow-ledger/testkit'
import { type CommitterLimits, createLedger, type Ledger } from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type FatefulStorage, fatefulModel, fatefulPostgres, fatefulSqlite } from '../fixtures/answers-lost.js'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { START } from '../fixtures/open-ledger.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { until } from '../fixtures/until.js'

const tenRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}

interface Opened {
  readonly ledger: Ledger
  /** What becomes of the next commits, in order; all others are committed. */
  readonly fates: CommitFate[]
  /** What became of each commit so far. */
  readonly came: CommitFate[]
}

interface Given {
  readonly limits?: CommitterLimits
  readonly sleep?: () => Promise<void>
}

async function open(create: FatefulStorage, { limits, ...runtime }: Given = {}): Promise<Opened> {
  const fates: CommitFate[] = []
  const came: CommitFate[] = []
  const storage = await create(() => {
    const fate = fates.shift() ?? 'committed'
    came.push(fate)
    return fate
  })
  const ledger = createLedger({ storage, limits, runtime: { now: () => START, ...runtime } })
  await ledger.migrate()
  onTestFinished(() => ledger.close())
  return { ledger, fates, came }
}

const storages = [
  ['SQLite', fatefulSqlite, ['lost', 'unanswered']],
  ['PostgreSQL', fatefulPostgres, ['lost', 'unanswered']],
  ['a storage across a network', fatefulModel, ['lost', 'unanswered', 'late']],
] as const

describe.each(storages)('when the answer of a commit is lost, on %s', (_, create, ways) => {
  test.each(ways)('the library finds out itself, and answers the first result (%s)', async (way) => {
    const { ledger, fates } = await open(create)
    fates.push(way)
    const calls = Array.from({ length: 10 }, (_, index) =>
      ledger.journal.post({ ...tenRupees, reference: `r${index}` }, index % 2 ? { idempotencyKey: `k${index}` } : {}),
    )
    const answers = await Promise.all(calls)
    expect(answers.map(({ replayed }) => replayed)).toEqual(calls.map(() => false))
    const kept = await all(ledger.journal.list())
    expect(kept.map(({ id }) => id)).toEqual(answers.map(({ entry }) => entry.id))
    expect(await ledger.journal.post({ ...tenRupees, reference: 'r1' }, { idempotencyKey: 'k1' })).toEqual({
      ...answers[1],
      replayed: true,
    })
    await expectClean(ledger)
  })

  test.each(ways)('a key that came twice is answered from the first, as ever (%s)', async (way) => {
    const { ledger, fates } = await open(create)
    const known = await ledger.journal.post(tenRupees, { idempotencyKey: 'known' })
    fates.push(way)
    const [first, second, third, other] = await Promise.all([
      ledger.journal.post(tenRupees, { idempotencyKey: 'k' }),
      ledger.journal.post(tenRupees, { idempotencyKey: 'k' }),
      ledger.journal.post(tenRupees, { idempotencyKey: 'known' }),
      codeOf(ledger.journal.post([tenRupees, tenRupees], { idempotencyKey: 'k' })),
    ])
    expect(first.replayed).toBe(false)
    expect(second).toEqual({ ...first, replayed: true })
    expect(third).toEqual({ ...known, replayed: true })
    expect(other).toBe('idempotency_key_reused')
    expect(await all(ledger.journal.list())).toHaveLength(2)
    await expectClean(ledger)
  })

  test.each(ways)('a whole life at once has one effect each (%s)', async (way) => {
    const { ledger, fates } = await open(create)
    fates.push(way, 'committed', way, way, 'busy', way)
    const answers = await Promise.all([
      ledger.escrows.open(deal('s')),
      ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') }),
      ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } }),
      ledger.escrows.settle({ id: 's', early: { reason: 'agreed' } }),
    ])
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, false, false, false])
    expect(await balances(ledger)).toEqual({
      'gateway:razorpay:clearing INR': '1000.00',
      'payee:priya:payable INR': '600.00',
      'platform:fees INR': '200.00',
      'refunds:in-transit:razorpay INR': '200.00',
    })
    await expectClean(ledger)
  })

  test('it goes on finding out while the database is away, and later calls wait', async () => {
    const { ledger, fates, came } = await open(create)
    fates.push('lost', 'busy', 'busy', 'lost', 'busy')
    const first = ledger.journal.post({ ...tenRupees, reference: 'first' })
    const later = first.then(() => 'first')
    await new Promise((resolve) => setImmediate(resolve))
    const second = ledger.journal.post({ ...tenRupees, reference: 'second' }).then(() => 'second')
    expect(await Promise.race([later, second])).toBe('first')
    expect((await first).replayed).toBe(false)
    await second
    const references = (await all(ledger.journal.list())).map(({ reference }) => reference)
    expect(references).toEqual(['first', 'second'])
    expect(came).toEqual(['lost', 'busy', 'busy', 'lost', 'busy', 'committed', 'committed'])
    await expectClean(ledger)
  })

  test('each caller is told its own key in the end, and the same call is answered later', async () => {
    const { ledger, fates, came } = await open(create, { limits: { recoveryTries: 3 } })
    fates.push('unanswered', 'busy', 'busy', 'busy')
    // What is found needs no commit on the model, so nothing but the commit itself may fail there.
    if (create === fatefulModel) fates.splice(0, 4, 'lost', 'busy', 'lost', 'busy')
    const calls = ['a', 'b', 'c'].map((idempotencyKey) => ledger.journal.post(tenRupees, { idempotencyKey }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes).toMatchObject(
      ['a', 'b', 'c'].map((idempotencyKey) => ({
        reason: { code: 'outcome_unknown', retryable: true, idempotencyKey },
      })),
    )
    expect(came).toHaveLength(4)
    const again = ['a', 'b', 'c'].map((idempotencyKey) => ledger.journal.post(tenRupees, { idempotencyKey }))
    expect(await tallyOf(again)).toEqual({ ok: 3 })
    expect(await all(ledger.journal.list())).toHaveLength(3)
    await expectClean(ledger)
  })

  test('closing waits until it is known', async () => {
    const { ledger, fates } = await open(create)
    fates.push('unanswered', 'busy', 'busy')
    const call = ledger.journal.post(tenRupees)
    await ledger.close()
    expect((await call).replayed).toBe(false)
  })

  test('a plain failure to begin stays one: nothing was sent', async () => {
    const { ledger, fates } = await open(create)
    fates.push('busy')
    expect(await codeOf(ledger.journal.post(tenRupees))).toBe('storage_busy')
    expect(await codeOf(ledger.journal.post(tenRupees))).toBe('ok')
  })
})

describe('other books', () => {
  test('go on while one finds out', async () => {
    let answerAgain = () => {}
    const away = new Promise<void>((resolve) => {
      answerAgain = resolve
    })
    const { ledger, fates, came } = await open(fatefulSqlite, { sleep: () => away })
    fates.push('unanswered', 'busy')
    const slow = ledger.journal.post(tenRupees)
    await until('the library waits before it tries again', () => came.length === 2)
    expect((await ledger.book('eu').journal.post(tenRupees)).replayed).toBe(false)
    expect(came).toEqual(['unanswered', 'busy', 'committed'])
    answerAgain()
    expect((await slow).replayed).toBe(false)
  })
})
