import type { OracleCommandName, Scripted } from '@escrow-ledger/testkit'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** When the clock starts. */
const START = Date.UTC(2026, 10, 2, 9)

const inr = (amount: string) => ({ amount, currency: 'INR' })

const say = (command: OracleCommandName, input: object): Scripted => ({ command, input: input as never })

const terms = {
  shares: [
    { party: 'platform', percent: '20' },
    { party: 'coach', remainder: true },
  ],
}
const payment = { gateway: 'razorpay', reference: 'pay-1' }

const openAs = (id: string, more: object = {}) =>
  say('escrows.open', {
    id,
    payer: 'c1',
    parties: { coach: 'p1' },
    amount: inr('100.00'),
    terms: { ...terms, ...more },
  })
const open = openAs('s')
const fund = say('escrows.fund', { id: 's', amount: inr('100.00'), ...payment })
const move = (debit: string, credit: string, amount = '10.00') =>
  say('journal.post', {
    postings: [
      { account: debit, debit: inr(amount) },
      { account: credit, credit: inr(amount) },
    ],
  })
const openWallet = say('accounts.open', { code: 'wallet:c1', currency: 'INR', type: 'liability', floor: inr('0.00') })
/** Where the gateway `till` collects, kept as what it owes us with the sign turned: rehearsals take a host's account for a liability. */
const openTill = (limits: object) =>
  say('accounts.open', { code: 'wallet:till', currency: 'INR', type: 'liability', ...limits })
const fundInto = (id: string, reference: string) =>
  say('escrows.fund', { id, amount: inr('100.00'), gateway: 'till', reference })
const close = (code: string) => say('accounts.close', { code })
const freeze = (code: string, what: 'all' | 'debits' = 'all') => say('accounts.freeze', { code, what })
const reverseFirst = (effectiveAt: number | string = START) =>
  say('journal.reverse', { entry: 0, effectiveAt, reason: 'typo' })
const refundInstruction = { escrow: 's', index: 0 }

/**
 * What needs more steps in a row than chance brings together often: each script ends with the refusal that it is named
 * for, or with a command that must come to the same everywhere.
 */
export const scripts: Readonly<Record<string, readonly Scripted[]>> = {
  'journal.reverse account_closed': [
    openWallet,
    move('bank:hdfc', 'wallet:c1'),
    move('wallet:c1', 'bank:hdfc'),
    close('wallet:c1'),
    reverseFirst(),
  ],
  'journal.reverse account_frozen': [move('bank:hdfc', 'platform:fees'), freeze('platform:fees'), reverseFirst()],
  'journal.reverse insufficient_funds': [
    openWallet,
    move('bank:hdfc', 'wallet:c1'),
    move('wallet:c1', 'platform:fees'),
    reverseFirst(),
  ],
  'journal.reverse period_closed': [
    move('bank:hdfc', 'platform:fees'),
    { advance: DAY },
    say('books.close', { through: '2026-11-02' }),
    reverseFirst(),
  ],
  'journal.reverse time_before_last': [move('bank:hdfc', 'platform:fees'), reverseFirst(START - 1)],
  'journal.post limit_exceeded': [
    say('accounts.open', { code: 'wallet:c2', currency: 'INR', type: 'liability', ceiling: inr('5.00') }),
    move('bank:hdfc', 'wallet:c2'),
  ],
  'journal.post amount_out_of_range': [
    openWallet,
    move('bank:hdfc', 'wallet:c1', '92233720368547758.07'),
    move('bank:hdfc', 'wallet:c1', '0.01'),
  ],
  'escrows.dispute account_closed': [
    open,
    fund,
    say('escrows.dispute', { id: 's', amount: inr('10.00') }),
    say('escrows.resolve', { id: 's', outcome: 'payee' }),
    close('escrow:s:frozen'),
    say('escrows.dispute', { id: 's', amount: inr('10.00') }),
  ],
  'escrows.resolve account_closed': [
    open,
    fund,
    say('escrows.dispute', { id: 's' }),
    close('escrow:s'),
    say('escrows.resolve', { id: 's', outcome: 'payee' }),
  ],
  'escrows.resolve period_closed': [
    open,
    fund,
    say('escrows.dispute', { id: 's' }),
    { advance: DAY },
    say('books.close', { through: '2026-11-02' }),
    say('escrows.resolve', { id: 's', outcome: 'payee', at: START }),
  ],
  'escrows.resolve dispute_already_resolved': [
    open,
    fund,
    say('escrows.dispute', { id: 's' }),
    say('escrows.resolve', { id: 's', outcome: 'payee' }),
    say('escrows.resolve', { id: 's', dispute: 'dispute-1', outcome: 'payer' }),
  ],
  'escrows.cancel account_closed': [
    open,
    fund,
    say('accounts.open', { code: 'payer:c1:refunds', currency: 'INR' }),
    close('payer:c1:refunds'),
    say('escrows.cancel', { id: 's' }),
  ],
  'escrows.cancel period_closed': [
    open,
    fund,
    { advance: DAY },
    say('books.close', { through: '2026-11-02' }),
    say('escrows.cancel', { id: 's', at: START }),
  ],
  // Credit came before and after the payment, so it is the newest source: all of it goes back first.
  'escrows.refund account_closed': [
    open,
    say('escrows.fund', { id: 's', amount: inr('60.00'), ...payment }),
    move('bank:hdfc', 'payee:c1:payable', '40.00'),
    say('escrows.fund', { id: 's', amount: inr('40.00'), from: 'payee:c1:payable' }),
    freeze('payee:c1:payable'),
    say('accounts.open', { code: 'payer:c1:refunds', currency: 'INR' }),
    close('payer:c1:refunds'),
    say('escrows.refund', { id: 's' }),
  ],
  'escrows.refund ok': [
    open,
    openWallet,
    move('bank:hdfc', 'wallet:c1', '40.00'),
    say('escrows.fund', { id: 's', amount: inr('30.00'), from: 'wallet:c1' }),
    say('escrows.fund', { id: 's', amount: inr('20.00'), ...payment }),
    say('escrows.fund', { id: 's', amount: inr('10.00'), from: 'wallet:c1' }),
    say('escrows.refund', { id: 's', amount: inr('45.00') }),
  ],
  // The first falls due before the second, but is completed first and so written after it.
  'escrows.settlement run settles': [
    openAs('s', { hold: { minutes: 0 }, inspection: { hours: 24 } }),
    openAs('t', { hold: { hours: 25 } }),
    fund,
    say('escrows.fund', { id: 't', amount: inr('100.00'), gateway: 'razorpay', reference: 'pay-2' }),
    say('escrows.deliver', { id: 's' }),
    say('escrows.complete', { id: 't' }),
    { advance: 2 * DAY },
    say('settlements.run', {}),
  ],
  'escrows.settle early period_closed': [
    open,
    fund,
    { advance: DAY },
    say('books.close', { through: '2026-11-02' }),
    say('escrows.settle', { id: 's', early: { reason: 'agreed' }, at: START }),
  ],
  'escrows.resolve amount_off_step': [
    openAs('s', { step: '0.50' }),
    fund,
    say('escrows.dispute', { id: 's' }),
    say('escrows.resolve', { id: 's', outcome: { payer: inr('10.25') } }),
  ],
  'escrows.settle early account_closed': [
    open,
    fund,
    say('accounts.open', { code: 'payee:p1:payable', currency: 'INR' }),
    close('payee:p1:payable'),
    say('escrows.settle', { id: 's', early: { reason: 'agreed' } }),
  ],
  'escrows.fund fee_mismatch': [
    open,
    say('payments.fee', { ...payment, fee: inr('2.36') }),
    say('escrows.fund', { id: 's', amount: inr('100.00'), ...payment, fee: { fee: inr('2.37') } }),
  ],
  'escrows.fund from credit invalid_input': [
    open,
    say('escrows.fund', { id: 's', amount: inr('1.00'), from: 'gateway:razorpay:clearing' }),
  ],
  'escrows.fund from credit insufficient_funds': [
    open,
    say('accounts.open', { code: 'wallet:c1', currency: 'INR', type: 'liability' }),
    move('bank:hdfc', 'wallet:c1'),
    say('escrows.fund', { id: 's', amount: inr('10.00'), from: 'wallet:c1' }),
    say('escrows.fund', { id: 's', amount: inr('0.01'), from: 'wallet:c1' }),
  ],
  'escrows.fund from credit account_closed': [
    open,
    openWallet,
    close('wallet:c1'),
    say('escrows.fund', { id: 's', amount: inr('1.00'), from: 'wallet:c1' }),
  ],
  'escrows.complete escrow_not_found': [say('escrows.complete', { id: 'unknown' })],
  'escrows.measure escrow_not_found': [say('escrows.measure', { id: 'unknown', measures: {} })],
  'escrows.deliver escrow_not_found': [say('escrows.deliver', { id: 'unknown' })],
  'escrows.cancel escrow_not_found': [say('escrows.cancel', { id: 'unknown' })],
  'suspense.resolve payment_not_found': [
    move('bank:hdfc', 'payee:p1:payable', '100.00'),
    say('payouts.request', { id: 'po', payee: 'p1', amount: inr('100.00'), gateway: 'razorpay' }),
    freeze('payee:p1:payable'),
    say('instructions.fail', { id: 'payout:po', reason: 'no such account' }),
    say('suspense.resolve', { id: { index: 0 }, refund: { payer: 'c1' } }),
  ],
  'suspense.resolve ok': [
    open,
    fund,
    say('escrows.refund', { id: 's', amount: inr('40.00') }),
    freeze('payer:c1:refunds'),
    say('instructions.fail', { id: refundInstruction, reason: 'card expired' }),
    say('suspense.resolve', { id: { index: 0 }, refund: { payer: 'c1' } }),
    say('accounts.unfreeze', { code: 'payer:c1:refunds' }),
    say('suspense.resolve', { id: { index: 0 }, refund: { payer: 'c1' } }),
  ],
  'suspense.resolve time_before_last': [
    open,
    say('escrows.fund', { id: 's', amount: inr('50.00'), ...payment, paymentAmount: inr('80.00') }),
    { advance: HOUR },
    say('escrows.refund', { id: 's', amount: inr('1.00') }),
    say('suspense.resolve', { id: payment, allocate: { escrow: 's' }, at: START }),
  ],
  'suspense.resolve suspense_already_resolved': [
    say('escrows.fund', { id: 'unknown', amount: inr('80.00'), ...payment }),
    say('suspense.resolve', { id: payment, refund: { payer: 'c1' } }),
    say('suspense.resolve', { id: payment, writeOff: { reason: 'lost' } }),
  ],
  'suspense.resolve account_closed': [
    say('escrows.fund', { id: 'unknown', amount: inr('80.00'), ...payment }),
    say('accounts.open', { code: 'platform:losses', currency: 'INR' }),
    close('platform:losses'),
    say('suspense.resolve', { id: payment, writeOff: { reason: 'lost' } }),
  ],
  'payouts.run ok': [
    move('bank:hdfc', 'payee:p1:payable', '10.00'),
    move('bank:hdfc', 'payee:p2:payable', '4.00'),
    say('payouts.run', { gateway: 'razorpay', minimum: inr('5.00'), schedule: 'weekly' }),
    say('payouts.run', { gateway: 'razorpay', schedule: 'weekly' }),
    move('bank:hdfc', 'payee:p1:payable', '3.00'),
    say('payouts.run', { gateway: 'razorpay', schedule: 'weekly' }),
    say('instructions.fail', { id: 'payout:auto:week-2026-11-02:INR:p1', reason: 'no such account' }),
    say('payouts.run', { gateway: 'razorpay', schedule: 'weekly' }),
    { advance: 7 * DAY },
    freeze('payee:p2:payable'),
    say('payouts.run', { gateway: 'razorpay', schedule: 'weekly' }),
    say('payouts.run', { gateway: 'till', schedule: 'monthly' }),
  ],
  'payouts.request operation_unsupported': [
    move('bank:hdfc', 'payee:p1:payable'),
    say('payouts.request', { id: 'po', payee: 'p1', amount: inr('10.00'), gateway: 'till' }),
  ],
  'escrows.fund ok': [
    openTill({ floor: inr('-150.00') }),
    open,
    openAs('t'),
    fundInto('s', 'pay-1'),
    fundInto('t', 'pay-2'),
    say('suspense.resolve', { id: { index: 0 }, writeOff: { reason: 'it never arrived' } }),
    say('escrows.fund', {
      id: 's',
      amount: inr('5.00'),
      gateway: 'till',
      reference: 'pay-3',
      fee: { fee: inr('1.00') },
    }),
  ],
  'instructions.confirm ok': [
    openTill({ ceiling: inr('0.00') }),
    open,
    fundInto('s', 'pay-1'),
    move('bank:hdfc', 'wallet:till', '80.00'),
    say('escrows.refund', { id: 's' }),
    say('instructions.confirm', { id: refundInstruction, reference: 'rfnd-1', fee: { fee: inr('0.59') } }),
  ],
  'payouts.request account_closed': [
    move('bank:hdfc', 'payee:p1:payable'),
    say('accounts.open', { code: 'payouts:in-transit:razorpay', currency: 'INR' }),
    close('payouts:in-transit:razorpay'),
    say('payouts.request', { id: 'po', payee: 'p1', amount: inr('10.00'), gateway: 'razorpay' }),
  ],
  'instructions.resend account_closed': [
    open,
    fund,
    say('escrows.refund', { id: 's' }),
    say('instructions.cancel', { id: refundInstruction }),
    say('accounts.open', { code: 'refunds:in-transit:paypal', currency: 'INR' }),
    close('refunds:in-transit:paypal'),
    say('instructions.resend', { id: refundInstruction, gateway: 'paypal' }),
  ],
  'instructions.resend account_frozen': [
    open,
    fund,
    say('escrows.refund', { id: 's' }),
    say('instructions.cancel', { id: refundInstruction }),
    freeze('payer:c1:refunds', 'debits'),
    say('instructions.resend', { id: refundInstruction, gateway: 'paypal' }),
  ],
  'instructions.resend instruction_state': [
    open,
    fund,
    say('escrows.refund', { id: 's' }),
    freeze('payer:c1:refunds'),
    say('instructions.fail', { id: refundInstruction, reason: 'card expired' }),
    say('accounts.unfreeze', { code: 'payer:c1:refunds' }),
    say('instructions.resend', { id: refundInstruction, gateway: 'paypal' }),
  ],
  'instructions.reverse ok': [
    move('bank:hdfc', 'payee:p1:payable'),
    say('payouts.request', { id: 'po', payee: 'p1', amount: inr('10.00'), gateway: 'razorpay' }),
    say('instructions.confirm', { id: 'payout:po', reference: 'utr-1', fee: { fee: inr('0.59'), tax: inr('0.09') } }),
    close('payee:p1:payable'),
    say('instructions.reverse', { id: 'payout:po', reason: 'returned' }),
  ],
}
