import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { DeliveryHeaders } from '../gateways/webhook.js'
import { nameSchema, parserOf } from '../journal/schema.js'
import {
  type KeptAnswer,
  keepWebhookCommand,
  replayWebhookCommand,
  webhookIdSchema,
} from '../reconciliation/webhook-commands.js'
import { type KeptWebhook, type WebhookState, webhookStates } from '../reconciliation/webhook-record.js'
import { type ApplyOptions, type ApplyRun, applyWebhooks } from './apply-webhooks.js'
import { bodyText } from './body-text.js'
import type { BookContext } from './context.js'
import { requireGateway } from './gateway-directory.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { readerOf, whereOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** A webhook as the host sees it. */
export interface WebhookView {
  readonly id: string
  readonly gateway: string
  /** In the gateway's words, such as `payment.captured`. */
  readonly type: string | null
  readonly state: WebhookState
  /** Why it is in its state, where there is a reason. */
  readonly reason: string | null
  readonly attempts: number
  readonly nextAt: number | null
  /** When the gateway says that it happened, in milliseconds since 1970. */
  readonly occurredAt: number | null
  readonly receivedAt: number
}

/** What gateways tell by themselves. Nothing depends on it: whatever is not final is asked about as well. */
export interface Webhooks {
  /**
   * Takes a delivery as it arrived: verifies it over its raw bytes, and keeps it, once. Answer the gateway 2xx when it
   * returns, and before anything else: what it is about is looked up in the gateway's API afterwards, by `apply` or a
   * worker, and posted from there.
   *
   * Throws `not_authentic` (answer 400), `certificate_unavailable` and `storage_busy` and the like (503: the gateway sends
   * it again), `gateway_not_found`, `invalid_input`.
   */
  receive(delivery: {
    readonly gateway: string
    readonly headers: DeliveryHeaders
    /** The bytes of the body as they came over the wire. */
    readonly rawBody: Uint8Array
  }): Promise<KeptAnswer>
  /** Looks up what has been received and is due, and posts what the gateway's API says. Many may do so at once. */
  apply(options?: ApplyOptions): Promise<ApplyRun>
  /** With its body as it came, personal data included. Throws `webhook_not_found`. */
  get(id: string): Promise<WebhookView & { readonly body: string }>
  /** In the order in which they were received. `dead` ones were given up. */
  list(filter?: {
    readonly state?: WebhookState | undefined
    readonly gateway?: string | undefined
  }): Listing<WebhookView>
  /** Has one looked at again with the next `apply`, whatever became of it. `webhook_not_found`. */
  replay(input: { readonly id: string }, options?: CallOptions): Promise<{ readonly state: WebhookState }>
}

/** Headers and body are checked by whoever verifies them. */
const deliverySchema = z.object({ gateway: nameSchema })

const readId = parserOf(webhookIdSchema)
const readFilter = readerOf({ state: z.enum(webhookStates).optional(), gateway: nameSchema.optional() })

export function createWebhooks(context: BookContext): Webhooks {
  const { reads, book } = context
  return {
    async receive(delivery) {
      const { gateway } = parserOf(deliverySchema)(delivery)
      const { headers, rawBody } = delivery
      const { webhooks } = requireGateway(context.gateways, gateway)
      if (!webhooks) {
        const message = `The adapter of ${gateway} verifies no webhooks. See that it was given their secrets.`
        throw ledgerError('operation_unsupported', message, { gateway, operation: 'webhook' })
      }
      const verified = await webhooks.verify({ headers, rawBody })
      const { type, dedupeKeys, occurredAt } = verified
      const ids = [...new Set(dedupeKeys.map((key) => `${gateway}:${key}`))]
      const subjects = webhooks.subjectsOf(verified)
      const kept = { ids, gateway, type, body: bodyText(rawBody), subjects, occurredAt }
      return (await context.run(keepWebhookCommand, kept, { actor: `gateway:${gateway}` })).result
    },
    apply: (options) => applyWebhooks(context, options),
    async get(id) {
      const webhook = (await reads.record(book, 'webhooks', readId(id))) as KeptWebhook | null
      if (webhook && webhook.sameAs === null) return { ...webhookView(webhook), body: webhook.body }
      throw ledgerError('webhook_not_found', `There is no webhook ${id} in this book. webhooks.list shows them.`)
    },
    list(filter) {
      const where = whereOf(readFilter(filter))
      return createListing<KeptWebhook, WebhookView>({
        fetch: async (after, limit) => {
          const query = { kind: 'webhooks', where, order: ['receivedAt'], after, limit } as const
          return (await reads.records(book, query)) as KeptWebhook[]
        },
        cursorOf: (webhook) => [webhook.receivedAt, webhook.id],
        cursor: z.tuple([cursorParts.integer, cursorParts.text]),
        // Other names of a delivery are no webhooks of their own.
        view: (webhook) => (webhook.sameAs === null ? webhookView(webhook) : null),
      })
    },
    replay: async (input, options) => (await context.run(replayWebhookCommand, input, options)).result,
  }
}

function webhookView(webhook: KeptWebhook): WebhookView {
  const { id, gateway, type, state, reason, attempts, nextAt, occurredAt, receivedAt } = webhook
  return { id, gateway, type, state, reason, attempts, nextAt, occurredAt, receivedAt }
}
