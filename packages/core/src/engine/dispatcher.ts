import { LedgerError } from '../errors/index.js'
import { type CallOutcome, callOf, type Gateway } from '../gateways/gateway.js'
import type { Instruction } from '../instructions/instruction.js'
import { type ClaimAnswer, claimInstructionCommand, noteOutcomeCommand } from '../payouts/dispatch-commands.js'
import { amountOf } from '../payouts/instruction-outcome.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'
import type { CallOptions } from './request.js'

export interface DispatchOptions extends Pick<CallOptions, 'actor' | 'signal'> {
  /** Attempts at most. */
  readonly limit?: number | undefined
  /** Calls under way at once; 8 unless it is given. */
  readonly concurrency?: number | undefined
  /** For how long an attempt holds its instruction, in milliseconds; 60,000 unless it is given. Longer than any call. */
  readonly leaseMs?: number | undefined
}

/** How many attempts ended how. */
export interface DispatchRun {
  readonly attempts: number
  readonly byOutcome: Readonly<Partial<Record<CallOutcome['outcome'], number>>>
}

const PAGE = 100

/**
 * Carries out what is recorded: claims an instruction in one unit of work, calls the gateway outside of any, and keeps
 * the outcome in another. A process that dies anywhere leaves at most one effect at the gateway, since the call always
 * carries the instruction's own key, and a state from which the next attempt goes on.
 */
export async function dispatchInstructions(context: BookContext, options: DispatchOptions): Promise<DispatchRun> {
  const { limit = Number.POSITIVE_INFINITY, concurrency = 8, leaseMs = 60_000, signal } = options
  const byOutcome: Partial<Record<CallOutcome['outcome'], number>> = {}
  const asOf = context.runtime.now()
  let attempts = 0
  let after: RecordQuery['after'] = null
  while (attempts < limit && !signal?.aborted) {
    const query = { kind: 'instructions', atMost: { field: 'nextAt', value: asOf }, order: ['nextAt'], after } as const
    const found = (await context.reads.records(context.book, { ...query, limit: PAGE })) as Instruction[]
    const ready = found.filter((instruction) => context.gateways.has(instruction.gateway)).slice(0, limit - attempts)
    for (let start = 0; start < ready.length && !signal?.aborted; start += concurrency) {
      const some = ready.slice(start, start + concurrency)
      const outcomes = await Promise.all(some.map((instruction) => attempt(context, instruction, { options, leaseMs })))
      for (const outcome of outcomes) {
        if (outcome === null) continue
        attempts += 1
        byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
      }
    }
    const last = found.at(-1)
    if (!last || found.length < PAGE) break
    after = [last.nextAt, last.id]
  }
  return { attempts, byOutcome }
}

/** One attempt; null when somebody else has the instruction. */
async function attempt(
  context: BookContext,
  instruction: Instruction,
  { options, leaseMs }: { options: DispatchOptions; leaseMs: number },
): Promise<CallOutcome['outcome'] | null> {
  const gateway = context.gateways.get(instruction.gateway) as Gateway
  const lease = context.newId()
  const call: CallOptions = { actor: options.actor ?? 'dispatcher' }
  let claim: ClaimAnswer
  try {
    claim = (await context.run(claimInstructionCommand, { id: instruction.id, lease, leaseMs }, call)).result
  } catch (error) {
    if (isOvertaken(error)) return null
    throw error
  }
  const outcome = await callGateway(context, { gateway, instruction, claim, signal: options.signal })
  const nextAt = nextLook(context, { gateway, instruction, outcome })
  try {
    await context.run(noteOutcomeCommand, { id: instruction.id, lease, outcome, nextAt }, call)
  } catch (error) {
    // The lease ran out and another attempt took over: its outcome counts.
    if (isOvertaken(error)) return null
    throw error
  }
  return outcome.outcome
}

function isOvertaken(error: unknown): boolean {
  return error instanceof LedgerError && (error.code === 'lease_lost' || error.code === 'instruction_state')
}

interface Calling {
  readonly gateway: Gateway
  readonly instruction: Instruction
  readonly claim: ClaimAnswer
  readonly signal: AbortSignal | undefined
}

/**
 * Sends what was never sent; sends again, under the same key, what may have been sent within the gateway's window; and
 * only asks about anything else. A gateway that throws has said nothing, so the outcome is unknown.
 */
async function callGateway(
  context: BookContext,
  { gateway, instruction, claim, signal }: Calling,
): Promise<CallOutcome> {
  const call = callOf(instruction, amountOf(instruction))
  const minimum = gateway.minimumMinor?.(instruction.currency) ?? 1n
  if (claim.how === 'send' && instruction.amountMinor < minimum) {
    return { outcome: 'waiting', reason: `below the minimum of ${instruction.gateway}` }
  }
  const window = gateway.resendWindowMs
  const within = window !== null && context.runtime.now() - claim.firstSentAt < window
  try {
    const sends = claim.how === 'send' || (claim.how === 'again' && within)
    return await (sends ? gateway.send(call, signal) : gateway.ask(call, signal))
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

const FIRST_LOOK_MS = 30_000
const LONGEST_LOOK_MS = 3_600_000
const WAITING_MS = 900_000

/** When to look at an instruction again: later each time, with a jitter of a quarter, so that workers spread out. */
function nextLook(
  { runtime }: BookContext,
  { gateway, instruction, outcome }: { gateway: Gateway; instruction: Instruction; outcome: CallOutcome },
): number | null {
  if (outcome.outcome === 'processed' || outcome.outcome === 'refused') return null
  if (outcome.outcome === 'accepted' && gateway.manual) return null
  if (outcome.outcome === 'absent') return runtime.now()
  const backoff = Math.min(LONGEST_LOOK_MS, FIRST_LOOK_MS * 2 ** Math.min(instruction.attempts, 10))
  const base = outcome.outcome === 'waiting' ? Math.max(WAITING_MS, backoff) : backoff
  const [byte = 0] = runtime.random(1)
  return runtime.now() + base + Math.floor((base / 4) * (byte / 255))
}
