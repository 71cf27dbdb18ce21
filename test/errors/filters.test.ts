import { type BookLedger, LedgerError } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { inr } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'

/** A ledger as a program without types sees it. */
// biome-ignore lint/suspicious/noExplicitAny: these inputs are what the types forbid.
type Untyped = { [noun in keyof BookLedger]: any }

type Call = (ledger: Untyped) => Promise<unknown>

const states =
  '"recorded" or "sending" or "accepted" or "processed" or "failed" or "cancelled" or "unknown" or "waiting" or "reversed"'

const filters: readonly (readonly [noun: keyof BookLedger, filter: unknown, says: string])[] = [
  ['accounts', null, 'it must be an object, not null'],
  ['accounts', { prefix: 5 }, 'prefix must be a text, not number'],
  ['accounts', { currency: {} }, 'currency must be a text, not object'],
  ['accounts', { prefix: 'a\u0000' }, 'prefix must not have control characters'],
  [
    'accounts',
    { type: 'money' },
    'type must be "asset" or "liability" or "equity" or "income" or "expense", not "money"',
  ],
  ['accounts', { prefx: 'payee:' }, 'it must not have "prefx": leave that out'],
  ['journal', null, 'it must be an object, not null'],
  ['journal', { account: {} }, 'account must be a text, not object'],
  ['journal', { accont: 'bank:hdfc' }, 'it must not have "accont": leave that out'],
  ['journal', { metadata: {} }, 'metadata.name must be a text, not undefined'],
  ['journal', { metadata: { name: 'session', vale: '5' } }, 'metadata must not have "vale": leave that out'],
  ['journal', { payment: 'x' }, 'payment must be an object, not "x"'],
  ['journal', { escrow: null }, 'escrow must be a text, not null'],
  ['journal', { recordedFrom: 5 }, 'it must not have "recordedFrom": leave that out'],
  ['escrows', { payer: {} }, 'payer must be a text, not object'],
  [
    'escrows',
    { status: 'bogus' },
    'status must be "settled" or "disputed" or "cancelled" or "refunded" or "completed" or "delivered" or "funded" or "opened", not "bogus"',
  ],
  ['payments', { gateway: {} }, 'gateway must be a text, not object'],
  ['payments', { getaway: 'razorpay' }, 'it must not have "getaway": leave that out'],
  ['suspense', { state: {} }, 'state must be "open" or "resolved", not an object'],
  ['instructions', { payee: 'p' }, 'it must not have "payee": leave that out'],
  ['instructions', { state: 'bogus' }, `state must be ${states}, or must be a list`],
  ['instructions', { state: ['sending', 'bogus'] }, `state.1 must be ${states}, not "bogus"`],
  ['payouts', { payee: {} }, 'payee must be a text, not object'],
  ['payouts', { escrow: 's' }, 'it must not have "escrow": leave that out'],
  ['orders', { kind: 'payout' }, 'it must not have "kind": leave that out'],
  ['transfers', { payee: 'p' }, 'it must not have "payee": leave that out'],
  [
    'movements',
    { state: 'bogus' },
    'state must be "in_transit" or "expected" or "unmatched" or "done" or "failed", not "bogus"',
  ],
  ['clawbacks', { payment: 5 }, 'payment must be a text, not number'],
  [
    'webhooks',
    { state: 'bogus' },
    'state must be "received" or "waiting" or "applied" or "ignored" or "dead", not "bogus"',
  ],
]

const reads: readonly (readonly [says: string, call: Call])[] = [
  ['it must be a text, not object', ({ instructions }) => instructions.get({})],
  ['it must be a text, not object', async ({ instructions }) => all(instructions.exchanges({}))],
  ['it must be a text, not object', ({ payouts }) => payouts.get({})],
  ['it must be a text, not undefined', ({ orders }) => orders.get()],
  ['it must be a text, not number', ({ orders }) => orders.refresh(5)],
  ['it must be a text, not object', ({ transfers }) => transfers.get({})],
  ['it must be a text, not an object', ({ webhooks }) => webhooks.get({})],
  ['after must be a number, not an object', ({ escrows }) => all(escrows.timeline('s', { after: {} }))],
  ['it must be an object, not null', ({ escrows }) => all(escrows.timeline('s', null))],
  ['it must be an object, not null', ({ accounts }) => accounts.list().page(null)],
  ['limit must be at least 1, not the number 0', ({ accounts }) => accounts.list().page({ limit: 0 })],
  ['limit must be a number, not "5"', ({ accounts }) => accounts.list().page({ limit: '5' })],
  ['after must be a text, not null', ({ accounts }) => accounts.list().page({ after: null })],
  ['it must not have "cursor": leave that out', ({ accounts }) => accounts.list().page({ cursor: 'x' })],
]

const runs: readonly (readonly [says: string, call: Call])[] = [
  ['it must be an object, not null', ({ settlements }) => settlements.run(null)],
  ['actor must not be empty', ({ settlements }) => settlements.run({ actor: '' })],
  ['signal must be an AbortSignal, not "x"', ({ settlements }) => settlements.run({ signal: 'x' })],
  ['onProgress must be a function', ({ settlements }) => settlements.run({ onProgress: 5 })],
  ['it must not have "as_of": leave that out', ({ settlements }) => settlements.run({ as_of: '2026-11-01' })],
  ['it must be an object, not null', ({ settlements }) => settlements.due(null)],
  ['it must not have "limit": leave that out', ({ settlements }) => settlements.due({ limit: 5 })],
  ['it must not have "minimun": leave that out', ({ payouts }) => payouts.run({ gateway: 'g', minimun: inr('5.00') })],
  ['actor must be a text, not number', ({ payouts }) => payouts.run({ gateway: 'g', actor: 5 })],
  ['it must be an object, not null', ({ instructions }) => instructions.dispatch(null)],
  ['it must not have "lease": leave that out', ({ instructions }) => instructions.dispatch({ lease: 5 })],
  ['actor must not be empty', ({ instructions }) => instructions.dispatch({ actor: '' })],
  ['it must be an object, not null', ({ webhooks }) => webhooks.apply(null)],
  ['it must not have "leaseMs": leave that out', ({ webhooks }) => webhooks.apply({ leaseMs: 5 })],
  ['it must be an object, not null', ({ movements }) => movements.poll(null)],
  ['it must not have "back": leave that out', ({ clawbacks }) => clawbacks.poll({ back: 5 })],
  ['it must be an object, not null', ({ reports }) => reports.trialBalance(null)],
  ['it must not have "asof": leave that out', ({ reports }) => reports.trialBalance({ asof: '2026-11-01' })],
]

async function refuses(call: Call, says: string): Promise<void> {
  const { ledger } = await openLedger()
  const thrown: unknown = await Promise.resolve(ledger)
    .then(call)
    .catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(LedgerError)
  expect(thrown).toMatchObject({ code: 'invalid_input', message: `The input is not valid: ${says}.` })
}

describe('a list refuses a filter', () => {
  test.each(filters)('of %s: %j', async (noun, filter, says) => {
    await refuses(async (ledger) => ledger[noun].list(filter).page(), says)
  })

  test('that is undefined in nothing', async () => {
    const { ledger } = await openLedger()
    expect(await all(ledger.instructions.list({ state: undefined, gateway: undefined }))).toEqual([])
    expect(await all(ledger.suspense.list({ state: undefined }))).toEqual([])
    expect(await all(ledger.journal.list({ account: undefined, payment: undefined, from: undefined }))).toEqual([])
    expect(await all(ledger.webhooks.list(undefined))).toEqual([])
  })
})

describe('a read refuses what it does not understand', () => {
  test.each(reads)('%s', (says, call) => refuses(call, says))
})

describe('a run or report refuses options', () => {
  test.each(runs)('%s', (says, call) => refuses(call, says))
})
