import { LedgerError } from '../errors/index.js'
import { claimWebhookCommand, noteWebhookCommand } from '../reconciliation/webhook-commands.js'
import type { KeptWebhook, WebhookState } from '../reconciliation/webhook-record.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'
import { lookAtSubject, type Sight } from './look-at-subject.js'
import type { CallOptions } from './request.js'

export interface ApplyOptions extends Pick<CallOptions, 'actor'> {
  /** Looks at no further ones; those that were begun are finished. */
  readonly signal?: AbortSignal | undefined
  /** Webhooks at most. */
  readonly limit?: number | undefined
  /** Looked at at once; 8 unless it is given. */
  readonly concurrency?: number | undefined
}

/** How many webhooks ended in which state. */
export interface ApplyRun {
  readonly looked: number
  readonly byState: Readonly<Partial<Record<WebhookState, number>>>
}

const PAGE = 100
const LEASE_MS = 120_000
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 3_600_000
/** What nobody here has come to know of in this time is given up; an operator can have it looked at again. */
const GIVEN_UP_AFTER_MS = 30 * 86_400_000

/** Looks up, in the API of its gateway, what each webhook that is due is about. */
export async function applyWebhooks(context: BookContext, options: ApplyOptions): Promise<ApplyRun> {
  const { limit = Number.POSITIVE_INFINITY, concurrency = 8, signal } = options
  const byState: Partial<Record<WebhookState, number>> = {}
  const asOf = context.runtime.now()
  let looked = 0
  let after: RecordQuery['after'] = null
  while (looked < limit && !signal?.aborted) {
    const query = { kind: 'webhooks', atMost: { field: 'nextAt', value: asOf }, order: ['nextAt'], after } as const
    const found = (await context.reads.records(context.book, { ...query, limit: PAGE })) as KeptWebhook[]
    const ready = found.filter(({ gateway }) => context.lines.has(gateway)).slice(0, limit - looked)
    for (let start = 0; start < ready.length && !signal?.aborted; start += concurrency) {
      const some = ready.slice(start, start + concurrency)
      for (const state of await Promise.all(some.map((webhook) => applyOne(context, webhook, options)))) {
        if (state === null) continue
        looked += 1
        byState[state] = (byState[state] ?? 0) + 1
      }
    }
    const last = found.at(-1)
    if (!last || found.length < PAGE) break
    after = [last.nextAt, last.id]
  }
  return { looked, byState }
}

/** One webhook; null when somebody else has it. */
async function applyOne(
  context: BookContext,
  webhook: KeptWebhook,
  options: ApplyOptions,
): Promise<WebhookState | null> {
  const call = { actor: options.actor ?? 'inbox' }
  const attempts = await claim(context, webhook, call)
  if (attempts === null) return null
  const seen: Sight[] = []
  for (const subject of webhook.subjects) {
    seen.push(await lookAtSubject(context, { gateway: webhook.gateway, subject }))
  }
  const note = { id: webhook.id, ...conclusion(context, { webhook, attempts, seen }) }
  return (await context.run(noteWebhookCommand, note, call)).result.state
}

async function claim(context: BookContext, { id }: KeptWebhook, call: CallOptions): Promise<number | null> {
  try {
    return (await context.run(claimWebhookCommand, { id, leaseMs: LEASE_MS }, call)).result.attempts
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'lease_lost') return null
    throw error
  }
}

interface Looked {
  readonly webhook: KeptWebhook
  readonly attempts: number
  readonly seen: readonly Sight[]
}

/** What contradicts the books is for people; what is not known yet is looked at again, for a while. */
function conclusion({ runtime }: BookContext, { webhook, attempts, seen }: Looked) {
  const reason =
    seen
      .flatMap((sight) => ('reason' in sight ? [sight.reason] : []))
      .join('; ')
      .slice(0, 1_000) || null
  const is = (sight: Sight['sight']) => seen.some((each) => each.sight === sight)
  if (is('contradicts')) return { state: 'dead', reason, nextAt: null } as const
  if (!is('waits')) return { state: is('posted') ? 'applied' : 'ignored', reason, nextAt: null } as const
  const now = runtime.now()
  if (now - webhook.receivedAt > GIVEN_UP_AFTER_MS) return { state: 'dead', reason, nextAt: null } as const
  const base = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 12))
  const [byte = 0] = runtime.random(1)
  return { state: 'waiting', reason, nextAt: now + base + Math.floor((base / 4) * (byte / 255)) } as const
}
