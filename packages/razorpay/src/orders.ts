import type { CallContext, CallOutcome, OrderCall } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { notesOf } from './notes.js'
import type { Settings } from './options.js'
import { isNotFound } from './outcome.js'
import { paymentOf } from './payments.js'
import { toWire } from './wire-money.js'

/** What a checkout pays. The receipt is the call's key, by which an order is found whose answer was lost. */
export function createOrders(client: RazorpayClient, { capture }: Settings): CallKind<OrderCall> {
  return {
    async send(call, context) {
      const { amount, key } = call
      const order = await client.call(context, (sdk) =>
        sdk.orders.create({
          amount: toWire(amount),
          currency: amount.currency,
          receipt: key,
          payment_capture: capture === 'automatic',
          notes: notesOf(call),
        }),
      )
      return { outcome: 'accepted', reference: order.text('id'), awaits: 'payer' }
    },
    async ask(call, context) {
      const order = await findOrder(client, call, context)
      if (order === null) return { outcome: 'absent' }
      const id = idOf('order', order.text('id'))
      const payments = (await client.call(context, (sdk) => sdk.orders.fetchPayments(id))).items()
      return orderOutcome(order, payments)
    },
  }
}

async function findOrder(
  client: RazorpayClient,
  { reference, key }: OrderCall,
  context: CallContext,
): Promise<Answer | null> {
  if (reference !== null) {
    const id = idOf('order', reference)
    try {
      return await client.call(context, (sdk) => sdk.orders.fetch(id))
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }
  const orders = (await client.call(context, (sdk) => sdk.orders.all({ receipt: key }))).items()
  return orders.find((order) => order.optionalText('receipt') === key) ?? null
}

/**
 * An order is never over at Razorpay before it is paid. What of its payments is authorised is to be captured, unless the
 * order is paid without it: then it goes back to the payer by itself.
 */
function orderOutcome(order: Answer, answers: readonly Answer[]): CallOutcome {
  const reference = order.text('id')
  const all = answers.map((answer) => paymentOf(answer, order.optionalText('receipt')))
  const payments = all.filter(({ state }) => state === 'captured')
  if (order.text('status') === 'paid') return { outcome: 'processed', reference, payments }
  const authorized = all.find(({ state }) => state === 'authorized')
  const awaits = authorized ? { capture: authorized.reference } : ('payer' as const)
  return { outcome: 'accepted', reference, payments, awaits }
}
