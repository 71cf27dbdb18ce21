import type { ErrorCode, Gateway } from 'escrow-ledger'
import { inr } from '../fixtures/deals.js'
import type { OpenLedger, OpenOptions } from '../fixtures/open-ledger.js'
import { refundsAndPayouts } from '../fixtures/operations.js'

/** A call that is refused, and how it should be told. */
export interface RefusedCall {
  readonly code: ErrorCode
  readonly open?: OpenOptions
  /** Brings the books to where the call is refused. */
  readonly given?: (opened: OpenLedger) => Promise<unknown>
  readonly call: (opened: OpenLedger) => unknown
  readonly says: string
  /** The fields of the error beside those that every error has. */
  readonly facts?: object
}

/** An entry of two lines, `from` debited. */
export const transfer = (from: string, to: string, amount = inr('10.00')) => ({
  postings: [
    { account: from, debit: amount },
    { account: to, credit: amount },
  ],
})

/** A gateway that takes whole rupees from INR 100.00 on, and is never called here. */
export const choosy: Gateway = {
  operations: refundsAndPayouts(null),
  stepMinor: () => 100n,
  minimumMinor: () => 10_000n,
  send: async () => ({ outcome: 'unknown', reason: 'nothing is sent here' }),
  ask: async () => ({ outcome: 'unknown', reason: 'nothing is sent here' }),
}
