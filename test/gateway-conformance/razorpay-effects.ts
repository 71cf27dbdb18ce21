import type { InstructionKind } from 'escrow-ledger'

/** A record of Razorpay's, in its own words; the amount in subunits, which are minor units in the currencies used here. */
export interface RazorpayRecord {
  readonly amount: number
  readonly status: string
  readonly captured?: boolean
  readonly on_hold?: boolean
}

interface EffectList {
  readonly list: string
  readonly counts: (record: RazorpayRecord) => boolean
}

const all = () => true

/** Where the effects of each kind of call are among the records of the sandbox, and which of them count. */
export const effectLists: Readonly<Record<InstructionKind, EffectList>> = {
  order: { list: 'orders', counts: all },
  capture: { list: 'payments', counts: ({ captured }) => captured === true },
  refund: { list: 'refunds', counts: all },
  payout: { list: 'payouts', counts: all },
  transfer: { list: 'transfers', counts: all },
  release: { list: 'transfers', counts: ({ on_hold }) => on_hold === false },
  reversal: { list: 'reversals', counts: all },
}
