import type { PayoutCall } from './call.js'
import type { CallContext, Exchange } from './exchange.js'
import type { CallOutcome } from './outcome.js'

/** Payouts of one currency that go out in one request. */
export interface PayoutBatch {
  /** The key under which the gateway knows the batch, 36 characters: the same whenever it is sent. */
  readonly key: string
  /** The same payouts whenever it is sent, less those that an operator has settled meanwhile. */
  readonly payouts: readonly PayoutCall[]
}

/** What came of sending a batch. Whatever is not clearly one of the others is `unknown`. */
export type BatchOutcome =
  /** The gateway has all of it; `reference` is what it calls it, and each of its payouts until more is known of that. */
  | { readonly outcome: 'accepted'; readonly reference: string }
  /** The gateway takes none of it, for good. */
  | {
      readonly outcome: 'refused'
      readonly code: string
      readonly reason: string
      readonly requestId?: string | null | undefined
      /** The keys of the payouts that it names as the cause; empty where it names none. */
      readonly because: readonly string[]
    }
  /** None of it now, as with a call that is `waiting`. */
  | {
      readonly outcome: 'waiting'
      readonly reason: string
      readonly retryAt?: number | undefined
      /** Whether what is in the way may lie in some of the payouts, or in their sum, so that a part of them may go. */
      readonly partly: boolean
    }
  | { readonly outcome: 'unknown'; readonly reason: string; readonly retryAt?: number | undefined }

/** One page of what became of the payouts of a batch, or why that is not known. */
export type PayoutPage =
  | {
      readonly outcome: 'read'
      /** By the keys of the payouts. */
      readonly payouts: ReadonlyMap<string, CallOutcome>
      /** What is to be said of a payout that stands on none of the pages: `accepted` while it may still come to this one. */
      readonly others: CallOutcome
      readonly more: boolean
    }
  | Extract<CallOutcome, { readonly outcome: 'unknown' }>

/**
 * For a gateway that takes many payouts in one request. The contract of `send` is that of a call's: sent again under its key
 * within the `resendWindowMs` of payouts, each payout of it has one effect. `read` changes nothing at the gateway.
 */
export interface PayoutBatches {
  /** So many payouts of one currency in one request. */
  readonly maximum: number
  send(batch: PayoutBatch, context: CallContext): Promise<BatchOutcome>
  /** What became of the payouts of a batch, a page at a time; the first page is 1. */
  read(of: { readonly reference: string; readonly page: number }, context: CallContext): Promise<PayoutPage>
  /** What of a request about many payouts is about one of them, by its key: so much is kept with its instruction. */
  partOf(exchange: Exchange, key: string): Exchange
}
