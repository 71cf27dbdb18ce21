import type { InstructionKind } from '../instructions/instruction.js'
import type { GatewayCall } from './call.js'
import type { ClawbackKind, GatewayClawback } from './clawback.js'
import type { CallContext } from './exchange.js'
import type { GatewayPayment } from './gateway-payment.js'
import type { CallOutcome } from './outcome.js'
import type { PayeeAccount, PayeeDetails } from './payee-account.js'
import type { PayoutBatches } from './payout-batches.js'
import type { GatewaySettlement, SettlementLine } from './settlement.js'
import type { Subject } from './subject.js'
import type { VerifiedWebhook, WebhookVerifier } from './webhook.js'

/** How a gateway keeps one kind of call to one effect. */
export interface Operation {
  /**
   * For so many milliseconds after the first attempt, the same key has one effect however often it is sent; null where
   * the gateway has no keys for it. After that an unknown call is only asked about.
   */
  readonly resendWindowMs: number | null
  /**
   * How a call is found again whose answer was lost: by its `key`, which the gateway keeps (a receipt, a note, an id of
   * ours), or not at all (`null`), so that after the window an operator has to look.
   */
  readonly askedBy: 'key' | null
  /** Whether "no such call" is for good, once the deadline of the last attempt and a margin have passed. */
  readonly absenceIsFinal: boolean
  /** For so many milliseconds after it was processed it may still come back, so it is asked about once a day. */
  readonly watchedMs?: number | undefined
  /**
   * Nobody asks for it: the gateway does it along with a payment (a transfer to the payee's own account) or a refund (what
   * that account gives of it), and tells it with that. It is refused as a request.
   */
  readonly comesWith?: 'payment' | 'refund' | undefined
}

/**
 * A gateway, as the ledger uses it. An adapter translates, and decides nothing: it turns a call into the gateway's
 * requests and their answers into an outcome. It may throw, which counts as `unknown`.
 *
 * The contract of `send`: it may be called again with the same call within the operation's `resendWindowMs`, and has one
 * effect then. An answer that is not clearly a refusal is `unknown`. `ask` changes nothing at the gateway.
 */
export interface Gateway {
  /** The account that payments arrive in; `gateway:<name>:clearing` unless it says otherwise. */
  readonly clearing?: string | undefined
  /** The account that payouts leave from; the clearing account unless it says otherwise. */
  readonly payouts?: string | undefined
  /**
   * The account that refunds leave from; unless it says otherwise, where the payment arrived, or where payouts leave from
   * for one that is sent another way.
   */
  readonly refunds?: string | undefined
  /** The smallest unit of its wire, in minor units; 1 unless it says otherwise. */
  readonly stepMinor?: ((currency: string) => bigint) | undefined
  /** The smallest amount it takes, in minor units; 1 unless it says otherwise. */
  readonly minimumMinor?: ((currency: string) => bigint) | undefined
  /** What it can be asked to do. A kind that is not named here is refused before anything is recorded. */
  readonly operations: Readonly<Partial<Record<InstructionKind, Operation>>>
  /** Whether people, not an API, say what became of a call: then there is nothing to poll. */
  readonly manual?: boolean | undefined
  /** How long a request may take, in milliseconds; 30,000 unless it says otherwise. */
  readonly deadlineMs?: number | undefined

  /** Where a payee is paid, in the gateway's words (a fund account, a linked account); null where that is not known yet. */
  destinationOf?(payee: string, kind: InstructionKind): Promise<string | null>
  send(call: GatewayCall, context: CallContext): Promise<CallOutcome>
  /** Asks what became of a call that was sent. */
  ask(call: GatewayCall, context: CallContext): Promise<CallOutcome>

  /** Where payouts go out many at a time. Then all that are due go so, one alone as a batch of one. */
  readonly payoutBatches?: PayoutBatches | undefined
  /** Reads payments. Null where there is none by that reference. */
  readonly payments?: { fetch(reference: string, context: CallContext): Promise<GatewayPayment | null> } | undefined
  /** Reads what it takes back out of payments without our asking. */
  readonly clawbacks?:
    | {
        /** Null where there is none by that reference. */
        fetch(
          of: { readonly kind: ClawbackKind; readonly reference: string },
          context: CallContext,
        ): Promise<GatewayClawback | null>
        /** Refunds, ours among them, and disputes that were made or changed in [from, through], milliseconds since 1970. */
        list(
          range: { readonly from: number; readonly through: number },
          context: CallContext,
        ): AsyncIterable<Subject & { readonly kind: ClawbackKind }>
      }
    | undefined
  /** What goes from its balance to our bank. */
  readonly settlements?:
    | {
        fetch(reference: string, context: CallContext): Promise<GatewaySettlement | null>
        /** Settlements made in [from, through], milliseconds since 1970. */
        list(
          range: { readonly from: number; readonly through: number },
          context: CallContext,
        ): AsyncIterable<GatewaySettlement>
        /** What went into and out of the balance in [from, through]. */
        lines(
          range: { readonly from: number; readonly through: number },
          context: CallContext,
        ): AsyncIterable<SettlementLine>
      }
    | undefined
  /** Takes up payees, and says how far they have come. */
  readonly payees?:
    | {
        onboard(payee: PayeeDetails, context: CallContext): Promise<PayeeAccount>
        fetch(reference: string, context: CallContext): Promise<PayeeAccount | null>
      }
    | undefined
  readonly webhooks?: GatewayWebhooks | undefined
}

/** Tells the gateway's webhooks from everybody else's, and what each is about. */
export interface GatewayWebhooks<Webhook extends VerifiedWebhook = VerifiedWebhook> extends WebhookVerifier<Webhook> {
  /** What to look at; empty where the event is about nothing that the ledger keeps. Takes what `verify` answered as JSON. */
  subjectsOf(event: { readonly type: string | null; readonly body: unknown }): readonly Subject[]
}
