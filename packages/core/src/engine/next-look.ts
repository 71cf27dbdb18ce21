import type { Operation } from '../gateways/gateway.js'
import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import type { Runtime } from '../storage/index.js'
import { backoff } from './backoff.js'
import { settlesByItself } from './release-in-time.js'

const FIRST_LOOK_MS = 30_000
const LONGEST_LOOK_MS = 3_600_000
const WAITING_MS = 900_000
const WATCH_MS = 86_400_000
/** For so long a question about what was processed is repeated where it gets no answer. */
const UNANSWERED_MS = 3 * WATCH_MS

/** For so long an order that failed is looked at, since its payer may pay late. */
const LATE_MS = 7 * WATCH_MS
const FIRST_LATE_LOOK_MS = 900_000

interface Looked {
  readonly instruction: Instruction
  readonly operation: Operation
  readonly outcome: CallOutcome
  readonly manual: boolean
  /** What may still arrive of a request does so within this time of its sending. */
  readonly graceMs: number
}

/**
 * When to look at an instruction again: later each time, with a jitter of a quarter, so that workers spread out. Null when
 * nothing is left to look at, or only an operator can say.
 */
export function nextLook(runtime: Pick<Runtime, 'now' | 'random'>, looked: Looked): number | null {
  const { instruction, operation, outcome, manual, graceMs } = looked
  const now = runtime.now()
  if (instruction.state === 'processed' && outcome.outcome !== 'waiting') return nextWatch(runtime, looked)
  if (instruction.state === 'failed') return lateLook(now, instruction.lastAt)
  switch (outcome.outcome) {
    case 'refused':
      // What the gateway never had nobody can pay.
      return instruction.kind === 'order' && instruction.gatewayReference !== null && !manual
        ? lateLook(now, now)
        : null
    case 'reversed':
      return null
    case 'processed':
      return firstWatch(instruction, operation, now)
    case 'absent':
      return now
    case 'accepted':
      return manual ? null : now + later(runtime, instruction)
    case 'waiting':
      return Math.max(retryTime(outcome, now), now + later(runtime, instruction, WAITING_MS))
    case 'unknown': {
      // Nothing is asked about before whatever was sent can no longer arrive.
      const earliest = instruction.lastSentAt !== null && !canResend(instruction, operation, now) ? graceMs : 0
      return Math.max(retryTime(outcome, now), now + Math.max(earliest, later(runtime, instruction)))
    }
  }
}

/** Whether a failed order was paid late is asked ever more rarely: whenever as long again has gone by as since it failed. */
function lateLook(now: number, failedAt: number): number | null {
  const age = now - failedAt
  return age < LATE_MS ? now + Math.max(FIRST_LATE_LOOK_MS, age) : null
}

/** Whether the same key still has one effect however often it is sent. */
export function canResend({ firstSentAt }: Instruction, { resendWindowMs }: Operation, now: number): boolean {
  return resendWindowMs !== null && now - (firstSentAt ?? now) < resendWindowMs
}

/** Whatever a gateway says, it is asked again within a day. */
function retryTime({ retryAt }: { readonly retryAt?: number | undefined }, now: number): number {
  return retryAt === undefined || !Number.isFinite(retryAt) ? 0 : Math.min(Math.ceil(retryAt), now + WATCH_MS)
}

/** A transfer is looked at when its hold ends; what may come back once a day. */
function firstWatch(instruction: Instruction, { watchedMs = 0 }: Operation, now: number): number | null {
  const ends = settlesByItself(instruction)
  if (ends !== null) return Math.max(ends, now)
  return watchedMs === 0 ? null : now + Math.min(WATCH_MS, watchedMs)
}

/** What was processed and may still come back is looked at for as long as it may; where nobody answers, for some days. */
function nextWatch(
  runtime: Pick<Runtime, 'now' | 'random'>,
  { instruction, operation, outcome }: Looked,
): number | null {
  const { watchedMs = 0 } = operation
  const now = runtime.now()
  const age = now - instruction.lastAt
  if (outcome.outcome === 'refused' || outcome.outcome === 'reversed') return null
  if (outcome.outcome === 'unknown') {
    return age < Math.max(watchedMs, UNANSWERED_MS) ? now + later(runtime, instruction) : null
  }
  const ends = settlesByItself(instruction)
  if (ends !== null && ends > now) return ends
  return age < watchedMs ? now + WATCH_MS : null
}

function later(runtime: Pick<Runtime, 'random'>, { attempts }: Instruction, leastMs = 0): number {
  return backoff(runtime, { firstMs: FIRST_LOOK_MS, longestMs: LONGEST_LOOK_MS, leastMs, attempts })
}
