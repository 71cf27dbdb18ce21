import type { Fault } from './faults.js'

/** Instructions and payments that name something else than their entries. */
export const linkFaults: readonly Fault[] = [
  {
    code: 'instruction_links_differ',
    what: "two refunds have each other's payment and escrow",
    plant: ({ run }) =>
      run(`UPDATE ledger_instructions AS one SET payment = other.payment, escrow = other.escrow
        FROM ledger_instructions AS other
        WHERE one.kind = 'refund' AND other.kind = 'refund' AND one.payment <> other.payment
          AND one.escrow IN ('settled', 'refunded') AND other.escrow IN ('settled', 'refunded')
          AND one.state = 'processed' AND other.state = 'processed' AND one.amount_minor >= other.amount_minor`),
    about: {},
    also: ['payment_refunds_differ'],
  },
  {
    code: 'instruction_links_differ',
    what: 'an open payout is of an escrow',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET escrow = 'funded' WHERE id = 'payout:open'`),
    about: { instruction: 'payout:open', expected: 'none', actual: 'funded' },
  },
  {
    code: 'instruction_links_differ',
    what: 'a payout left from another account',
    plant: ({ run }) => run(`UPDATE ledger_instructions SET source = 'bank:elsewhere' WHERE id = 'payout:processed'`),
    about: { instruction: 'payout:processed', actual: 'bank:elsewhere' },
  },
  {
    code: 'payment_account_differs',
    what: 'a payment arrived elsewhere',
    plant: ({ run }) => run(`UPDATE ledger_payments SET account = 'bank:elsewhere' WHERE reference = 'pay-funded'`),
    about: { payment: { gateway: 'razorpay', reference: 'pay-funded' }, actual: 'bank:elsewhere' },
  },
  {
    code: 'payment_account_differs',
    what: 'a payment from abroad was received as more',
    plant: ({ run }) => run(`UPDATE ledger_payments SET received_minor = 1001 WHERE reference = 'pay-abroad'`),
    about: { payment: { gateway: 'razorpay', reference: 'pay-abroad' } },
  },
]
