import { pockets } from './books.js'
import type { Desk } from './desk.js'
import { payoutEntity } from './payout-entity.js'
import { statusDetails } from './payout-status.js'
import type { Payout } from './records.js'
import { type Charge, chargeOf, noCharge } from './subunits.js'
import { addTransaction } from './transactions.js'

const payoutCharge = ({ settings: { fees } }: Desk): Charge => chargeOf(fees.payoutMinor, fees.taxBasisPoints)

/** Whether the balance of RazorpayX covers a payout and its fee. */
export const canPay = (desk: Desk, amountMinor: bigint): boolean =>
  desk.books.sheet.balance(pockets.payouts, 'INR') >= amountMinor + payoutCharge(desk).feeMinor

const tell = (desk: Desk, event: string, payout: Payout) => desk.tell(event, { payout: payoutEntity(payout) })

export function changePayout(desk: Desk, payout: Payout, event: string, change: Partial<Payout>): void {
  Object.assign(payout, change)
  tell(desk, `payout.${event}`, payout)
}

/**
 * Hands a payout to the bank, or queues it while the balance is too low.
 *
 * | from | to | ₹600.00 |
 * | --- | --- | --- |
 * | razorpayx | in-flight:payouts | 600.00 |
 * | razorpayx | razorpay:fees | 5.00 |
 * | razorpayx | razorpay:taxes | 0.90 |
 */
export function startPayout(desk: Desk, payout: Payout): void {
  if (!canPay(desk, payout.amountMinor)) {
    if (payout.status === 'queued') return
    const reason = payout.queueIfLowBalance ? 'low_balance' : 'insufficient_funds'
    const status = payout.queueIfLowBalance ? 'queued' : 'failed'
    changePayout(desk, payout, status, { status, statusDetails: statusDetails(reason) })
    return
  }
  const { feeMinor, taxMinor } = payoutCharge(desk)
  const { amountMinor } = payout
  desk.books.move(
    { from: pockets.payouts, to: pockets.payoutsInFlight, amountMinor },
    { from: pockets.payouts, to: pockets.fees, amountMinor: feeMinor - taxMinor },
    { from: pockets.payouts, to: pockets.taxes, amountMinor: taxMinor },
  )
  addTransaction(desk, { amountMinor, debitMinor: amountMinor + feeMinor, source: () => payoutEntity(payout) })
  const details = statusDetails('payout_bank_processing')
  changePayout(desk, payout, 'initiated', { status: 'processing', feeMinor, taxMinor, statusDetails: details })
  desk.later(desk.settings.times.payoutMs, () => {
    if (payout.status === 'processing') processPayout(desk, payout)
  })
}

function processPayout(desk: Desk, payout: Payout): void {
  desk.books.move({ from: pockets.payoutsInFlight, to: pockets.beneficiaries, amountMinor: payout.amountMinor })
  const utr = desk.newReference('', 12)
  changePayout(desk, payout, 'processed', {
    status: 'processed',
    utr,
    statusDetails: statusDetails('payout_processed'),
  })
  tell(desk, 'payout.updated', payout)
}

/** Banks process all payouts that they have; gives the ids. */
export function processPayouts(desk: Desk): string[] {
  const processing = desk.store.payouts.where(({ status }) => status === 'processing')
  for (const payout of processing) processPayout(desk, payout)
  return processing.map(({ id }) => id)
}

/** Queued payouts go on, oldest first, as far as the balance carries them. */
export function resumePayouts(desk: Desk): void {
  for (const payout of desk.store.payouts.where(({ status }) => status === 'queued')) startPayout(desk, payout)
}

/** A payout that is on its way fails. The amount and the fee are back in the balance. */
export function failPayout(desk: Desk, payoutId: string, reason: string): void {
  const payout = desk.store.payouts.get(payoutId)
  const details = statusDetails(reason)
  if (payout.status === 'processing') giveBack(desk, payout, pockets.payoutsInFlight, payout)
  else if (payout.status !== 'queued') throw new RangeError(`${payoutId} is ${payout.status} and cannot fail.`)
  changePayout(desk, payout, 'failed', { status: 'failed', feeMinor: 0n, taxMinor: 0n, statusDetails: details })
  resumePayouts(desk)
}

/** The beneficiary's bank sends a payout back. The amount is in the balance again, the fee is not. */
export function reversePayout(desk: Desk, payoutId: string, reason: string): void {
  const payout = desk.store.payouts.get(payoutId)
  const details = statusDetails(reason)
  if (payout.status !== 'processing' && payout.status !== 'processed') {
    throw new RangeError(`${payoutId} is ${payout.status} and cannot be reversed.`)
  }
  const from = payout.status === 'processed' ? pockets.beneficiaries : pockets.payoutsInFlight
  giveBack(desk, payout, from, noCharge)
  changePayout(desk, payout, 'reversed', { status: 'reversed', statusDetails: details })
  resumePayouts(desk)
}

function giveBack(desk: Desk, payout: Payout, from: string, { feeMinor, taxMinor }: Charge): void {
  const { amountMinor } = payout
  desk.books.move(
    { from, to: pockets.payouts, amountMinor },
    { from: pockets.fees, to: pockets.payouts, amountMinor: feeMinor - taxMinor },
    { from: pockets.taxes, to: pockets.payouts, amountMinor: taxMinor },
  )
  const id = desk.newId('reversals')
  const source = { ...{ id, entity: 'reversal', payout_id: payout.id, created_at: desk.seconds() } }
  addTransaction(desk, { amountMinor, creditMinor: amountMinor + feeMinor, source: () => source })
}
