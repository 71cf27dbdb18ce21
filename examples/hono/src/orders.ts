import type { InstructionView, Ledger } from 'escrow-ledger'
import { PageProblem } from './page-problem.js'
import { GATEWAY } from './paypal.js'

export async function isPaid(ledger: Ledger, booking: string): Promise<boolean> {
  const { funded, amount } = await ledger.escrows.get(booking)
  return funded.minor >= amount.minor
}

/** Asks PayPal what became of a booking's orders, and takes what was agreed to. */
export async function refreshOrders(ledger: Ledger, booking: string): Promise<readonly InstructionView[]> {
  const orders: InstructionView[] = []
  for await (const order of ledger.orders.list({ escrow: booking })) {
    const isOpen = order.state === 'accepted'
    orders.push(isOpen ? await ledger.orders.refresh(order.id.slice('order:'.length)) : order)
  }
  return orders
}

/**
 * PayPal's id of the order that the payer can agree to; null where the booking is paid. It is the same one however often it
 * is asked for, until it is over: PayPal forgets an order that nobody agrees to within hours, and then there is another.
 */
export async function orderToPay(
  ledger: Ledger,
  { id, payer }: { readonly id: string; readonly payer: string },
): Promise<string | null> {
  const orders = await refreshOrders(ledger, id)
  if (await isPaid(ledger, id)) return null
  const over = orders.filter(({ state }) => state === 'failed' || state === 'cancelled').length
  const order = { id: `${id}-${over + 1}`, escrow: id, gateway: GATEWAY }
  const made = await ledger.orders.create(order, { idempotencyKey: `order:${order.id}`, actor: payer })
  const { gatewayReference } = made.state === 'sending' ? await answered(ledger, order.id) : made
  if (gatewayReference !== null) return gatewayReference
  throw new PageProblem(503, 'PayPal does not answer at the moment. Look at your sessions, and try again.')
}

/** Waits, two seconds at most, for what another request is just asking PayPal: a button was pressed twice. */
async function answered(ledger: Ledger, order: string): Promise<InstructionView> {
  for (let tries = 0; tries < 20; tries += 1) {
    const view = await ledger.orders.get(order)
    if (view.state !== 'sending') return view
    await ledger.runtime.sleep(100)
  }
  return ledger.orders.get(order)
}
