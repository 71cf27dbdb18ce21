import type { Fault } from './faults.js'

const escrow = (id: string, column: string) => ({ table: 'ledger_escrows', column, where: `id = '${id}'` })
const payment = (reference: string) => ({ gateway: 'razorpay', reference })

type Amounts = { amountMinor: string; refundedMinor: string }[]
type Terms = { shares: { party: string; percent?: string }[] }
type Parties = Record<string, { allottedMinor: string; releasedMinor: string }>

const withPlatformShare = (percent: string) => (terms: Terms) => ({
  ...terms,
  shares: terms.shares.map((share) => (share.party === 'platform' ? { ...share, percent } : share)),
})

export const escrowFaults: readonly Fault[] = [
  {
    code: 'escrow_missing',
    what: 'an escrow was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_escrows WHERE id = 'funded'`),
    about: { escrow: 'funded' },
  },
  {
    code: 'escrow_missing',
    what: 'a disputed escrow was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_escrows WHERE id = 'frozen'`),
    about: { escrow: 'frozen', account: { code: 'escrow:frozen:frozen', currency: 'INR' } },
  },
  {
    code: 'escrow_not_conserved',
    what: 'something was charged back, and held all the same',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET charged_back_minor = 1 WHERE id = 'funded'`),
    about: { escrow: 'funded' },
    also: ['fundings_differ'],
  },
  {
    code: 'escrow_totals_differ',
    what: 'what was released counts as refunded',
    plant: ({ run }) =>
      run(`UPDATE ledger_escrows SET released_minor = released_minor - 7, refunded_minor = refunded_minor + 7
        WHERE id = 'completed'`),
    about: { escrow: 'completed' },
    also: ['fundings_differ', 'party_totals_differ'],
  },
  {
    code: 'escrow_account_differs',
    what: 'an escrow says that more is held',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET held_minor = held_minor + 1 WHERE id = 'funded'`),
    about: { escrow: 'funded', account: { code: 'escrow:funded', currency: 'INR' } },
    also: ['escrow_not_conserved'],
  },
  {
    code: 'escrow_frozen_differs',
    what: 'an escrow says that more is frozen, and less held',
    plant: ({ run }) =>
      run(`UPDATE ledger_escrows SET held_minor = held_minor - 1, frozen_minor = frozen_minor + 1 WHERE id = 'frozen'`),
    about: { escrow: 'frozen', account: { code: 'escrow:frozen:frozen', currency: 'INR' } },
    also: ['escrow_account_differs'],
  },
  {
    code: 'escrow_frozen_differs',
    what: 'an escrow forgot that it is disputed',
    plant: ({ run }) =>
      run(`UPDATE ledger_escrows SET held_minor = funded_minor, frozen_minor = 0, disputes = '[]' WHERE id = 'frozen'`),
    about: { escrow: 'frozen', account: { code: 'escrow:frozen:frozen', currency: 'INR' } },
    also: ['disputes_differ', 'escrow_account_differs'],
  },
  {
    code: 'escrow_times_differ',
    what: 'an escrow that is due never comes up for settlement',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET next_at = NULL WHERE id = 'completed'`),
    about: { escrow: 'completed', actual: 'none' },
  },
  {
    code: 'escrow_times_differ',
    what: 'an escrow that is due is not listed as due',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET falls_due_at = NULL WHERE id = 'completed'`),
    about: { escrow: 'completed', actual: 'none' },
  },
  {
    code: 'escrow_times_differ',
    what: 'the last entry of an escrow is at another time',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET last_at = last_at + 1 WHERE id = 'funded'`),
    about: { escrow: 'funded' },
  },
  {
    code: 'escrow_times_differ',
    what: 'an escrow that was settled says that it was not',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET settled_at = NULL WHERE id = 'settled'`),
    about: { escrow: 'settled' },
  },
  {
    code: 'releases_differ',
    what: 'an escrow counts a release too many',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET releases = 3 WHERE id = 'disputed'`),
    about: { escrow: 'disputed', expected: '1, 2', actual: '1 to 3' },
  },
  {
    code: 'disputes_differ',
    what: 'a resolved dispute says that the payer got more',
    plant: ({ rewrite }) =>
      rewrite<{ payerMinor: string }[]>(escrow('disputed', 'disputes'), (disputes) =>
        disputes.map((dispute) => ({ ...dispute, payerMinor: '10001' })),
      ),
    about: { escrow: 'disputed' },
  },
  {
    code: 'party_totals_differ',
    what: 'a share was moved from one party to another',
    plant: ({ rewrite }) =>
      rewrite<Parties>(escrow('settled-whole', 'party_totals'), ({ platform, coach }) => ({
        platform: { ...platform, allottedMinor: '10100', releasedMinor: '10100' },
        coach: { ...coach, allottedMinor: '39900', releasedMinor: '39900' },
      })),
    about: { escrow: 'settled-whole', account: { code: 'payee:priya:payable', currency: 'INR' } },
    also: ['terms_not_followed'],
  },
  {
    code: 'deduction_totals_differ',
    what: 'a deduction says that it took more than it gave on',
    plant: ({ rewrite }) =>
      rewrite<{ takenMinor: string }[]>(escrow('settled', 'deduction_totals'), (totals) =>
        totals.map((each) => ({ ...each, takenMinor: '20001' })),
      ),
    about: { escrow: 'settled' },
    also: ['party_totals_differ', 'terms_not_followed'],
  },
  {
    code: 'terms_not_followed',
    what: 'a party has a larger share in the terms than it was allotted',
    plant: ({ rewrite }) => rewrite<Terms>(escrow('settled-whole', 'terms'), withPlatformShare('20.2')),
    about: { escrow: 'settled-whole' },
  },
  {
    code: 'terms_not_followed',
    what: 'a measure is of another tier than was deducted by',
    plant: ({ rewrite }) =>
      rewrite<Record<string, string>>(escrow('disputed', 'measures'), () => ({ satisfaction: '2' })),
    about: { escrow: 'disputed' },
  },
  {
    code: 'terms_not_followed',
    what: 'a deduction says that something was not there to take',
    plant: ({ rewrite }) =>
      rewrite<{ shortfallMinor: string }[]>(escrow('settled', 'deduction_totals'), (totals) =>
        totals.map((each) => ({ ...each, shortfallMinor: '99' })),
      ),
    about: { escrow: 'settled' },
  },
  {
    code: 'terms_not_followed',
    what: 'the terms on record are none that can be read',
    plant: ({ rewrite }) => rewrite<Terms>(escrow('settled-whole', 'terms'), withPlatformShare('a fifth')),
    about: { escrow: 'settled-whole' },
  },
  {
    code: 'fundings_differ',
    what: 'a funding says that more came from it',
    plant: ({ rewrite }) =>
      rewrite<Amounts>(escrow('cancelled', 'fundings'), ([first, ...rest]) =>
        first ? [{ ...first, amountMinor: '70001' }, ...rest] : [],
      ),
    about: { escrow: 'cancelled' },
    also: ['payment_allocations_differ'],
  },
  {
    code: 'fundings_differ',
    what: 'a funding says that nothing went back to it',
    plant: ({ rewrite }) =>
      rewrite<Amounts>(escrow('cancelled', 'fundings'), (fundings) =>
        fundings.map((funding) => ({ ...funding, refundedMinor: '0' })),
      ),
    about: { escrow: 'cancelled', account: { code: 'payer:chen:refunds', currency: 'INR' } },
  },
]

export const paymentFaults: readonly Fault[] = [
  {
    code: 'payment_missing',
    what: 'a payment was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_payments WHERE reference = 'pay-funded'`),
    about: { escrow: 'funded', payment: payment('pay-funded') },
  },
  {
    code: 'payment_amount_differs',
    what: 'a payment was for more',
    plant: ({ run }) =>
      run(`UPDATE ledger_payments SET amount_minor = amount_minor + 1 WHERE reference = 'pay-funded'`),
    about: { payment: payment('pay-funded') },
  },
  {
    code: 'payment_allocations_differ',
    what: 'a payment forgot what it gave to an escrow',
    plant: ({ rewrite }) =>
      rewrite<{ escrow: string }[]>(
        { table: 'ledger_payments', column: 'allocations', where: `reference = 'pay-overfunded'` },
        (allocations) => allocations.filter(({ escrow: id }) => id !== 'allocated'),
      ),
    about: { payment: payment('pay-overfunded') },
  },
  {
    code: 'payment_refunds_differ',
    what: 'a payment forgot its refund',
    plant: ({ run }) => run(`UPDATE ledger_payments SET refunded_minor = 0 WHERE reference = 'pay-settled'`),
    about: { payment: payment('pay-settled') },
  },
  {
    code: 'payment_suspense_differs',
    what: 'a payment forgot what it has in suspense',
    plant: ({ run }) => run(`UPDATE ledger_payments SET suspense_minor = 0 WHERE reference = 'pay-overfunded'`),
    about: { payment: payment('pay-overfunded') },
  },
  {
    code: 'payment_suspense_differs',
    what: 'a payment in suspense looks as if all of it had gone to one escrow',
    plant: async ({ run, rewrite }) => {
      await run(`UPDATE ledger_payments SET amount_minor = 60000, allocated_minor = 60000, refunded_minor = 0,
        suspense_minor = 0 WHERE reference = 'pay-overfunded'`)
      await rewrite<{ escrow: string }[]>(
        { table: 'ledger_payments', column: 'allocations', where: `reference = 'pay-overfunded'` },
        (allocations) =>
          allocations
            .filter(({ escrow: id }) => id === 'overfunded')
            .map((each) => ({ ...each, statedMinor: '60000', excessMinor: '0' })),
      )
    },
    about: { payment: payment('pay-overfunded') },
    also: ['payment_allocations_differ', 'payment_amount_differs', 'payment_refunds_differ'],
  },
  {
    code: 'fee_differs',
    what: 'a fee was for more',
    plant: ({ run }) => run(`UPDATE ledger_fees SET fee_minor = fee_minor + 1 WHERE id = 'pay-settled'`),
    about: { fee: { gateway: 'razorpay', id: 'pay-settled' } },
  },
  {
    code: 'fee_differs',
    what: 'a fee names the entry of another',
    plant: ({ run }) =>
      run(`UPDATE ledger_fees SET entry = (SELECT max(entry) FROM ledger_fees WHERE id = 'pay-settled-whole')
        WHERE id = 'pay-settled'`),
    about: { fee: { gateway: 'razorpay', id: 'pay-settled' } },
    also: ['record_missing'],
  },
  {
    code: 'suspense_item_differs',
    what: 'an item of suspense counts as resolved',
    plant: ({ run }) => run(`UPDATE ledger_suspense SET state = 'resolved' WHERE id = 'payment:paypal:stray'`),
    about: { suspense: 'payment:paypal:stray', expected: 'open', actual: 'resolved' },
  },
  {
    code: 'suspense_item_differs',
    what: 'an item of suspense was for more than its entry',
    plant: ({ run }) =>
      run(`UPDATE ledger_suspense SET amount_minor = amount_minor + 1 WHERE id = 'payment:paypal:stray'`),
    about: { suspense: 'payment:paypal:stray' },
    also: ['record_missing'],
  },
]

export const instructionFaults: readonly Fault[] = [
  {
    code: 'instruction_entry_missing',
    what: 'the entry of an instruction names another',
    plant: ({ run }) =>
      run(`UPDATE ledger_entries SET instruction = 'payout:failed' WHERE instruction = 'payout:open'`),
    about: { instruction: 'payout:open' },
    also: ['instruction_amount_differs', 'instruction_state_differs'],
  },
  {
    code: 'instruction_state_differs',
    what: 'an instruction says that it was processed',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET state = 'processed' WHERE id = 'payout:open'`),
    about: {
      instruction: 'payout:open',
      expected: 'payout_processed, payout_requested',
      actual: 'payout_requested',
    },
    also: ['in_transit_differs'],
  },
  {
    code: 'instruction_amount_differs',
    what: 'an instruction says that it was for more',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET amount_minor = 20001 WHERE id = 'payout:processed'`),
    about: { instruction: 'payout:processed' },
  },
  {
    code: 'transfer_taken_back_differs',
    what: 'a transfer forgot that a part of it was taken back',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET taken_back_minor = 0 WHERE id = 'transfer:held'`),
    about: { instruction: 'transfer:held' },
  },
  {
    code: 'transfer_taken_back_differs',
    what: 'a reversal goes on from another transfer',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET about = 'transfer:released' WHERE id = 'reversal:held'`),
    about: { instruction: 'transfer:released' },
  },
  {
    code: 'payout_batch_differs',
    what: 'a payout is in a batch that was never sent',
    plant: ({ run }) =>
      run(`UPDATE ledger_instructions SET batch = 'b', first_sent_at = NULL WHERE id = 'payout:open'`),
    about: { instruction: 'payout:open' },
  },
  {
    code: 'payout_batch_differs',
    what: 'a transfer is in a batch of payouts',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET batch = 'b', first_sent_at = 1 WHERE id = 'transfer:held'`),
    about: { instruction: 'transfer:held' },
  },
  {
    code: 'fee_differs',
    what: 'the fee of a payout is of another one',
    plant: ({ run }) => run(`UPDATE ledger_fees SET reference = 'payout:reversed' WHERE id = 'fee-apart'`),
    about: { fee: { gateway: 'razorpay', id: 'fee-apart' } },
    also: ['record_missing'],
  },
]
