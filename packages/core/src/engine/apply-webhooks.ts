import { storableText } from '../accounts/storable-text.js'
import { LedgerError } from '../errors/index.js'
import { claimWebhookCommand, noteWebhookCommand } from '../reconciliation/webhook-commands.js'
import type { KeptWebhook, WebhookState } from '../reconciliation/webhook-record.js'
import { backoff } from './backoff.js'
import { type BatchReadings, createBatchReadings } from './batch-readings.js'
import type { BookContext } from './context.js'
import { countedBy, type DueFailure, type DueOptions, dueOptions, workThroughDue } from './due.js'
import { lookAtSubject, type Sight } from './look-at-subject.js'
import { readerOf } from './read-options.js'
import type { CallOptions } from './request.js'

/** `limit` counts webhooks, `concurrency` those that are looked at at once. */
export interface ApplyOptions extends DueOptions, Pick<CallOptions, 'actor'> {}

/** How many webhooks ended in which state. */
export interface ApplyRun {
  readonly looked: number
  readonly byState: Readonly<Partial<Record<WebhookState, number>>>
  /** Webhooks with which something went wrong here: they stay due. */
  readonly failures: readonly DueFailure[]
}

const LEASE_MS = 120_000
const waits = { firstMs: 5_000, longestMs: 3_600_000 } as const
/** What nobody here has come to know of in this time is given up; an operator can have it looked at again. */
const GIVEN_UP_AFTER_MS = 30 * 86_400_000

const readOptions = readerOf(dueOptions)

/** Looks up, in the API of its gateway, what each webhook that is due is about. */
export async function applyWebhooks(context: BookContext, given?: ApplyOptions): Promise<ApplyRun> {
  const options = readOptions(given)
  const due = { kind: 'webhooks', options } as const
  const readings = createBatchReadings(context)
  const { results, failures } = await workThroughDue(context, due, async (webhook: KeptWebhook) => {
    const state = await applyOne(context, webhook, { ...options, readings })
    return state === null ? [] : [state]
  })
  return { looked: results.length, byState: countedBy(results), failures }
}

/** One webhook; null when somebody else has it. */
async function applyOne(
  context: BookContext,
  webhook: KeptWebhook,
  { readings, ...options }: ApplyOptions & { readonly readings: BatchReadings },
): Promise<WebhookState | null> {
  const call = { actor: options.actor ?? 'inbox' }
  const claimed = await unlessOvertaken(context.run(claimWebhookCommand, { id: webhook.id, leaseMs: LEASE_MS }, call))
  if (!claimed) return null
  const { attempts, revision } = claimed.result
  const seen: Sight[] = []
  for (const subject of webhook.subjects) {
    const looking = { gateway: webhook.gateway, subject, readings: readings.since(webhook.receivedAt) }
    seen.push(await lookAtSubject(context, looking))
  }
  const note = { id: webhook.id, revision, ...conclusion(context, { webhook, attempts, seen }) }
  const noted = await unlessOvertaken(context.run(noteWebhookCommand, note, call))
  return noted?.result.state ?? null
}

async function unlessOvertaken<Result>(running: Promise<Result>): Promise<Result | null> {
  try {
    return await running
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
      .flatMap((sight) => ('reason' in sight ? [storableText(sight.reason)] : []))
      .join('; ')
      .slice(0, 1_000) || null
  const is = (sight: Sight['sight']) => seen.some((each) => each.sight === sight)
  if (is('contradicts')) return { state: 'dead', reason, nextAt: null } as const
  if (!is('waits')) return { state: is('posted') ? 'applied' : 'ignored', reason, nextAt: null } as const
  const now = runtime.now()
  if (now - webhook.receivedAt > GIVEN_UP_AFTER_MS) return { state: 'dead', reason, nextAt: null } as const
  return { state: 'waiting', reason, nextAt: now + backoff(runtime, { ...waits, attempts }) } as const
}
