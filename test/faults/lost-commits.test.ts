import type { Ledger } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { statement } from '../postgres/tcp-proxy.js'
import { openBehindProxy, type Path } from './behind-proxy.js'

const tenRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}

/** Ten entries at once, half of them under keys of their callers. */
const postTen = (ledger: Ledger) =>
  Array.from({ length: 10 }, (_, index) =>
    ledger.journal.post({ ...tenRupees, reference: `r${index}` }, index % 2 ? { idempotencyKey: `k${index}` } : {}),
  )

const idsOf = (answers: readonly { readonly entry: { readonly id: string } }[]) =>
  answers.map(({ entry }) => entry.id).sort()

/** The ids of the entries of these ten that are there. */
async function keptOf(ledger: Ledger): Promise<string[]> {
  const kept = (await all(ledger.journal.list())).filter(({ reference }) => reference !== 'before')
  return kept.map(({ id }) => id).sort()
}

const wholeLife = (ledger: Ledger) => [
  ledger.escrows.open(deal('s')),
  ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') }),
  ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } }),
  ledger.escrows.settle({ id: 's', early: { reason: 'agreed' } }),
]

const deeds = ['cut before', 'cut answer', 'cut within answer', 'silence before', 'silence answer'] as const
const persists = statement(/ledger_persist\(/)

/** What goes over the network on each path; where it is lost, the outcome is unknown, or nothing has been written yet. */
const moments = [
  { path: 'decided ahead', name: 'the only statement', at: persists },
  { path: 'under locks', name: 'BEGIN', at: statement(/^BEGIN/) },
  { path: 'under locks', name: 'a statement that locks', at: statement(/FOR NO KEY UPDATE/) },
  { path: 'under locks', name: 'what is written', at: persists },
  { path: 'under locks', name: 'COMMIT', at: statement(/^COMMIT/) },
] as const

/** Meets one fault at one moment, several times; what is unlike it should be is told with the deed. */
async function meet(deed: (typeof deeds)[number], { path, at }: Pick<(typeof moments)[number], 'path' | 'at'>) {
  const { ledger, direct, proxy } = await openBehindProxy({ path })
  // The book is there, so that batches are decided ahead and the locks are those of every day.
  await direct.journal.post({ ...tenRupees, reference: 'before' })
  const trap = proxy.trap(at, deed, { mode: deed === 'cut answer' ? 'fin' : 'rst' })
  const calls = postTen(ledger)
  const answers = await Promise.all(calls)
  expect(trap.count, deed).toBe(1)
  expect(
    answers.map(({ replayed }) => replayed),
    deed,
  ).toEqual(calls.map(() => false))
  expect(await keptOf(direct), deed).toEqual(idsOf(answers))

  const again = proxy.trap(at, deed, { times: process.env.TEST_LONG === '1' ? 3 : 1 })
  const lived = await Promise.all(wholeLife(ledger))
  expect(again.count, deed).toBeGreaterThan(0)
  expect(
    lived.map(({ replayed }) => replayed),
    deed,
  ).toEqual([false, false, false, false])
  expect(await balances(direct), deed).toEqual({
    'bank:hdfc INR': '110.00',
    'opening-balances INR': '110.00',
    'gateway:razorpay:clearing INR': '1000.00',
    'payee:priya:payable INR': '600.00',
    'platform:fees INR': '200.00',
    'refunds:in-transit:razorpay INR': '200.00',
  })
  await expectClean(direct)
}

test.each(moments)('a connection that is lost at $name leaves each call its effect once ($path)', async (moment) => {
  // Side by side, since what is silent is waited for.
  await Promise.all(deeds.map((deed) => meet(deed, moment)))
})

test.each<Path>(['decided ahead', 'under locks'])(
  'what arrives at the server long after it was given up changes nothing (%s)',
  async (path) => {
    const { ledger, direct, proxy, pool, schema } = await openBehindProxy({ path })
    await direct.journal.post({ ...tenRupees, reference: 'before' })
    const trap = proxy.trap(path === 'under locks' ? statement(/^COMMIT/) : persists, 'silence before')
    const answers = await Promise.all(postTen(ledger))
    expect(trap.count).toBe(1)
    expect(await keptOf(direct)).toEqual(idsOf(answers))
    const before = await all(direct.journal.list())
    proxy.thaw()
    await ledger.close()
    await quiet(() => proxy.connections)
    const { rows } = await pool.query(`select count(*)::int as count from ${schema}.ledger_idempotency_keys`)
    expect(rows).toEqual([{ count: 11 }])
    expect(await all(direct.journal.list())).toEqual(before)
    await expectClean(direct)
  },
)

/** Waits until the last connection through the proxy has ended, and with it all that was still on its way. */
async function quiet(connections: () => number): Promise<void> {
  while (connections() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}
