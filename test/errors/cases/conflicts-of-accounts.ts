import { inr, owe } from '../../fixtures/deals.js'
import { DAY, START } from '../../fixtures/open-ledger.js'
import { type RefusedCall, transfer } from '../refused-call.js'

const entry = transfer('bank:hdfc', 'opening-balances')
const wallet = { code: 'wallet:chen', currency: 'INR' }
const yesterday = START - DAY

export const conflictsOfAccounts: readonly RefusedCall[] = [
  {
    code: 'idempotency_key_reused',
    given: ({ ledger }) => ledger.journal.post(entry, { idempotencyKey: 'k-1' }),
    call: ({ ledger }) => ledger.journal.post(transfer('bank:icici', 'opening-balances'), { idempotencyKey: 'k-1' }),
    says: 'The idempotency key "k-1" was used for another request. Use a new key for a new request.',
    facts: { idempotencyKey: 'k-1' },
  },
  {
    code: 'expectation_failed',
    given: ({ ledger }) => ledger.journal.post(entry),
    call: ({ ledger }) =>
      ledger.journal.post({ ...entry, expect: [{ account: 'bank:hdfc', currency: 'INR', version: 4 }] }),
    says: 'Account bank:hdfc was expected to have version 4; it is at version 1 with 10.00 INR. Decide again on that.',
    facts: { account: 'bank:hdfc', expected: 'version 4', actualVersion: 1, actualBalance: inr('10.00') },
  },
  {
    code: 'insufficient_funds',
    given: ({ ledger }) => owe(ledger, 'priya', inr('600.00')),
    call: ({ ledger }) =>
      ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('700.00'), gateway: 'razorpay' }),
    says: 'Account payee:priya:payable has 600.00 INR available, less than the 700.00 INR asked of it. Ask less, or put more in first.',
    facts: { account: 'payee:priya:payable', available: inr('600.00'), requested: inr('700.00') },
  },
  {
    code: 'limit_exceeded',
    given: ({ ledger }) => ledger.accounts.open({ ...wallet, type: 'liability', ceiling: inr('5.00') }),
    call: ({ ledger }) => ledger.journal.post(transfer('bank:hdfc', 'wallet:chen')),
    says: 'Account wallet:chen may hold at most 5.00 INR; this would make it 10.00 INR. Post less.',
    facts: { account: 'wallet:chen', limit: inr('5.00'), balance: inr('10.00') },
  },
  {
    code: 'account_exists',
    given: ({ ledger }) => ledger.accounts.open({ ...wallet, type: 'liability' }),
    call: ({ ledger }) => ledger.accounts.open({ ...wallet, type: 'liability' }),
    says: 'There is an account wallet:chen in INR already. Use it, or choose another code.',
  },
  {
    code: 'account_frozen',
    given: async ({ ledger }) => {
      await owe(ledger, 'priya', inr('600.00'))
      await ledger.accounts.freeze({ code: 'payee:priya:payable' })
    },
    call: ({ ledger }) =>
      ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' }),
    says: 'Account payee:priya:payable is frozen for debits. Call accounts.unfreeze first.',
    facts: { account: 'payee:priya:payable' },
  },
  {
    code: 'account_closed',
    given: async ({ ledger }) => {
      await ledger.accounts.open({ ...wallet, type: 'liability' })
      await ledger.accounts.close({ code: 'wallet:chen' })
    },
    call: ({ ledger }) => ledger.journal.post(transfer('bank:hdfc', 'wallet:chen')),
    says: 'Account wallet:chen is closed and takes no postings. Use another one.',
    facts: { account: 'wallet:chen' },
  },
  {
    code: 'account_closed',
    given: async ({ ledger }) => {
      await ledger.accounts.open({ ...wallet, type: 'liability' })
      await ledger.accounts.close({ code: 'wallet:chen' })
    },
    call: ({ ledger }) => ledger.accounts.unfreeze({ code: 'wallet:chen' }),
    says: 'Account wallet:chen is closed for good. Open another one.',
    facts: { account: 'wallet:chen' },
  },
  {
    code: 'account_not_empty',
    given: ({ ledger }) => ledger.journal.post(entry),
    call: ({ ledger }) => ledger.accounts.close({ code: 'bank:hdfc' }),
    says: 'Account bank:hdfc still has a balance of 10.00 INR. Move it elsewhere, then close the account.',
    facts: { account: 'bank:hdfc', balance: inr('10.00') },
  },
  {
    code: 'period_closed',
    given: ({ ledger }) => ledger.books.close({ through: '2026-11-01' }),
    call: ({ ledger }) => ledger.journal.post({ ...entry, effectiveAt: yesterday }),
    says: 'The book is closed through 2026-11-01; 2026-11-01T09:00:00.000Z lies before its end. Give a later time.',
    facts: { effectiveAt: yesterday, closedThrough: '2026-11-01' },
  },
  {
    code: 'period_closed',
    given: ({ ledger }) => ledger.books.close({ through: '2026-11-01' }),
    call: ({ ledger }) => ledger.books.close({ through: '2026-10-31' }),
    says: 'The book is closed through 2026-11-01 already. Name a later day.',
    facts: { effectiveAt: Date.UTC(2026, 10, 1), closedThrough: '2026-11-01' },
  },
  {
    code: 'book_zone_fixed',
    given: ({ ledger }) => ledger.journal.post(entry),
    call: ({ ledger }) => ledger.books.open({ timeZone: 'Asia/Kolkata' }),
    says: 'Book main has entries in UTC; its days cannot move to Asia/Kolkata any more. Use another book.',
  },
]
