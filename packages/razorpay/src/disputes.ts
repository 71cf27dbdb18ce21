import type { CallContext, Money } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { everyPage } from './every-page.js'
import { idOf } from './ids.js'
import { isNotFound } from './outcome.js'
import { unwatched } from './unwatched.js'
import { fromWire, toWire } from './wire-money.js'

/** A dispute as Razorpay tells it. */
export interface RazorpayDispute {
  readonly reference: string
  readonly payment: string
  readonly amount: Money
  /** What was taken from the balance for it so far. */
  readonly deducted: Money
  /** `open`, `under_review`, `won`, `lost`, `closed`. */
  readonly state: string
  /** `chargeback`, `retrieval`, `pre_arbitration`, `arbitration`, `fraud`. */
  readonly phase: string
  readonly reasonCode: string | null
  /** Until when it can be answered, in milliseconds since 1970. */
  readonly respondBy: number | null
  readonly at: number
}

export interface RazorpayEvidence {
  /** What of the dispute is contested; all of it unless it is given. */
  readonly amount?: Money | undefined
  readonly summary?: string | undefined
  /** Ids of uploaded documents by what they prove, in Razorpay's words: `proof_of_service`, `billing_proof` … */
  readonly proofs?: Readonly<Record<string, readonly string[]>> | undefined
  /** Sends it to the bank; a draft unless it is true. */
  readonly submit?: boolean | undefined
}

/** What payers' banks dispute. All of them throw `RazorpayError`. */
export interface RazorpayDisputes {
  /** Null where there is none by that id. */
  fetch(reference: string, context?: CallContext): Promise<RazorpayDispute | null>
  list(context?: CallContext): AsyncIterable<RazorpayDispute>
  /** Gives in: the money goes back to the payer. */
  accept(reference: string, context?: CallContext): Promise<RazorpayDispute>
  contest(reference: string, evidence: RazorpayEvidence, context?: CallContext): Promise<RazorpayDispute>
}

export function createDisputes(client: RazorpayClient): RazorpayDisputes {
  return {
    async fetch(reference, context = unwatched) {
      const id = idOf('dispute', reference)
      try {
        return disputeOf(await client.call(context, (sdk) => sdk.disputes.fetch(id)))
      } catch (error) {
        if (isNotFound(error)) return null
        throw error
      }
    },
    async *list(context = unwatched) {
      const all = everyPage((page) => client.call(context, (sdk) => sdk.disputes.all(page)))
      for await (const dispute of all) yield disputeOf(dispute)
    },
    async accept(reference, context = unwatched) {
      const id = idOf('dispute', reference)
      return disputeOf(await client.call(context, (sdk) => sdk.disputes.accept(id)))
    },
    async contest(reference, { amount, summary, proofs, submit = false }, context = unwatched) {
      const id = idOf('dispute', reference)
      const body = {
        ...(amount === undefined ? {} : { amount: toWire(amount) }),
        ...(summary === undefined ? {} : { summary }),
        ...proofs,
        action: submit ? 'submit' : 'draft',
      }
      return disputeOf(await client.call(context, (sdk) => sdk.disputes.contest(id, body as never)))
    },
  }
}

function disputeOf(dispute: Answer): RazorpayDispute {
  const currency = dispute.text('currency')
  return {
    reference: dispute.text('id'),
    payment: dispute.text('payment_id'),
    amount: fromWire(dispute.integer('amount'), currency),
    deducted: fromWire(dispute.optionalInteger('amount_deducted') ?? 0n, currency),
    state: dispute.text('status'),
    phase: dispute.text('phase'),
    reasonCode: dispute.optionalText('reason_code'),
    respondBy: dispute.optionalAt('respond_by'),
    at: dispute.at('created_at'),
  }
}
