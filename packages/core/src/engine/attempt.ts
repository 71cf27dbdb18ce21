import { LedgerError } from '../errors/index.js'
import type { GatewayCall } from '../gateways/call.js'
import { callOf } from '../gateways/call-of.js'
import type { Exchange } from '../gateways/exchange.js'
import type { Operation } from '../gateways/gateway.js'
import type { CallOutcome } from '../gateways/outcome.js'
import { redactedExchange } from '../gateways/redacted-exchange.js'
import type { Instruction } from '../instructions/instruction.js'
import { type ClaimAnswer, claimInstructionCommand, noteOutcomeCommand } from '../payouts/dispatch-commands.js'
import { keepExchangesCommand } from '../payouts/keep-exchanges.js'
import type { BookContext } from './context.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'
import { canResend, nextLook } from './next-look.js'
import { releaseInTime, settlesByItself } from './release-in-time.js'
import type { CallOptions } from './request.js'
import { takeUpOrder } from './take-up-order.js'

export interface AttemptOptions extends Pick<CallOptions, 'actor'> {
  /** For how long an attempt holds its instruction, in milliseconds; twice what a call may take unless it is given. */
  readonly leaseMs?: number | undefined
  /** Looks now, though it is not due: something was heard of it. */
  readonly early?: boolean | undefined
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
  options: AttemptOptions,
): Promise<AttemptEnd> {
  const line = context.lines.get(instruction.gateway)
  const operation = line?.gateway.operations[instruction.kind]
  if (!line || !operation) return null
  const lease = context.newId()
  const call: CallOptions = { actor: options.actor ?? 'dispatcher' }
  const destination = await destinationOf(instruction, line)
  const { leaseMs = 2 * line.graceMs, early = false } = options
  const asked = { id: instruction.id, lease, leaseMs, early, destination }
  const answer = await unlessOvertaken(context.run(claimInstructionCommand, asked, call))
  if (!answer) return null
  const { how, lastSentAt, now } = answer.result
  const claimed = { ...instruction, ...now }
  const claim = { how, lastSentAt, claimed }
  const made = await callGateway(context, { line, operation, claim })
  const outcome = await takenUp(context, claimed, believed(context, { made, line, operation, claim }), options)
  const nextAt = nextAtOf(context, { claimed, line, operation, made, outcome })
  const kept = exchangesOf(claimed, made.exchanges)
  const note = { id: instruction.id, lease, outcome, asked: how !== 'send' && !made.sent, nextAt, exchanges: kept }
  const noted = await unlessOvertaken(context.run(noteOutcomeCommand, note, call))
  if (noted) return outcome.outcome
  // The lease ran out and another attempt took over: its outcome counts, but what was said is kept.
  await context.run(keepExchangesCommand, { exchanges: kept }, call)
  return null
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
    return outcome
  } catch (error) {
    if (!(error instanceof LedgerError) || error.kind === 'unavailable' || error.kind === 'internal') throw error
    return { outcome: 'unknown', reason: `${error.code}: ${error.message}` }
  }
}

async function unlessOvertaken<Result>(running: Promise<Result>): Promise<Result | null> {
  try {
    return await running
  } catch (error) {
    const overtaken =
      error instanceof LedgerError && (error.code === 'lease_lost' || error.code === 'instruction_state')
    if (overtaken) return null
    throw error
  }
}

/** Where the money goes, where the gateway has to be told and that is not kept yet. */
async function destinationOf(instruction: Instruction, { gateway }: GatewayLine): Promise<string | null> {
  if (!needsDestination(instruction) || instruction.destination !== null) return null
  try {
    return (await gateway.destinationOf?.(instruction.party, instruction.kind)) ?? null
  } catch {
    // It is asked for again with the next attempt.
    return null
  }
}

function needsDestination({ kind, payment }: Instruction): boolean {
  return kind === 'payout' || kind === 'transfer' || (kind === 'refund' && payment === null)
}

/** An instruction as it stands now that this attempt has it. */
interface Claim extends Pick<ClaimAnswer, 'how' | 'lastSentAt'> {
  readonly claimed: Instruction
}

interface Made {
  readonly outcome: CallOutcome
  readonly exchanges: readonly Exchange[]
  /** Whether the call itself may have gone out, not only a question about it. */
  readonly sent: boolean
  /** Only an operator can find out what became of it. */
  readonly stuck?: boolean
}

interface Calling {
  readonly line: GatewayLine
  readonly operation: Operation
  readonly claim: Claim
}

/**
 * Sends what was never sent; sends again, under the same key, what may have been sent within the gateway's window; and
 * only asks about anything else. A gateway that throws has said nothing, so the outcome is unknown.
 */
async function callGateway(context: BookContext, { line, operation, claim }: Calling): Promise<Made> {
  const { claimed, how } = claim
  const byItself = how === 'watch' ? settlesByItself(claimed) : null
  if (byItself !== null && byItself <= context.runtime.now()) {
    return { outcome: await releaseInTime(context, claimed, { actor: 'deadline' }), exchanges: [], sent: false }
  }
  const waits = how === 'send' ? whatItWaitsFor(claimed, line) : null
  if (waits !== null) return { outcome: { outcome: 'waiting', reason: waits }, exchanges: [], sent: false }
  const sends = how === 'send' || (how === 'again' && canResend(claimed, operation, context.runtime.now()))
  if (!sends && how === 'again' && operation.askedBy === null) {
    const reason = `nobody can say whether ${claimed.gateway} did it: look there, then call instructions.resolve`
    return { outcome: { outcome: 'unknown', reason }, exchanges: [], sent: false, stuck: true }
  }
  const on = await instructionBefore(context, claimed)
  const call: GatewayCall = callOf(claimed, on)
  const { gateway } = line
  try {
    const made = await line.call((way) => (sends ? gateway.send(call, way) : gateway.ask(call, way)), {
      answered: ({ outcome }) => outcome !== 'unknown',
    })
    return { outcome: made.answer, exchanges: made.exchanges, sent: sends }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    const { reason, exchanges, heldBack } = error
    const outcome = heldBack && how === 'send' ? 'waiting' : 'unknown'
    return { outcome: { outcome, reason }, exchanges, sent: sends && !heldBack }
  }
}

function whatItWaitsFor(instruction: Instruction, { gateway }: GatewayLine): string | null {
  const minimum = gateway.minimumMinor?.(instruction.currency) ?? 1n
  if (instruction.amountMinor < minimum) return `below the minimum of ${instruction.gateway}`
  if (gateway.destinationOf && needsDestination(instruction) && instruction.destination === null) {
    return `it is not known yet where ${instruction.gateway} pays ${instruction.party}`
  }
  return null
}

async function instructionBefore({ reads, book }: BookContext, { about }: Instruction): Promise<Instruction | null> {
  return about === null ? null : ((await reads.record(book, 'instructions', about)) as Instruction | null)
}

interface Judged {
  readonly made: Made
  readonly line: GatewayLine
  readonly operation: Operation
  readonly claim: Claim
}

/**
 * That a gateway knows of no such call is believed once whatever was sent can no longer arrive, of a call that it never
 * accepted, and where "no" is for good.
 */
function believed({ runtime }: BookContext, { made, line, operation, claim }: Judged): CallOutcome {
  if (made.outcome.outcome !== 'absent') return made.outcome
  const { claimed, how, lastSentAt } = claim
  const { gateway } = claimed
  if (how !== 'again') return { outcome: 'unknown', reason: `${gateway} no longer knows of it` }
  const retryAt = (lastSentAt ?? claimed.firstSentAt ?? 0) + line.graceMs
  if (runtime.now() < retryAt) {
    return { outcome: 'unknown', reason: `${gateway} does not know of it yet`, retryAt }
  }
  if (operation.absenceIsFinal) return made.outcome
  return { outcome: 'unknown', reason: `${gateway} does not know of it, which need not last` }
}

function nextAtOf(
  context: BookContext,
  of: Omit<Judged, 'claim'> & { readonly claimed: Instruction; readonly outcome: CallOutcome },
): number | null {
  const { claimed, line, operation, made, outcome } = of
  if (made.stuck === true) return null
  const { manual = false } = line.gateway
  return nextLook(context.runtime, { instruction: claimed, operation, outcome, manual, graceMs: line.graceMs })
}

function exchangesOf({ id, attempts }: Instruction, made: readonly Exchange[]) {
  return made.map((exchange, index) => ({
    ...redactedExchange(exchange),
    instruction: id,
    attempt: attempts,
    sequence: index + 1,
  }))
}
