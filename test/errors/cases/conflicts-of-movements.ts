import { inr } from '../../fixtures/deals.js'
import type { OpenLedger } from '../../fixtures/open-ledger.js'
import type { RefusedCall } from '../refused-call.js'

const settlement = { gateway: 'razorpay', reference: 'setl_1', amount: inr('776.40'), utr: 'UTR1', fee: inr('5.90') }
const topUp = { gateway: 'razorpay', bank: 'hdfc', reference: 'NEFT1', amount: inr('700.00') }

const settled = ({ ledger }: OpenLedger) => ledger.movements.settled(settlement)

export const conflictsOfMovements: readonly RefusedCall[] = [
  {
    code: 'movement_mismatch',
    given: settled,
    call: ({ ledger }) => ledger.movements.settled({ ...settlement, amount: inr('770.00') }),
    says: 'Settlement setl_1 of razorpay is known with 776.40 INR, a fee of 5.90 INR, UTR UTR1, and is in_transit: not what is stated now. Look at movements.get before repeating.',
  },
  {
    code: 'movement_mismatch',
    given: settled,
    call: ({ ledger }) => ledger.movements.settled({ ...settlement, reference: 'setl_2' }),
    says: 'Bank credit UTR1 of razorpay is known with 776.40 INR, settlement setl_1, and is expected: not what is stated now. Look at movements.get before repeating.',
  },
  {
    code: 'movement_mismatch',
    given: ({ ledger }) => ledger.movements.toppedUp(topUp),
    call: ({ ledger }) => ledger.movements.toppedUp({ ...topUp, bank: 'icici' }),
    says: 'Top-up NEFT1 of razorpay is known with 700.00 INR, bank hdfc, and is done: not what is stated now. Look at movements.get before repeating.',
  },
  {
    code: 'movement_mismatch',
    given: async (opened) => {
      await settled(opened)
      const { gateway, utr, amount } = settlement
      await opened.ledger.movements.credited({ bank: 'hdfc', gateway, utr, amount })
    },
    call: ({ ledger }) =>
      ledger.movements.settlementFailed({ gateway: 'razorpay', reference: 'setl_1', reason: 'returned' }),
    says: 'Settlement setl_1 of razorpay is known with 776.40 INR, a fee of 5.90 INR, UTR UTR1, and is done: not what is stated now. Look at movements.get before repeating.',
  },
]
