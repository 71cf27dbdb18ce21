import { type CallContext, type Gateway, type GatewayPayment, type Money, zero } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { keyIn } from './notes.js'
import { isNotFound } from './outcome.js'
import { fromWire } from './wire-money.js'

export type Payments = Required<Gateway>['payments'] & object

export const createPayments = (client: RazorpayClient): Payments => ({
  async fetch(reference, context) {
    const answer = await fetchPayment(client, reference, context)
    return answer && paymentOf(answer)
  },
})

/** Null where there is no payment by that id. Throws `Unsendable` for what cannot be the id of one. */
export async function fetchPayment(
  client: RazorpayClient,
  reference: string,
  context: CallContext,
): Promise<Answer | null> {
  const id = idOf('payment', reference)
  try {
    return await client.call(context, (sdk) => sdk.payments.fetch(id))
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** A payment as Razorpay tells it. Its fee includes the tax on it, and is told once it is captured. */
export function paymentOf(answer: Answer, orderKey: string | null = keyIn(answer)): GatewayPayment {
  const currency = answer.text('currency')
  const state = stateOf(answer)
  return {
    reference: answer.text('id'),
    order: answer.optionalText('order_id'),
    orderKey,
    state,
    amount: fromWire(answer.integer('amount'), currency),
    received: state === 'captured' ? receivedOf(answer, currency) : null,
    fee: state === 'captured' ? feeOf(answer, currency) : null,
    refunded: fromWire(answer.optionalInteger('amount_refunded') ?? 0n, currency),
    at: answer.at('created_at'),
  }
}

/** One that was authorised and not captured in time goes back to its payer: `refunded`, and never captured. */
function stateOf(answer: Answer): GatewayPayment['state'] {
  const status = answer.text('status')
  switch (status) {
    case 'captured':
      return 'captured'
    case 'refunded':
      return answer.flag('captured') ? 'captured' : 'failed'
    case 'created':
    case 'authorized':
    case 'failed':
      return status
    default:
      throw new Error(`Razorpay gave a payment the status ${status}.`)
  }
}

/** The currency of Razorpay's balance, which payments in others are changed into. */
const baseOf = (answer: Answer, currency: string): string => answer.optionalText('base_currency') ?? currency

function receivedOf(answer: Answer, currency: string): Money | null {
  const base = baseOf(answer, currency)
  return base === currency ? null : fromWire(answer.integer('base_amount'), base)
}

function feeOf(answer: Answer, currency: string): GatewayPayment['fee'] {
  const fee = answer.optionalInteger('fee')
  if (fee === null) return null
  const base = baseOf(answer, currency)
  const tax = answer.optionalInteger('tax')
  return { fee: fromWire(fee, base), tax: tax === null ? zero(base) : fromWire(tax, base) }
}
