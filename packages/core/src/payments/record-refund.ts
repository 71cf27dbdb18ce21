import { invariant } from '../errors/index.js'
import { instructRefund } from '../instructions/instruct-refund.js'
import type { Instruction } from '../instructions/instruction.js'
import type { Draft } from '../journal/draft.js'
import type { Money } from '../money/index.js'
import { paymentKey, payments } from './payment.js'

/**
 * Records that a payment, or a part of it, goes back to the payer: an instruction with its entry, in the same unit of
 * work as the entry that credited `payer:<id>:refunds`.
 *
 * | debit | credit |
 * | --- | --- |
 * | payer:c1:refunds 200.00 | refunds:in-transit:razorpay 200.00 |
 */
export function recordRefund(
  draft: Draft,
  refund: {
    gateway: string
    reference: string
    payer: string
    escrow: string | null
    amount: Money
    effectiveAt: number
  },
): Instruction {
  const { gateway, reference, ...rest } = refund
  const payment = draft.get(payments, paymentKey(gateway, reference))
  invariant(payment, `payment ${reference} of ${gateway}, which gives money back, is known`)
  const refundedMinor = payment.refundedMinor + refund.amount.minor
  draft.put(payments, { ...payment, refundedMinor, revision: payment.revision + 1 })
  const source = draft.gateway(gateway).refunds ?? payment.account
  return instructRefund(draft, { ...rest, gateway, payment: reference, source })
}
