import type { Gateway } from 'escrow-ledger'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Windows end a little before PayPal's, so that a request that is under way when they do still falls into them. */
const MARGIN_MS = 10 * 60_000

const asked = { resendWindowMs: null, askedBy: 'key', absenceIsFinal: false } as const

/** How PayPal keeps each kind of call to one effect. */
export const operations: Gateway['operations'] = {
  /**
   * PayPal cannot look for an order. One whose answer was lost is nobody's: no payer knows its id, so that it can never be
   * paid, and it is right to make another.
   */
  order: { resendWindowMs: 6 * HOUR_MS - MARGIN_MS, askedBy: 'key', absenceIsFinal: true },
  /** The order tells whether it was captured. */
  capture: { resendWindowMs: 6 * HOUR_MS - MARGIN_MS, askedBy: 'key', absenceIsFinal: true },
  /** Found by the key in `custom_id` among the refunds of the payment's order, which a payment made elsewhere may not have. */
  refund: { resendWindowMs: 45 * DAY_MS - MARGIN_MS, askedBy: 'key', absenceIsFinal: false },
  /** `sender_batch_id`, the key of the batch, is unique for 30 days. After that nothing can be asked for without PayPal's own id of the batch. */
  payout: { resendWindowMs: 30 * DAY_MS - MARGIN_MS, askedBy: null, absenceIsFinal: false, watchedMs: 30 * DAY_MS },
  /** What is held of a payment can be disbursed only once, under whatever key. */
  release: { resendWindowMs: Number.POSITIVE_INFINITY, askedBy: null, absenceIsFinal: false },
  /** An order names its seller, who has its part of the payment from the start. */
  transfer: { ...asked, comesWith: 'payment' },
  /** What a seller gives back goes to the payer with a refund, and nowhere else. */
  reversal: { ...asked, comesWith: 'refund' },
}
