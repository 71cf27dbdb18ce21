import { LedgerError } from '../errors/index.js'
import type { Exchange } from '../gateways/exchange.js'
import type { CallOutcome } from '../gateways/outcome.js'
import { redactedExchange } from '../gateways/redacted-exchange.js'
import type { Instruction } from '../instructions/instruction.js'
import { type ClaimAnswer, claimInstructionCommand, noteOutcomeCommand } from '../payouts/dispatch-commands.js'
import { keepExchangesCommand } from '../payouts/keep-exchanges.js'
import type { BatchReadings } from './batch-readings.js'
import { believed } from './believed.js'
import { type Calling, callGateway, type Made } from './call-gateway.js'
import type { BookContext } from './context.js'
import { type Destination, destinationOf } from './destination.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'
import { nextLook } from './next-look.js'
import { withOwnPayments } from './own-payments.js'
import type { CallOptions } from './request.js'
import { soundOutcome } from './sound-outcome.js'
import { takeUpOrder } from './take-up-order.js'
import { takeUpRefund } from './take-up-refund.js'

export interface AttemptOptions extends Pick<CallOptions, 'actor'> {
  /**
   * For how long an attempt holds its instruction, in milliseconds: at least twice what a call and its stragglers may
   * take, which it is unless more is given.
   */
  readonly leaseMs?: number | undefined
  /** Looks now, though it is not due: something was heard of it. */
  readonly early?: boolean | undefined
  /** Begins no further batch of payouts. */
  readonly signal?: AbortSignal | undefined
  /** Batches that were read already, so that each is read once for many of its payouts. */
  readonly readings?: BatchReadings | undefined
}

/** How an attempt ended; null when somebody else has the instruction, or it is not open any more. */
export type AttemptEnd = CallOutcome['outcome'] | null

/**
 * One attempt at an instruction: claims it in one unit of work, calls the gateway outside of any, and keeps the outcome in
 * another. A process that dies anywhere leaves at most one effect at the gateway, since the call always carries the
 * instruction's own key, and a state from which the next attempt goes on.
 */
export async function attempt(
  context: BookContext,
  instruction: Instruction,
  options: AttemptOptions & { readonly found?: Destination | undefined },
): Promise<AttemptEnd> {
  const line = context.lines.get(instruction.gateway)
  const operation = line?.gateway.operations[instruction.kind]
  if (!line || !operation) return null
  const lease = context.newId()
  const call: CallOptions = { actor: options.actor ?? 'dispatcher' }
  const { destination, problem } = options.found ?? (await destinationOf(instruction, line))
  const { early = false, readings } = options
  const leaseMs = leaseMsOf(line, options)
  const asked = { id: instruction.id, lease, leaseMs, early, destination }
  const answer = await unlessOvertaken(context.run(claimInstructionCommand, asked, call))
  if (!answer) return null
  const { how, lastSentAt, now } = answer.result
  const claimed = { ...instruction, ...now }
  const sendBy = now.changedAt + leaseMs - line.graceMs
  const calling: Calling = { line, operation, claim: { how, lastSentAt, claimed, sendBy }, problem, readings }
  const made = await callGateway(context, calling)
  const told = await withOwnPayments(context, claimed, soundOutcome(believed(context, made.outcome, calling)))
  const outcome = await takenUp(context, claimed, told, options)
  const nextAt = nextAtOf(context, { calling, made, outcome })
  const kept = exchangesOf(claimed, made.exchanges)
  const note = { id: instruction.id, lease, outcome, made: whatWasMade(how, made, outcome), nextAt, exchanges: kept }
  const noted = await unlessOvertaken(context.run(noteOutcomeCommand, note, call))
  if (noted) return outcome.outcome
  // The lease ran out and another attempt took over: its outcome counts, but what was said is kept.
  await context.run(keepExchangesCommand, { exchanges: kept }, call)
  return null
}

export function leaseMsOf({ graceMs }: GatewayLine, { leaseMs = 0 }: Pick<AttemptOptions, 'leaseMs'>): number {
  return Math.max(leaseMs, 2 * graceMs)
}

/** Whether something may be on its way to the gateway: what was put off at the first attempt never was. */
export function whatWasMade(
  how: ClaimAnswer['how'],
  { sent }: Pick<Made, 'sent'>,
  { outcome }: Pick<CallOutcome, 'outcome'>,
): 'asked' | 'put off' | 'sent' {
  if (how === 'send' && outcome === 'waiting') return 'put off'
  return sent ? 'sent' : 'asked'
}

/** What the outcome says has arrived is posted first. Where the books contradict it, people have to look; others go on. */
async function takenUp(
  context: BookContext,
  claimed: Instruction,
  outcome: CallOutcome,
  options: AttemptOptions,
): Promise<CallOutcome> {
  try {
    await takeUpOrder(context, claimed, outcome, options)
    await takeUpRefund(context, claimed, outcome)
    return outcome
  } catch (error) {
    if (error instanceof CallFailure) return { outcome: 'unknown', reason: error.reason }
    if (!(error instanceof LedgerError) || error.kind === 'unavailable' || error.kind === 'internal') throw error
    return { outcome: 'unknown', reason: `${error.code}: ${error.message}` }
  }
}

/** Null where another attempt has it, or it is not open any more. */
export async function unlessOvertaken<Result>(running: Promise<Result>): Promise<Result | null> {
  try {
    return await running
  } catch (error) {
    const overtaken =
      error instanceof LedgerError && (error.code === 'lease_lost' || error.code === 'instruction_state')
    if (overtaken) return null
    throw error
  }
}

function nextAtOf(
  { runtime }: BookContext,
  { calling, made, outcome }: { readonly calling: Calling; readonly made: Made; readonly outcome: CallOutcome },
): number | null {
  if (made.stuck === true) return null
  const { line, operation, claim } = calling
  const { manual = false } = line.gateway
  return nextLook(runtime, { instruction: claim.claimed, operation, outcome, manual, graceMs: line.graceMs })
}

/** What was said in the attempt that has an instruction now, as it is kept. */
export function exchangesOf({ id, attempts }: Instruction, made: readonly Exchange[]) {
  return made.map((exchange, index) => ({
    ...redactedExchange(exchange),
    instruction: id,
    attempt: attempts,
    sequence: index + 1,
  }))
}
