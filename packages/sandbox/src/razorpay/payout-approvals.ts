import type { Desk } from './desk.js'
import { noDetails } from './payout-status.js'
import { changePayout, startPayout } from './payouts.js'
import type { Payout } from './records.js'

function pendingPayout({ store }: Desk, payoutId: string): Payout {
  const payout = store.payouts.get(payoutId)
  if (payout.status !== 'pending') throw new RangeError(`${payoutId} is ${payout.status} and waits for no approval.`)
  return payout
}

/** Somebody of the merchant's team approves a payout. */
export const approvePayout = (desk: Desk, payoutId: string): void => startPayout(desk, pendingPayout(desk, payoutId))

export const rejectPayout = (desk: Desk, payoutId: string): void =>
  changePayout(desk, pendingPayout(desk, payoutId), 'rejected', { status: 'rejected', statusDetails: noDetails })
