import { z } from 'zod'
import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import { type AttemptOptions, attempt } from './attempt.js'
import { attemptBatch, attemptPayouts, batchedBy, groupOf } from './attempt-payouts.js'
import { createBatchReadings } from './batch-readings.js'
import type { BookContext } from './context.js'
import { countedBy, type DueFailure, type DueOptions, dueOptions, type Room, workThroughDue } from './due.js'
import { duePayouts } from './due-payouts.js'
import { readerOf } from './read-options.js'
import type { Ends } from './send-batch.js'

/** `limit` counts attempts, `concurrency` the calls under way at once. */
export interface DispatchOptions extends DueOptions, Pick<AttemptOptions, 'actor' | 'leaseMs'> {}

/** How many attempts ended how. */
export interface DispatchRun {
  readonly attempts: number
  readonly byOutcome: Readonly<Partial<Record<CallOutcome['outcome'], number>>>
  /** Instructions whose attempt went wrong here: they stay due. */
  readonly failures: readonly DueFailure[]
}

const readOptions = readerOf({ ...dueOptions, leaseMs: z.int().min(1).optional() })

/**
 * Carries out what is recorded, and asks about what is not final: whatever is due, in the order in which it fell due. Payouts
 * that a gateway takes many of at a time go when the first of them comes up. A batch that was sent before goes whole, whatever
 * the limit.
 */
export async function dispatchInstructions(context: BookContext, given?: DispatchOptions): Promise<DispatchRun> {
  const options = readOptions(given)
  const { actor, signal, leaseMs } = options
  const asked = { kind: 'instructions', options } as const
  const attempting = { actor, leaseMs, signal, readings: createBatchReadings(context) }
  const now = context.runtime.now()
  const begun = new Set<string>()
  const wrong = new Map<string, DueFailure>()

  const endsOf = (group: string, ends: Ends) =>
    [...ends].flatMap(([id, end]) => {
      if (typeof end === 'string') return [end]
      wrong.set(id, { id, code: end.code, message: end.message })
      // It took up no room, so those behind it may have some.
      begun.delete(group)
      return []
    })

  async function work(instruction: Instruction, room: Room): Promise<readonly CallOutcome['outcome'][]> {
    const line = batchedBy(context, instruction)
    if (!line) {
      if (room.take(1) === 0) return []
      const end = await attempt(context, instruction, attempting)
      return end === null ? [] : [end]
    }
    const group = groupOf(instruction)
    if (begun.has(group)) return []
    begun.add(group)
    const { batch } = instruction
    if (batch !== null) return endsOf(group, await attemptBatch(context, { line, batch }, attempting))
    const due = await duePayouts(context, instruction, { now, most: room.left() + wrong.size })
    const found = due.filter(({ id }) => !wrong.has(id))
    const payouts = found.slice(0, room.take(found.length))
    return endsOf(group, await attemptPayouts(context, { line, payouts }, attempting))
  }

  const { results, failures } = await workThroughDue(context, asked, work)
  return { attempts: results.length, byOutcome: countedBy(results), failures: [...failures, ...wrong.values()] }
}
