import type { BookLedger } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'
import { coaching } from '../fixtures/sample-terms.js'
import { transfer } from './refused-call.js'

/** A ledger as a program without types sees it. */
// biome-ignore lint/suspicious/noExplicitAny: these inputs are what the types forbid.
type Untyped = { [noun in keyof BookLedger]: any }

const entry = transfer('bank:hdfc', 'opening-balances')
const withTerms = (terms: object) => ({ ...deal('s1'), terms: { ...coaching, ...terms } })

const mistakes: readonly (readonly [says: string, call: (ledger: Untyped) => Promise<unknown>])[] = [
  ['The input is not valid: it must be an object, not undefined.', ({ escrows }) => escrows.deliver()],
  ['The input is not valid: id must be a text, not undefined.', ({ escrows }) => escrows.deliver({})],
  [
    'The input is not valid: options must be an object such as { idempotencyKey }, not null.',
    ({ journal }) => journal.post(entry, null),
  ],
  [
    'The input is not valid: idempotencyKey must be a text, not null; signal must be an AbortSignal, not an object.',
    ({ journal }) => journal.post(entry, { idempotencyKey: null, signal: {} }),
  ],
  [
    'The input is not valid: signal must be an AbortSignal, not null.',
    ({ journal }) => journal.post(entry, { signal: null }),
  ],
  [
    'The input is not valid: pageSize must be a number, not the number NaN.',
    (ledger) => ledger.verify({ pageSize: Number.NaN }),
  ],
  [
    'The input is not valid: pageSize must be at least 1, not the number 0.',
    (ledger) => ledger.verify({ pageSize: 0 }),
  ],
  [
    'The input is not valid: id must be a text, not number; it must not have "foo" or "bar": leave that out.',
    ({ escrows }) => escrows.deliver({ id: 5, foo: 1, bar: 2 }),
  ],
  [
    "amount: the number 5 is not an amount of money: pass money('1000.00', 'INR') or { amount: '1000.00', currency: 'INR' }. terms.shares: must be a list, not undefined.",
    ({ escrows }) => escrows.open({ ...deal('s1'), amount: 5, terms: {} }),
  ],
  [
    'The input is not valid: terms.hold.hours must be at least 0, not the number -1; terms.shares.0.percent must be a text, not the number 20; terms.shares.1 must be an object, not the number 5.',
    ({ escrows }) => escrows.open(withTerms({ shares: [{ party: 'coach', percent: 20 }, 5], hold: { hours: -1 } })),
  ],
  [
    'The input is not valid: terms.shares must have at least 1 in its list, not 0; terms.deductions.0.kind must be "penalty", not "tax"; terms.deductions.0.measure must be a text, not undefined; terms.deductions.0.scale must be an object, not undefined; terms.deductions.0.tiers must be a list, not undefined; terms.deductions.0.from must be a text, not undefined; terms.deductions.0.to must be "payer" or "platform", or must be a list.',
    ({ escrows }) => escrows.open(withTerms({ shares: [], deductions: [{ kind: 'tax', name: 'tax' }] })),
  ],
  [
    'The input is not valid: terms.hold.days must be a whole number, not the number 1.5; terms.step must have at most 40 characters, not 50.',
    ({ escrows }) => escrows.open(withTerms({ step: '1'.repeat(50), hold: { days: 1.5 } })),
  ],
  [
    'The input is not valid: parties must be an object, not an array.',
    ({ escrows }) => escrows.open({ ...deal('s1'), parties: ['priya'] }),
  ],
  [
    'The input is not valid: outcome must be "payer" or "payee", or must be an object.',
    ({ escrows }) => escrows.resolve({ id: 's1', outcome: 'nobody' }),
  ],
  [
    `outcome.payer: "5.00" is not an amount of money: pass money('1000.00', 'INR') or { amount: '1000.00', currency: 'INR' }.`,
    ({ escrows }) => escrows.resolve({ id: 's1', outcome: { payer: '5.00' } }),
  ],
  [
    'The input is not valid: measures.satisfaction must be a number, or must be a text.',
    ({ escrows }) => escrows.measure({ id: 's1', measures: { satisfaction: true } }),
  ],
  [
    'The input is not valid: gateway must be a text, not undefined; reference must be a text, not undefined.',
    ({ escrows }) => escrows.fund({ id: 's1', amount: inr('1.00') }),
  ],
  [
    'The input is not valid: idempotencyKey must not be empty; actor must be a text, not number.',
    ({ escrows }) =>
      escrows.fund({ id: 's1', amount: inr('1.00'), ...paymentOf('s1') }, { idempotencyKey: '', actor: 5 }),
  ],
  [
    'The input is not valid: postings must have at least 1 in its list, not 0.',
    ({ journal }) => journal.post({ postings: [] }),
  ],
  [
    'The input is not valid: metadata.session must be a text, not number.',
    ({ journal }) => journal.post({ ...entry, metadata: { session: 5 } }),
  ],
  [
    'The input is not valid: expect.0.currency must be a text, not undefined.',
    ({ journal }) => journal.post({ ...entry, expect: [{ account: 'bank:hdfc' }] }),
  ],
  [
    'The input is not valid: entry must be the id of an entry.',
    ({ journal }) => journal.reverse({ entry: 'e-1', effectiveAt: '2026-11-01', reason: 'typing error' }),
  ],
  [
    'The input is not valid: what must be "debits" or "all", not "credits".',
    ({ accounts }) => accounts.freeze({ code: 'platform:fees', what: 'credits' }),
  ],
  [
    'The input is not valid: type must be "asset" or "liability" or "equity" or "income" or "expense", not "money".',
    ({ accounts }) => accounts.open({ code: 'wallet:chen', currency: 'INR', type: 'money' }),
  ],
  [
    'The input is not valid: through must be a date such as "2026-10-31".',
    ({ books }) => books.close({ through: '2026-13-01' }),
  ],
  [
    'The input is not valid: limit must be at least 1, not the number 0; pageSize must be at most 1000, not the number 5000.',
    ({ settlements }) => settlements.run({ limit: 0, pageSize: 5_000 }),
  ],
  [
    'The input is not valid: schedule must be "daily" or "weekly" or "monthly", not "hourly".',
    ({ payouts }) => payouts.run({ gateway: 'razorpay', schedule: 'hourly' }),
  ],
  ['The input is not valid: it must be an object, not undefined.', ({ instructions }) => instructions.resolve()],
  [
    'The input is not valid: id must be a text, not undefined; processed must be an object, not null; absent must be true, not a boolean.',
    ({ instructions }) => instructions.resolve({ processed: null, absent: false }),
  ],
  [
    'The input is not valid: processed must be said by exactly one of "processed", "failed" and "absent".',
    ({ instructions }) => instructions.resolve({ id: 'payout:p' }),
  ],
  [
    'The input is not valid: reference must be a text, not undefined.',
    ({ instructions }) => instructions.resolve({ id: 'payout:p', processed: {} }),
  ],
  ['The input is not valid: it must be an object, not undefined.', ({ webhooks }) => webhooks.receive()],
  ['The input is not valid: it must be an object, not undefined.', ({ payments }) => payments.get()],
  ['The input is not valid: it must be an object, not undefined.', ({ escrows }) => escrows.fund()],
  ['The input is not valid: it must be an object, not undefined.', ({ payouts }) => payouts.fee()],
  ['The input is not valid: it must be an object, not undefined.', ({ payouts }) => payouts.run()],
  [
    'The input is not valid: kind must be "settlement" or "credit" or "top_up", not "payout"; reference must be a text, not undefined.',
    ({ movements }) => movements.get({ kind: 'payout', gateway: 'razorpay' }),
  ],
  [
    'The input is not valid: leaseMs must be a number, not the number NaN.',
    ({ instructions }) => instructions.dispatch({ leaseMs: Number.NaN }),
  ],
  ['The input is not valid: gateway must be a text, not undefined.', ({ webhooks }) => webhooks.receive({})],
  [
    'The input is not valid: it must have exactly one of allocate, refund and writeOff.',
    ({ suspense }) => suspense.resolve({ id: 'payment:razorpay:pay-1' }),
  ],
]

test.each(mistakes)('%s', async (says, call) => {
  const { ledger } = await openLedger()
  const error: unknown = await call(ledger).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ kind: 'invalid', message: says })
})
