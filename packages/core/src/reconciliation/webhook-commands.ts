import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import type { Subject } from '../gateways/subject.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { nameSchema, parserOf } from '../journal/schema.js'
import { type KeptWebhook, type WebhookState, webhookStates, webhooks } from './webhook-record.js'

/** Made of what the gateway sent, which can be long. */
export const webhookIdSchema = z
  .string()
  .min(1)
  .regex(/^[^\0]*$/)

const keepSchema = z.strictObject({
  ids: z.array(webhookIdSchema).min(1),
  gateway: nameSchema,
  type: z.string().nullable(),
  body: z.string(),
  subjects: z.array(z.custom<Subject>((value) => typeof value === 'object' && value !== null)),
  occurredAt: z.int().nullable(),
})

/** What became of a delivery when it was received. */
export interface KeptAnswer {
  readonly webhook: string
  readonly state: WebhookState
  /** Whether it repeats an earlier one, so that nothing was kept. */
  readonly duplicate: boolean
}

/** Keeps a delivery whose signature was right, once. Everything else about it comes later. */
export const keepWebhookCommand: Command<z.output<typeof keepSchema>, KeptAnswer> = {
  name: 'webhooks.keep',
  parse: parserOf(keepSchema),
  direct: ({ ids }) => ({ records: { webhooks: ids } }),
  decide({ ids, gateway, type, body, subjects, occurredAt }, draft) {
    for (const id of ids) {
      const known = draft.get(webhooks, id)
      if (known) return { webhook: known.sameAs ?? known.id, state: known.state, duplicate: true }
    }
    const [first = '', ...others] = ids
    const nothing = subjects.length === 0
    const kept: KeptWebhook = {
      id: first,
      sameAs: null,
      gateway,
      type,
      state: nothing ? 'ignored' : 'received',
      body,
      subjects,
      reason: nothing ? 'it is about nothing that the ledger keeps' : null,
      attempts: 0,
      nextAt: nothing ? null : draft.now,
      occurredAt,
      receivedAt: draft.now,
      changedAt: draft.now,
      revision: 1,
    }
    draft.put(webhooks, kept)
    for (const id of others) draft.put(webhooks, { ...kept, id, sameAs: first, body: '', subjects: [], nextAt: null })
    return { webhook: first, state: kept.state, duplicate: false }
  },
}

const claimSchema = z.strictObject({ id: webhookIdSchema, leaseMs: z.int().min(1) })

/** A webhook as it was claimed: `revision` is the claim's, which whoever takes it over or has it replayed ends. */
export interface WebhookClaim {
  readonly attempts: number
  readonly revision: number
}

/** Takes a webhook for one attempt; whoever comes meanwhile gets `lease_lost`. */
export const claimWebhookCommand: Command<z.output<typeof claimSchema>, WebhookClaim> = {
  name: 'webhooks.claim',
  parse: parserOf(claimSchema),
  direct: ({ id }) => ({ records: { webhooks: [id] } }),
  decide({ id, leaseMs }, draft) {
    const webhook = requireWebhook(draft, id)
    if (webhook.nextAt === null || webhook.nextAt > draft.now) {
      throw ledgerError('lease_lost', `Webhook ${id} is being applied by another worker, or is not due. Leave it.`)
    }
    const attempts = webhook.attempts + 1
    keep(draft, webhook, { attempts, nextAt: draft.now + leaseMs })
    return { attempts, revision: webhook.revision + 1 }
  },
}

const noteSchema = z.strictObject({
  id: webhookIdSchema,
  /** That of the claim. */
  revision: z.int().min(1),
  state: z.enum(webhookStates),
  reason: z.string().max(1_000).nullable(),
  nextAt: z.int().min(0).nullable(),
})

/**
 * Keeps what came of an attempt. `lease_lost` where another has claimed it since, whose outcome counts, or somebody has had
 * it replayed, which asks for a look that begins later than this one did.
 */
export const noteWebhookCommand: Command<z.output<typeof noteSchema>, { readonly state: WebhookState }> = {
  name: 'webhooks.note',
  parse: parserOf(noteSchema),
  direct: ({ id }) => ({ records: { webhooks: [id] } }),
  decide({ id, revision, state, reason, nextAt }, draft) {
    const webhook = requireWebhook(draft, id)
    if (webhook.revision !== revision) {
      throw ledgerError('lease_lost', `Webhook ${id} was claimed or replayed since. Leave it to the next attempt.`)
    }
    keep(draft, webhook, { state, reason, nextAt })
    return { state }
  },
}

const replaySchema = z.strictObject({ id: webhookIdSchema })

/** Has a webhook looked at again, whatever became of it: what it says is in the books already changes nothing. */
export const replayWebhookCommand: Command<z.output<typeof replaySchema>, { readonly state: WebhookState }> = {
  name: 'webhooks.replay',
  parse: parserOf(replaySchema),
  direct: ({ id }) => ({ records: { webhooks: [id] } }),
  decide({ id }, draft) {
    const webhook = requireWebhook(draft, id)
    keep(draft, webhook, { state: 'received', reason: null, attempts: 0, nextAt: draft.now })
    return { state: 'received' }
  },
}

function keep(draft: Draft, webhook: KeptWebhook, changes: Partial<KeptWebhook>): void {
  draft.put(webhooks, { ...webhook, ...changes, changedAt: draft.now, revision: webhook.revision + 1 })
}

/** Throws `webhook_not_found`. */
function requireWebhook(draft: Draft, id: string): KeptWebhook {
  const webhook = draft.get(webhooks, id)
  if (webhook && webhook.sameAs === null) return webhook
  throw ledgerError('webhook_not_found', `There is no webhook ${id} in this book. webhooks.list shows them.`)
}
