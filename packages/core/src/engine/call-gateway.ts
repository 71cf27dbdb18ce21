import type { GatewayCall } from '../gateways/call.js'
import { callOf } from '../gateways/call-of.js'
import type { Exchange } from '../gateways/exchange.js'
import type { Operation } from '../gateways/gateway.js'
import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import type { ClaimAnswer } from '../payouts/dispatch-commands.js'
import type { BatchReadings } from './batch-readings.js'
import type { BookContext } from './context.js'
import { needsDestination } from './destination.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'
import { canResend } from './next-look.js'
import { releaseInTime, settlesByItself } from './release-in-time.js'

/** An instruction as it stands now that an attempt has it. */
interface Claim extends Pick<ClaimAnswer, 'how' | 'lastSentAt'> {
  readonly claimed: Instruction
  /** Nothing is sent after this: it could arrive when another attempt has gone on. Milliseconds since 1970. */
  readonly sendBy: number
}

export interface Calling {
  readonly line: GatewayLine
  readonly operation: Operation
  readonly claim: Claim
  /** Why it is not known where the money goes, where something went wrong. */
  readonly problem: string | null
  readonly readings?: BatchReadings | undefined
}

export interface Made {
  readonly outcome: CallOutcome
  readonly exchanges: readonly Exchange[]
  /** Whether the call itself may have gone out, not only a question about it. */
  readonly sent: boolean
  /** Only an operator can find out what became of it. */
  readonly stuck?: boolean
}

/**
 * Sends what was never sent; sends again, under the same key, what may have been sent within the gateway's window; and
 * only asks about anything else. A gateway that throws has said nothing, so the outcome is unknown.
 */
export async function callGateway(context: BookContext, calling: Calling): Promise<Made> {
  const { line, operation, claim } = calling
  const { claimed, how, sendBy } = claim
  const { now } = context.runtime
  const byItself = how === 'watch' ? settlesByItself(claimed) : null
  if (byItself !== null && byItself <= now()) {
    return { outcome: await releaseInTime(context, claimed, { actor: 'deadline' }), exchanges: [], sent: false }
  }
  const waits = how === 'send' ? whatItWaitsFor(claimed, calling) : null
  if (waits !== null) return { outcome: { outcome: 'waiting', reason: waits }, exchanges: [], sent: false }
  const maySend = () => how === 'send' || (how === 'again' && canResend(claimed, operation, now()))
  const sends = maySend()
  if (!sends && how === 'again' && operation.askedBy === null) {
    const reason = `nobody can say whether ${claimed.gateway} did it: look there, then call instructions.resolve`
    return { outcome: { outcome: 'unknown', reason }, exchanges: [], sent: false, stuck: true }
  }
  const call = callOf(claimed, await instructionBefore(context, claimed))
  const { gateway } = line
  const { observed } = context
  const startedMs = observed?.elapsed() ?? 0
  const told = { gateway: claimed.gateway, kind: claimed.kind, call: sends ? 'send' : 'ask', startedMs } as const
  try {
    const shared = sends ? null : await askInBatch(calling, call)
    if (shared) return { outcome: shared.answer, exchanges: shared.exchanges, sent: false }
    const made = await line.call((way) => (sends ? gateway.send(call, way) : gateway.ask(call, way)), {
      answered: ({ outcome }) => outcome !== 'unknown',
      may: () => !sends || (maySend() && now() <= sendBy),
    })
    observed?.gatewayCall({ ...told, outcome: made.answer.outcome, heldBack: false })
    return { outcome: made.answer, exchanges: made.exchanges, sent: sends }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    const { reason, exchanges, heldBack } = error
    const outcome = heldBack && how === 'send' ? 'waiting' : 'unknown'
    observed?.gatewayCall({ ...told, outcome, heldBack })
    return { outcome: { outcome, reason }, exchanges, sent: sends && !heldBack }
  }
}

/** A payout that went out with others is told with them; null for what is asked about by itself. */
async function askInBatch({ line, claim, readings }: Calling, call: GatewayCall) {
  if (!readings || claim.claimed.batch === null || call.kind !== 'payout') return null
  return readings.ask({ gateway: claim.claimed.gateway, line }, call)
}

/** Asks the gateway about a call that is over in the books; changes nothing. Throws a `CallFailure`. */
export async function askAbout(
  context: BookContext,
  line: GatewayLine,
  instruction: Instruction,
): Promise<CallOutcome> {
  const call = callOf(instruction, await instructionBefore(context, instruction))
  const { answer } = await line.call((way) => line.gateway.ask(call, way), {
    answered: ({ outcome }) => outcome !== 'unknown',
  })
  return answer
}

/** Why nothing is sent yet; null where nothing is in the way. */
export function whatItWaitsFor(
  instruction: Instruction,
  { line, problem }: Pick<Calling, 'line' | 'problem'>,
): string | null {
  const { gateway } = line
  const minimum = gateway.minimumMinor?.(instruction.currency) ?? 1n
  if (instruction.amountMinor < minimum) return `below the minimum of ${instruction.gateway}`
  if (gateway.destinationOf && needsDestination(instruction) && instruction.destination === null) {
    return problem ?? `it is not known yet where ${instruction.gateway} pays ${instruction.party}`
  }
  return null
}

async function instructionBefore({ reads, book }: BookContext, { about }: Instruction): Promise<Instruction | null> {
  return about === null ? null : ((await reads.record(book, 'instructions', about)) as Instruction | null)
}
