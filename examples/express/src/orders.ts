import type { InstructionView, Ledger } from 'escrow-ledger'
import { PageProblem } from './page-problem.js'
import { GATEWAY } from './razorpay.js'

interface Payable {
  readonly id: string
  readonly payer: string
}

export async function isPaid(ledger: Ledger, booking: string): Promise<boolean> {
  const { funded, amount } = await ledger.escrows.get(booking)
  return funded.minor >= amount.minor
}

/**
 * Razorpay's id of the order that a booking is paid by. It is the same one however often it is asked for, until it has
 * failed or was cancelled: then there is another, so that whoever could not pay once can pay later.
 */
export async function orderToPay(ledger: Ledger, { id, payer }: Payable): Promise<string> {
  let attempt = 1
  let latest: InstructionView | null = null
  for await (const order of ledger.orders.list({ escrow: id })) {
    if (order.state === 'failed' || order.state === 'cancelled') attempt += 1
    else latest = order
  }
  if (latest?.gatewayReference) return latest.gatewayReference
  const asked = { id: `order-${id}-${attempt}`, escrow: id, gateway: GATEWAY }
  const order = await ledger.orders.create(asked, { idempotencyKey: `order:${asked.id}`, actor: payer })
  if (order.gatewayReference !== null) return order.gatewayReference
  if (order.state === 'failed' || order.state === 'cancelled') {
    throw new PageProblem(
      503,
      'Razorpay took no order for this. Nothing was paid; go back to your bookings and try again.',
    )
  }
  throw new PageProblem(503, 'Razorpay does not answer at the moment. Nothing was paid; try again in a minute.')
}
