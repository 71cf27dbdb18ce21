import { textProblem } from '../accounts/text.js'
import type { Instruction } from '../instructions/instruction.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'

export interface Destination {
  readonly destination: string | null
  /** Why it is not known, where something went wrong. */
  readonly problem: string | null
}

const limits = { min: 1, max: 255 } as const
const none: Destination = { destination: null, problem: null }

/** Where the money goes, where the gateway has to be told and that is not kept yet. The host says so, in a call's time. */
export async function destinationOf(instruction: Instruction, line: GatewayLine): Promise<Destination> {
  const { kind, party } = instruction
  if (!needsDestination(instruction) || instruction.destination !== null) return none
  try {
    const found: unknown = await line.inTime(async () => line.gateway.destinationOf?.(party, kind))
    if (found === null || found === undefined) return none
    const problem = textProblem(found, limits)
    return problem === null
      ? { destination: String(found), problem: null }
      : { destination: null, problem: `where ${instruction.gateway} pays ${party} ${problem}` }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    // It is asked for again with the next attempt.
    return {
      destination: null,
      problem: `where ${instruction.gateway} pays ${party} could not be found out: ${error.reason}`,
    }
  }
}

export function needsDestination({ kind, payment }: Instruction): boolean {
  return kind === 'payout' || kind === 'transfer' || (kind === 'refund' && payment === null)
}
