import type { Operation } from '../gateways/gateway.js'
import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import type { Runtime } from '../storage/index.js'
import { settlesByItself } from './release-in-time.js'

const FIRST_LOOK_MS = 30_000
const LONGEST_LOOK_MS = 3_600_000
const WAITING_MS = 900_000
const WATCH_MS = 86_400_000

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
  switch (outcome.outcome) {
    case 'refused':
    case 'reversed':
      return null
    case 'processed':
      // A transfer is looked at again when its hold ends, and not after that.
      if (instruction.kind === 'transfer') return holdEnd(instruction, now)
      return nextWatch(instruction, operation, now)
    case 'absent':
      return now
    case 'accepted':
      if (manual) return null
      return instruction.state === 'processed'
        ? nextWatch(instruction, operation, now)
        : now + later(runtime, instruction)
    case 'waiting':
      return Math.max(outcome.retryAt ?? 0, now + later(runtime, instruction, WAITING_MS))
    case 'unknown': {
      // Nothing is asked about before whatever was sent can no longer arrive.
      const earliest = instruction.lastSentAt !== null && !canResend(instruction, operation, now) ? graceMs : 0
      return Math.max(outcome.retryAt ?? 0, now + Math.max(earliest, later(runtime, instruction)))
    }
  }
}

/** Whether the same key still has one effect however often it is sent. */
export function canResend({ firstSentAt }: Instruction, { resendWindowMs }: Operation, now: number): boolean {
  return resendWindowMs !== null && now - (firstSentAt ?? now) < resendWindowMs
}

function holdEnd(transfer: Instruction, now: number): number | null {
  const ends = settlesByItself(transfer)
  if (ends === null || (transfer.state === 'processed' && ends <= now)) return null
  return Math.max(ends, now)
}

/** What was processed and may still come back is looked at once a day for as long as it may. */
function nextWatch({ state, lastAt }: Instruction, { watchedMs = 0 }: Operation, now: number): number | null {
  if (watchedMs === 0) return null
  if (state !== 'processed') return now + Math.min(WATCH_MS, watchedMs)
  return now - lastAt < watchedMs ? now + WATCH_MS : null
}

function later(runtime: Pick<Runtime, 'random'>, { attempts }: Instruction, least = 0): number {
  const base = Math.max(least, Math.min(LONGEST_LOOK_MS, FIRST_LOOK_MS * 2 ** Math.min(attempts - 1, 10)))
  const [byte = 0] = runtime.random(1)
  return base + Math.floor((base / 4) * (byte / 255))
}
