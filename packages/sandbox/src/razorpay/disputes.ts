import { pockets } from './books.js'
import type { Desk } from './desk.js'
import { disputeEntity } from './dispute-entity.js'
import { paymentEntity } from './payment-entity.js'
import type { Dispute } from './records.js'

export interface DisputeOptions {
  /** All of the payment unless given. */
  readonly amountMinor?: bigint | undefined
  readonly phase?: Dispute['phase'] | undefined
  readonly reasonCode?: string | undefined
  /** Takes the money when the dispute is opened, and gives it back when it is won. Documented is: when it is lost. */
  readonly holdBack?: boolean | undefined
}

export function tellDispute(desk: Desk, event: string, dispute: Dispute): void {
  const payment = paymentEntity(desk.store.payments.get(dispute.paymentId))
  desk.tell(`payment.dispute.${event}`, { payment, dispute: disputeEntity(dispute) })
}

/** The payer's bank disputes a payment. Unless it is answered in time, it is lost. */
export function openDispute(desk: Desk, paymentId: string, options: DisputeOptions = {}): string {
  const payment = desk.store.payments.get(paymentId)
  const amountMinor = options.amountMinor ?? payment.amountMinor
  if (!payment.captured || amountMinor <= 0n || amountMinor > payment.amountMinor) {
    throw new RangeError(`${paymentId} cannot be disputed for ${amountMinor}.`)
  }
  const { disputeMs } = desk.settings.times
  const dispute = desk.store.disputes.add({
    ...{ id: desk.newId('disputes'), createdAt: desk.seconds(), notes: {}, paymentId, amountMinor },
    ...{ currency: payment.currency, baseMinor: (payment.baseMinor * amountMinor) / payment.amountMinor },
    ...{ reasonCode: options.reasonCode ?? 'goods_or_services_not_received_or_partially_received' },
    ...{ phase: options.phase ?? 'chargeback', respondBy: desk.seconds() + Math.floor(disputeMs / 1000) },
    ...{
      heldBack: options.holdBack ?? false,
      status: 'open',
      amountDeductedMinor: 0n,
      evidence: {},
      submittedAt: null,
    },
  })
  if (dispute.heldBack) deduct(desk, dispute, pockets.disputesInFlight)
  tellDispute(desk, 'created', dispute)
  desk.later(disputeMs, () => {
    if (dispute.status === 'open') loseDispute(desk, dispute.id)
  })
  return dispute.id
}

/** The money leaves the balance, which may go below zero by it, as the documents do not say that it waits. */
function deduct(desk: Desk, dispute: Dispute, to: string): void {
  const { baseMinor: amountMinor, amountMinor: amountDeductedMinor } = dispute
  desk.books.post(
    {
      ...{ entityId: desk.newAdjustmentId(), type: 'adjustment', amountMinor, debitMinor: amountMinor },
      ...{ createdAt: desk.seconds(), paymentId: dispute.paymentId, disputeId: dispute.id, description: 'Dispute' },
    },
    { from: pockets.clearing, to, amountMinor, mayOwe: true },
  )
  dispute.amountDeductedMinor = amountDeductedMinor
}

function giveBack(desk: Desk, dispute: Dispute): void {
  const { baseMinor: amountMinor } = dispute
  desk.books.post(
    {
      ...{ entityId: desk.newAdjustmentId(), type: 'adjustment', amountMinor, creditMinor: amountMinor },
      ...{ createdAt: desk.seconds(), paymentId: dispute.paymentId, disputeId: dispute.id, description: 'Dispute won' },
    },
    { from: pockets.disputesInFlight, to: pockets.clearing, amountMinor },
  )
  dispute.amountDeductedMinor = 0n
}

function unsettled({ store }: Desk, disputeId: string): Dispute {
  const dispute = store.disputes.get(disputeId)
  if (dispute.status === 'open' || dispute.status === 'under_review') return dispute
  throw new RangeError(`${disputeId} is ${dispute.status} already.`)
}

export function winDispute(desk: Desk, disputeId: string): void {
  const dispute = unsettled(desk, disputeId)
  if (dispute.heldBack) giveBack(desk, dispute)
  dispute.status = 'won'
  tellDispute(desk, 'won', dispute)
}

export function loseDispute(desk: Desk, disputeId: string): void {
  const dispute = unsettled(desk, disputeId)
  if (!dispute.heldBack) deduct(desk, dispute, pockets.payers)
  else desk.books.move({ from: pockets.disputesInFlight, to: pockets.payers, amountMinor: dispute.baseMinor })
  dispute.status = 'lost'
  tellDispute(desk, 'lost', dispute)
}

export function closeDispute(desk: Desk, disputeId: string): void {
  const dispute = unsettled(desk, disputeId)
  if (dispute.heldBack) giveBack(desk, dispute)
  dispute.status = 'closed'
  tellDispute(desk, 'closed', dispute)
}

/** The evidence does not suffice; the merchant has to send more. */
export function requireEvidence(desk: Desk, disputeId: string): void {
  const dispute = unsettled(desk, disputeId)
  dispute.status = 'open'
  tellDispute(desk, 'action_required', dispute)
}
