import type { Ledger, Worker } from 'escrow-ledger'
import type { Place } from './place.js'
import { once, openDeal, reasonOf } from './process-sessions.js'
import { round } from './round.js'
import type { Session } from './sessions-csv.js'

/** What came of a session's payment. */
export type Paid =
  | { readonly as: 'taken' | 'known' }
  /** By the ledger, or by the gateway. */
  | { readonly as: 'refused' | 'declined'; readonly reason: string }

/**
 * Opens a deal and asks its payer for the money by an order, which the payer pays at the gateway. Of that the ledger learns
 * by webhook, asks the gateway's API, captures what is to be captured, and posts what has arrived.
 */
export async function payThroughGateway(place: Place, session: Session, worker: Worker): Promise<Paid> {
  const { ledger, sandbox, there } = place
  const { id } = session
  try {
    const opened = await openDeal(ledger, session)
    if (opened.replayed) return { as: 'known' }
  } catch (error) {
    return { as: 'refused', reason: reasonOf(error) }
  }
  const order = await askFor(place, session)
  if ('reference' in order) {
    there.pay(order.reference)
    await sandbox.webhooks.idle()
    await round(worker)
    const { funded, amount } = await ledger.escrows.get(id)
    if (funded.minor === amount.minor) return { as: 'taken' }
  }
  await ledger.escrows.cancel({ id, reason: 'not paid' }, once('cancel', session))
  return { as: 'declined', reason: 'reason' in order ? order.reason : await whyNotPaid(ledger, id) }
}

/** The gateway's id of the order, which a checkout page pays; or why there is none. */
async function askFor(
  { ledger, gateway }: Place,
  session: Session,
): Promise<{ readonly reference: string } | { readonly reason: string }> {
  const { id } = session
  try {
    const order = await ledger.orders.create({ id, escrow: id, gateway }, once('order', session))
    const { gatewayReference, reason } = order
    return gatewayReference === null
      ? { reason: reason ?? `${gateway} did not answer` }
      : { reference: gatewayReference }
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

async function whyNotPaid(ledger: Ledger, escrow: string): Promise<string> {
  for await (const { reason } of ledger.instructions.list({ escrow, kind: 'capture' })) {
    if (reason !== null) return reason
  }
  return 'the payment did not arrive'
}
