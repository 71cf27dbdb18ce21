import type { BookLedger } from 'escrow-ledger'
import { expect } from 'vitest'
import { all } from '../../fixtures/balances.js'
import { completedDeal, fundedDeal, inr, owe, paymentOf } from '../../fixtures/deals.js'
import type { OpenLedger } from '../../fixtures/open-ledger.js'
import { type RefusedCall, transfer } from '../refused-call.js'

const id = 's1'
const writeOff = { reason: 'too small to ask' }
const funded = ({ ledger }: OpenLedger) => fundedDeal(ledger, id)
const payout = { id: 'po-1', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' }

/** A payment for no escrow of ours: all of it is in suspense. */
const stray = ({ ledger }: OpenLedger) =>
  ledger.escrows.fund({ id: 'nobody', amount: inr('50.00'), ...paymentOf('stray') })
const strayId = 'payment:razorpay:pay-stray'

async function requested({ ledger }: OpenLedger) {
  await owe(ledger, 'priya', inr('600.00'))
  await ledger.payouts.request(payout)
}

/** The refund that was instructed through Razorpay. */
async function refundOf(ledger: BookLedger): Promise<string> {
  const refunds = await all(ledger.instructions.list({ kind: 'refund' }))
  const found = refunds.find(({ gateway }) => gateway === 'razorpay')
  if (!found) throw new Error('no refund was instructed')
  return found.id
}

/** Reverses the book's first entry. */
async function reverseFirst({ ledger }: OpenLedger) {
  const [first] = (await ledger.journal.list().page()).items
  if (!first) throw new Error('the book has no entry')
  return ledger.journal.reverse({ entry: first.id, effectiveAt: first.effectiveAt, reason: 'typing error' })
}

export const conflictsOfPayments: readonly RefusedCall[] = [
  {
    code: 'entry_owned',
    given: funded,
    call: reverseFirst,
    says: 'Entry <id> was made by a rule (funding). Use the command that undoes what happened, such as a refund.',
  },
  {
    code: 'entry_already_reversed',
    given: async (opened) => {
      await opened.ledger.journal.post(transfer('bank:hdfc', 'opening-balances'))
      await reverseFirst(opened)
    },
    call: reverseFirst,
    says: 'Entry <id> was reversed already. To undo the reversal, reverse that.',
  },
  {
    code: 'payment_mismatch',
    given: funded,
    call: ({ ledger }) => ledger.escrows.fund({ id, amount: inr('900.00'), ...paymentOf(id) }),
    says: 'Payment pay-s1 of razorpay is known with 1000.00 INR, 1000.00 INR of it for escrow s1, which is not what is stated now. Look at payments.get before repeating.',
  },
  {
    code: 'payment_exceeded',
    given: stray,
    call: ({ ledger }) => ledger.escrows.fund({ id, amount: inr('80.00'), ...paymentOf('stray') }),
    says: 'Payment pay-stray of razorpay has 50.00 INR to give to this escrow, less than the 80.00 INR stated. See payments.get.',
    facts: { available: inr('50.00'), requested: inr('80.00') },
  },
  {
    code: 'payment_exceeded',
    call: ({ ledger }) =>
      ledger.escrows.fund({ id, amount: inr('80.00'), paymentAmount: inr('50.00'), ...paymentOf(id) }),
    says: 'Payment pay-s1 of razorpay has 50.00 INR to give to this escrow, less than the 80.00 INR stated. See payments.get.',
    facts: { available: inr('50.00'), requested: inr('80.00') },
  },
  {
    code: 'fee_mismatch',
    given: async ({ ledger }) => {
      await fundedDeal(ledger, id)
      await ledger.payments.fee({ ...paymentOf(id), fee: inr('23.60'), tax: inr('3.60') })
    },
    call: ({ ledger }) => ledger.payments.fee({ ...paymentOf(id), fee: inr('24.00'), tax: inr('3.60') }),
    says: 'Fee pay-s1 of razorpay is known as 23.60 INR with 3.60 INR of tax, for payment pay-s1. Give each fee its own id.',
  },
  {
    code: 'payout_exists',
    given: async (opened) => {
      await requested(opened)
      await owe(opened.ledger, 'priya', inr('600.00'))
    },
    call: ({ ledger }) => ledger.payouts.request(payout),
    says: 'There is a payout po-1 already. Give every payout its own id.',
  },
  {
    code: 'instruction_state',
    given: async (opened) => {
      await requested(opened)
      await opened.ledger.instructions.fail({ id: 'payout:po-1', reason: 'account closed' })
    },
    call: ({ ledger }) => ledger.instructions.confirm({ id: 'payout:po-1', reference: 'pout_1' }),
    says: 'Instruction payout:po-1 is failed; this is possible only while it is recorded, sending, accepted, unknown, waiting. See instructions.get.',
    facts: { instruction: 'payout:po-1', state: 'failed' },
  },
  {
    code: 'instruction_state',
    given: requested,
    call: ({ ledger }) => ledger.instructions.resend({ id: 'payout:po-1', gateway: 'manual' }),
    says: 'Instruction payout:po-1 is recorded; this cannot be done to this payout. See instructions.get.',
    facts: { instruction: 'payout:po-1', state: 'recorded' },
  },
  {
    code: 'instruction_state',
    given: async ({ ledger }) => {
      await fundedDeal(ledger, id)
      await ledger.escrows.refund({ id })
      await ledger.instructions.fail({ id: await refundOf(ledger), reason: 'card expired' })
      await ledger.instructions.resend({ id: await refundOf(ledger), gateway: 'manual' })
    },
    call: async ({ ledger }) => ledger.instructions.resend({ id: await refundOf(ledger), gateway: 'manual' }),
    says: 'Instruction <id> was sent again as <id>. Look at that one with instructions.get.',
    facts: { instruction: expect.any(String), state: 'failed' },
  },
  {
    code: 'suspense_already_resolved',
    given: async (opened) => {
      await stray(opened)
      await opened.ledger.suspense.resolve({ id: strayId, writeOff })
    },
    call: ({ ledger }) => ledger.suspense.resolve({ id: strayId, writeOff }),
    says: 'What was in suspense under payment:razorpay:pay-stray has been resolved already. suspense.list shows what is left.',
  },
  {
    code: 'insufficient_funds',
    given: stray,
    call: ({ ledger }) => ledger.suspense.resolve({ id: strayId, amount: inr('60.00'), writeOff }),
    says: '50.00 INR remains in suspense under payment:razorpay:pay-stray, less than the 60.00 INR asked. Ask at most that.',
    facts: { account: 'suspense:razorpay', available: inr('50.00'), requested: inr('60.00') },
  },
  {
    code: 'currency_mismatch',
    given: async (opened) => {
      await stray(opened)
      await completedDeal(opened.ledger, id)
    },
    call: ({ ledger }) =>
      ledger.suspense.resolve({ id: strayId, amount: { amount: '5.00', currency: 'USD' }, allocate: { escrow: id } }),
    says: 'What is in suspense under payment:razorpay:pay-stray is in INR, not in USD. Give the amount in INR.',
  },
]
