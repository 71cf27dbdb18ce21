import { PocketEmpty } from '../world/balance-sheet.js'
import { pockets } from './books.js'
import type { Desk } from './desk.js'
import type { Order, Payment, Transfer } from './records.js'
import { basisPointsOf, type Charge, chargeOf } from './subunits.js'
import { transferEntity } from './transfer-entity.js'

/** What Razorpay takes for a transfer. */
export function transferCharge({ settings: { fees } }: Desk, amountMinor: bigint): Charge {
  return chargeOf(basisPointsOf(amountMinor, fees.transferBasisPoints), fees.taxBasisPoints)
}

/**
 * Takes the money for a transfer and its fee out of the balance. Throws `PocketEmpty` when the balance is too low.
 *
 * | from | to | ₹800.00 at 0.25 % and 18 % GST |
 * | --- | --- | --- |
 * | clearing | in-flight:transfers | 800.00 |
 * | clearing | razorpay:fees | 2.00 |
 * | clearing | razorpay:taxes | 0.36 |
 */
export function payForTransfer(desk: Desk, transfer: Transfer): void {
  const { amountMinor, paymentId } = transfer
  const { feeMinor, taxMinor } = transferCharge(desk, amountMinor)
  desk.books.post(
    {
      ...{ entityId: transfer.id, type: 'transfer', amountMinor, debitMinor: amountMinor + feeMinor },
      ...{ feeMinor, taxMinor, createdAt: desk.seconds(), paymentId },
    },
    { from: pockets.clearing, to: pockets.transfersInFlight, amountMinor },
    { from: pockets.clearing, to: pockets.fees, amountMinor: feeMinor - taxMinor },
    { from: pockets.clearing, to: pockets.taxes, amountMinor: taxMinor },
  )
  Object.assign(transfer, { feeMinor, taxMinor, status: 'pending' })
  const payment = paymentId === null ? undefined : desk.store.payments.get(paymentId)
  if (payment) payment.amountTransferredMinor += amountMinor
}

/** Processes a transfer that was paid for, a little later. */
export function processTransferLater(desk: Desk, transfer: Transfer): void {
  desk.later(desk.settings.times.transferMs, () => {
    if (transfer.status === 'pending') processTransfer(desk, transfer)
  })
}

/** The linked account has the money now; it is settled with its bank unless it is on hold. */
export function processTransfer(desk: Desk, transfer: Transfer): void {
  const { amountMinor, recipient } = transfer
  desk.books.move({ from: pockets.transfersInFlight, to: pockets.linked(recipient), amountMinor })
  Object.assign(transfer, { status: 'processed', processedAt: desk.seconds() })
  desk.tell('transfer.processed', { transfer: transferEntity(transfer) })
}

/** Processes all that are pending at once; gives the ids. */
export function processTransfers(desk: Desk): string[] {
  const pending = desk.store.transfers.where(({ status }) => status === 'pending')
  for (const transfer of pending) processTransfer(desk, transfer)
  return pending.map(({ id }) => id)
}

/** A transfer that is pending fails: the money and the fee are back in the balance. */
export function failTransfer(desk: Desk, transferId: string): void {
  const transfer = desk.store.transfers.get(transferId)
  if (transfer.status !== 'pending') throw new RangeError(`${transferId} is not pending.`)
  const { amountMinor, feeMinor, taxMinor, paymentId } = transfer
  desk.books.post(
    {
      ...{ entityId: desk.newAdjustmentId(), type: 'adjustment', amountMinor, creditMinor: amountMinor + feeMinor },
      ...{ createdAt: desk.seconds(), paymentId, description: `Transfer ${transfer.id} failed` },
    },
    { from: pockets.transfersInFlight, to: pockets.clearing, amountMinor },
    { from: pockets.fees, to: pockets.clearing, amountMinor: feeMinor - taxMinor },
    { from: pockets.taxes, to: pockets.clearing, amountMinor: taxMinor },
  )
  const payment = paymentId === null ? undefined : desk.store.payments.get(paymentId)
  if (payment) payment.amountTransferredMinor -= amountMinor
  tellFailed(desk, transfer, { description: 'Transfer failed', reason: 'transfer_failed' })
}

function tellFailed(desk: Desk, transfer: Transfer, error: { description: string; reason: string }): void {
  Object.assign(transfer, {
    status: 'failed',
    feeMinor: 0n,
    taxMinor: 0n,
    error: { code: 'BAD_REQUEST_ERROR', ...error },
  })
  desk.tell('transfer.failed', { transfer: transferEntity(transfer) })
}

/** The order is paid: its transfers start, each as far as the balance carries it. */
export function startOrderTransfers(desk: Desk, order: Order, payment: Payment): void {
  for (const transfer of desk.store.transfers.where(
    ({ source, status }) => source === order.id && status === 'created',
  )) {
    transfer.paymentId = payment.id
    try {
      payForTransfer(desk, transfer)
    } catch (error) {
      if (!(error instanceof PocketEmpty)) throw error
      const description = 'Transfer cannot be made due to insufficient balance'
      tellFailed(desk, transfer, { description, reason: 'insufficient_account_balance' })
      continue
    }
    releaseInTime(desk, transfer)
    processTransferLater(desk, transfer)
  }
}

/** Lets go of a held transfer at the time that it was given. Another time, or none, may have been set since. */
export function releaseInTime(desk: Desk, transfer: Transfer): void {
  const until = transfer.onHoldUntil
  if (until === null) return
  desk.at(until * 1000, () => {
    if (transfer.onHoldUntil === until && transfer.onHold) Object.assign(transfer, { onHold: false, onHoldUntil: null })
  })
}
