import type { Fault } from './faults.js'

const clawback = (kind: string, reference: string) => ({ clawback: { kind, gateway: 'razorpay', reference } })

export const clawbackFaults: readonly Fault[] = [
  {
    code: 'clawback_differs',
    what: 'a dispute took more',
    plant: ({ run }) => run(`UPDATE ledger_clawbacks SET taken_minor = 15001 WHERE reference = 'disp-lost'`),
    about: clawback('dispute', 'disp-lost'),
  },
  {
    code: 'clawback_differs',
    what: 'a dispute that was won has given nothing back',
    plant: ({ run }) => run(`UPDATE ledger_clawbacks SET taken_minor = 7000 WHERE reference = 'disp-won'`),
    about: clawback('dispute', 'disp-won'),
  },
  {
    code: 'clawback_differs',
    what: 'a refund names an entry of another',
    plant: ({ run }) =>
      run(`UPDATE ledger_clawbacks SET last_entry = (SELECT max(last_entry) FROM ledger_clawbacks
        WHERE reference = 'disp-lost') WHERE reference = 'rfnd-held'`),
    about: clawback('refund', 'rfnd-held'),
  },
  {
    code: 'payment_refunds_differ',
    what: 'a payment forgot that it was charged back',
    plant: ({ run }) => run(`UPDATE ledger_payments SET charged_back_minor = 0 WHERE reference = 'pay-charged-back'`),
    about: { payment: { gateway: 'razorpay', reference: 'pay-charged-back' } },
  },
  {
    code: 'payment_refunds_differ',
    what: 'a payment forgot that it was refunded at the gateway',
    plant: ({ run }) => run(`UPDATE ledger_payments SET refunded_minor = 0 WHERE reference = 'pay-taken'`),
    about: { payment: { gateway: 'razorpay', reference: 'pay-taken' } },
  },
]
