import { expect, it } from 'vitest'
import { inr, openBooks, START } from './oracle-books.js'

const move = (debit: string, credit: string, amount: string, more: object = {}) => ({
  postings: [
    { account: debit, debit: inr(amount) },
    { account: credit, credit: inr(amount) },
  ],
  ...more,
})

it('refuses postings in the documented order', () => {
  const { code } = openBooks()
  const late = { effectiveAt: START + 1 }
  expect(code('journal.post', move('escrow:s1', 'bank:a', '1.00', late))).toBe('account_reserved')
  expect(code('journal.post', move('till', 'bank:a', '1.00', late))).toBe('time_in_future')
  const expecting = { expect: [{ account: 'bank:a', currency: 'INR', atLeast: inr('1.00') }] }
  expect(code('journal.post', move('till', 'bank:a', '1.00', expecting))).toBe('expectation_failed')
  expect(code('journal.post', move('till', 'bank:a', '1.00'))).toBe('account_not_found')
  expect(code('journal.post', move('payee:p1:payable', 'bank:a', '1.00'))).toBe('insufficient_funds')
  const unbalanced = { postings: [{ account: 'till', debit: inr('1.00') }] }
  expect(code('journal.post', unbalanced)).toBe('entry_unbalanced')
})

it('posts all entries of a list or none', () => {
  const { oracle, apply } = openBooks()
  const list = [move('bank:a', 'opening-balances', '5.00'), move('payee:p1:payable', 'bank:a', '1.00')]
  expect(oracle.apply({ command: 'journal.post', input: list })).toEqual({ ok: false, code: 'insufficient_funds' })
  expect(oracle.entries()).toEqual([])
  expect(oracle.balances().size).toBe(0)
  expect(apply('journal.post', move('bank:a', 'opening-balances', '5.00')).ok).toBe(true)
})

it('reverses an entry of the host once, with the sides exchanged', () => {
  const { posts, code, clock } = openBooks()
  posts('journal.post', move('bank:a', 'opening-balances', '5.00'))
  posts('payments.fee', { gateway: 'razorpay', reference: 'pay_1', fee: inr('1.00') })
  clock.now += 1
  const reversal = { effectiveAt: clock.now, reason: 'wrong bank' }
  expect(code('journal.reverse', { entry: 7, ...reversal })).toBe('entry_not_found')
  expect(code('journal.reverse', { entry: 1, ...reversal })).toBe('entry_owned')
  expect(code('journal.reverse', { entry: 0, ...reversal, effectiveAt: START - 1 })).toBe('time_before_last')
  expect(posts('journal.reverse', { entry: 0, ...reversal })).toEqual(['reversal: opening-balances 5.00 / bank:a 5.00'])
  expect(code('journal.reverse', { entry: 0, ...reversal })).toBe('entry_already_reversed')
})

it('freezes and closes a code in all its currencies', () => {
  const { posts, code } = openBooks()
  const wallet = { code: 'wallet', currency: 'INR', type: 'liability' }
  expect(code('accounts.open', { ...wallet, type: undefined })).toBe('invalid_input')
  expect(code('accounts.open', { code: 'bank:a', currency: 'INR', floor: inr('0.00') })).toBe('account_reserved')
  expect(code('accounts.freeze', { code: 'wallet' })).toBe('account_not_found')
  posts('accounts.open', { ...wallet, ceiling: inr('9.00') })
  expect(code('accounts.open', wallet)).toBe('account_exists')
  posts('accounts.freeze', { code: 'wallet' })
  posts('journal.post', move('bank:a', 'wallet', '5.00'))
  expect(code('journal.post', move('bank:a', 'wallet', '4.01'))).toBe('limit_exceeded')
  expect(code('journal.post', move('wallet', 'bank:a', '5.00'))).toBe('account_frozen')
  expect(code('accounts.close', { code: 'wallet' })).toBe('account_not_empty')
  posts('accounts.unfreeze', { code: 'wallet' })
  posts('journal.post', move('wallet', 'bank:a', '5.00'))
  posts('accounts.close', { code: 'wallet' })
  expect(code('journal.post', move('bank:a', 'wallet', '5.00'))).toBe('account_closed')
  expect(code('accounts.open', { ...wallet, currency: 'USD' })).toBe('account_closed')
  expect(code('accounts.unfreeze', { code: 'wallet' })).toBe('account_closed')
})

it('fixes the zone of a book with its first entry', () => {
  const { posts, code } = openBooks()
  expect(code('books.open', { timeZone: 'Mars/Olympus' })).toBe('invalid_input')
  posts('books.open', { timeZone: 'Asia/Kolkata' })
  posts('journal.post', move('bank:a', 'opening-balances', '5.00'))
  expect(code('books.open', { timeZone: 'Asia/Kolkata' })).toBe('ok')
  expect(code('books.open', { timeZone: 'UTC' })).toBe('book_zone_fixed')
})

it('charges a fee once', () => {
  const { posts, code, oracle } = openBooks()
  const fee = { gateway: 'razorpay', reference: 'pay_1', fee: inr('2.36'), tax: inr('0.36') }
  posts('payments.fee', fee)
  expect(code('payments.fee', fee)).toBe('ok')
  expect(oracle.entries()).toHaveLength(1)
  expect(code('payments.fee', { ...fee, tax: inr('0.35') })).toBe('fee_mismatch')
  expect(code('payments.fee', { ...fee, tax: inr('0.35'), id: 'other' })).toBe('ok')
  expect(code('payments.fee', { ...fee, tax: inr('9.00') })).toBe('invalid_input')
})

it.each([
  [{ amount: '0', currency: 'INR' }, 'amount_not_positive'],
  [{ amount: '-1', currency: 'INR' }, 'amount_not_positive'],
  [{ amount: '1.001', currency: 'INR' }, 'invalid_amount'],
  [{ amount: '1,000', currency: 'INR' }, 'invalid_amount'],
  [{ amount: '1', currency: 'XXQ' }, 'currency_unknown'],
  [{ minor: 2n ** 63n, currency: 'INR' }, 'amount_out_of_range'],
])('refuses the amount %o as %s', (amount, expected) => {
  expect(openBooks().code('payouts.request', { id: 'a', payee: 'p', gateway: 'g', amount })).toBe(expected)
})

it('holds payouts to the step and the minimum of their gateway', () => {
  const manual = { payouts: 'bank:a', step: () => 100n, minimum: () => 500n }
  const { code, posts } = openBooks({ gateways: { manual } })
  posts('journal.post', move('bank:a', 'payee:p1:payable', '9.00'))
  const payout = { id: 'po', payee: 'p1', gateway: 'manual' }
  expect(code('payouts.request', { ...payout, amount: inr('5.50') })).toBe('amount_off_step')
  expect(code('payouts.request', { ...payout, amount: inr('4.00') })).toBe('below_gateway_minimum')
  expect(code('payouts.request', { ...payout, amount: inr('10.00') })).toBe('insufficient_funds')
  posts('payouts.request', { ...payout, amount: inr('6.00') })
  expect(code('payouts.request', { ...payout, amount: inr('1.00') })).toBe('payout_exists')
  expect(posts('instructions.confirm', { id: 'payout:po', reference: 'utr' })).toEqual([
    'payout_processed: payouts:in-transit:manual 6.00 / bank:a 6.00',
  ])
  expect(code('instructions.confirm', { id: 'payout:po', reference: 'utr' })).toBe('ok')
  expect(code('instructions.confirm', { id: 'payout:po', reference: 'other' })).toBe('instruction_state')
  expect(code('instructions.cancel', { id: 'payout:po' })).toBe('instruction_state')
})

it('sends what a closed payable does not take to suspense', () => {
  const { code, posts, oracle } = openBooks()
  posts('journal.post', move('bank:a', 'payee:p1:payable', '9.00'))
  posts('payouts.request', { id: 'po', payee: 'p1', gateway: 'razorpay', amount: inr('9.00') })
  posts('accounts.close', { code: 'payee:p1:payable' })
  expect(posts('instructions.fail', { id: 'payout:po', reason: 'closed' })).toEqual([
    'payout_failed: payouts:in-transit:razorpay 9.00 / suspense:razorpay 9.00',
  ])
  expect(oracle.suspense()).toMatchObject([{ index: 0, reason: 'account_closed', remaining: 900n }])
  expect(code('suspense.resolve', { id: { index: 0 }, refund: { payer: 'c' } })).toBe('payment_not_found')
  expect(code('accounts.freeze', { code: 'suspense:razorpay' })).toBe('account_reserved')
})
