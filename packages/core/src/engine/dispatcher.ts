import { z } from 'zod'
import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import { parserOf } from '../journal/schema.js'
import { type AttemptOptions, attempt } from './attempt.js'
import type { BookContext } from './context.js'
import { countedBy, type DueFailure, type DueOptions, workThroughDue } from './due.js'

/** `limit` counts attempts, `concurrency` the calls under way at once. */
export interface DispatchOptions extends DueOptions, Pick<AttemptOptions, 'actor' | 'leaseMs'> {}

/** How many attempts ended how. */
export interface DispatchRun {
  readonly attempts: number
  readonly byOutcome: Readonly<Partial<Record<CallOutcome['outcome'], number>>>
  /** Instructions whose attempt went wrong here: they stay due. */
  readonly failures: readonly DueFailure[]
}

const leaseSchema = z.object({ leaseMs: z.int().min(1).optional() })

/** Carries out what is recorded, and asks about what is not final: whatever is due, in the order in which it fell due. */
export async function dispatchInstructions(context: BookContext, options: DispatchOptions): Promise<DispatchRun> {
  const { leaseMs } = parserOf(leaseSchema)(options)
  const { actor } = options
  const due = { kind: 'instructions', options } as const
  const { results, failures } = await workThroughDue(context, due, (instruction: Instruction) =>
    attempt(context, instruction, { actor, leaseMs }),
  )
  return { attempts: results.length, byOutcome: countedBy(results), failures }
}
