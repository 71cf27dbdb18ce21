import type { Fault } from './faults.js'

const record = (kind: 'escrows' | 'payments' | 'fees' | 'clawbacks' | 'movements', key: string) => ({
  record: { kind, key },
})

/** Records that stand under another key than their own, and such as cannot be read. */
export const keptRecordFaults: readonly Fault[] = [
  {
    code: 'record_key_differs',
    what: 'a payment took another reference, and was for more',
    plant: ({ run }) =>
      run(`UPDATE ledger_payments SET reference = 'x', amount_minor = 1 WHERE reference = 'pay-funded'`),
    about: { ...record('payments', 'razorpay:pay-funded'), expected: 'razorpay:x', actual: 'razorpay:pay-funded' },
    also: ['payment_allocations_differ', 'payment_amount_differs'],
  },
  {
    code: 'record_key_differs',
    what: 'a fee took another id, and was for more',
    plant: ({ run }) => run(`UPDATE ledger_fees SET id = 'x', fee_minor = 99999 WHERE id = 'pay-settled'`),
    about: record('fees', 'razorpay:pay-settled'),
    also: ['fee_differs'],
  },
  {
    code: 'record_key_differs',
    what: 'a dispute took another reference',
    plant: ({ run }) => run(`UPDATE ledger_clawbacks SET reference = 'x' WHERE reference = 'disp-lost'`),
    about: record('clawbacks', 'dispute:razorpay:disp-lost'),
    also: ['clawback_differs'],
  },
  {
    code: 'record_key_differs',
    what: 'a top-up took another reference, beyond all others, and what comes after it was for more',
    plant: async ({ run }) => {
      await run(`UPDATE ledger_movements SET reference = 'zzz', gateway = 'zzz' WHERE reference = 'UTR-arrived'`)
      await run(`UPDATE ledger_movements SET amount_minor = 501 WHERE reference = 'UTR-unknown'`)
    },
    about: record('movements', 'credit:razorpay:UTR-arrived'),
    also: ['movement_amount_differs', 'movement_entry_differs', 'movement_match_differs'],
  },
  {
    code: 'book_missing',
    what: 'the book was deleted',
    plant: ({ run }) => run('DELETE FROM ledger_books'),
    about: { message: 'Rows are kept for which there is no book.' },
  },
  {
    code: 'book_missing',
    what: 'the book forgot that it has entries',
    plant: ({ run }) => run('UPDATE ledger_books SET has_entries = false'),
    about: { message: 'Book main says that it has no entries, and has some.' },
  },
  {
    code: 'record_missing',
    what: 'a fee was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_fees WHERE id = 'pay-settled'`),
    about: { message: 'There is no fee of razorpay for pay-settled that names it.' },
  },
  {
    code: 'record_missing',
    what: 'a fee that was told apart from its payout was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_fees WHERE id = 'fee-apart'`),
    about: {},
  },
  {
    code: 'record_missing',
    what: 'a dispute was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_clawbacks WHERE reference = 'disp-lost'`),
    about: { message: 'There is no dispute disp-lost of razorpay that took from payment pay-charged-back.' },
  },
  {
    code: 'record_missing',
    what: 'a refund made at the gateway was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_clawbacks WHERE reference = 'rfnd-held'`),
    about: {},
  },
  {
    code: 'record_missing',
    what: 'a top-up was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_movements WHERE reference = 'NEFT-1'`),
    about: { message: 'There is no top_up NEFT-1 of razorpay that names it.' },
  },
  {
    code: 'record_missing',
    what: 'a settlement that failed was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_movements WHERE reference = 'setl-failed'`),
    about: {},
  },
  {
    code: 'record_missing',
    what: 'a credit that nothing explains was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_movements WHERE reference = 'UTR-unknown'`),
    about: {},
  },
  {
    code: 'record_missing',
    what: 'a resolved item of suspense was deleted',
    plant: ({ run }) => run(`DELETE FROM ledger_suspense WHERE id = 'credit:razorpay:UTR-late'`),
    about: { account: { code: 'suspense:razorpay', currency: 'INR' } },
  },
  {
    code: 'record_unreadable',
    what: 'the terms of an escrow are cut off',
    plant: ({ run }) => run(`UPDATE ledger_escrows SET terms = '{' WHERE id = 'funded'`),
    about: record('escrows', 'funded'),
  },
  {
    code: 'record_unreadable',
    what: 'a disputed escrow has an amount that is none',
    plant: ({ run }) =>
      run(`UPDATE ledger_escrows SET disputes = replace(disputes, '"amountMinor":"', '"amountMinor":"x')
        WHERE id = 'frozen'`),
    about: record('escrows', 'frozen'),
  },
  {
    code: 'record_unreadable',
    what: 'an escrow has no list of fundings, and another one says that more is held',
    plant: async ({ run }) => {
      await run(`UPDATE ledger_escrows SET fundings = 'null' WHERE id = 'settled'`)
      await run(`UPDATE ledger_escrows SET held_minor = held_minor + 1 WHERE id = 'settled-whole'`)
    },
    about: record('escrows', 'settled'),
    also: ['escrow_account_differs', 'escrow_not_conserved', 'escrow_times_differ'],
  },
  {
    code: 'record_unreadable',
    what: 'a payment that was charged back has allocations that cannot be read',
    plant: ({ run }) => run(`UPDATE ledger_payments SET allocations = '[' WHERE reference = 'pay-charged-back'`),
    about: record('payments', 'razorpay:pay-charged-back'),
  },
]
