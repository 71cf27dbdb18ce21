import type { CallOutcome } from '../gateways/outcome.js'
import type { Instruction } from '../instructions/instruction.js'
import { noteBatchCommand } from '../payouts/batch-commands.js'
import { noteOutcomeCommand, type OpenOutcome } from '../payouts/dispatch-commands.js'
import { keepExchangesCommand } from '../payouts/keep-exchanges.js'
import { type AttemptOptions, exchangesOf, unlessOvertaken, whatWasMade } from './attempt.js'
import type { ClaimedBatch, MadeBatch } from './call-batch.js'
import type { BookContext } from './context.js'
import type { GatewayLine } from './gateway-line.js'
import { nextLook } from './next-look.js'
import { concernsOneAlone } from './run-failure.js'
import type { End, Ends } from './send-batch.js'
import { soundOutcome } from './sound-outcome.js'

interface Noting {
  readonly line: GatewayLine
  readonly claimed: ClaimedBatch
  readonly made: MadeBatch
  readonly options: AttemptOptions
}

/** Keeps what came of sending a batch, and with each of its payouts what was said about that. */
export async function noteBatch(context: BookContext, noting: Noting): Promise<Ends> {
  await keepParts(context, noting)
  const { refused, others } = outcomesOf(noting)
  const ends = [
    ...(await Promise.all(refused.members.map((member) => noteRefused(context, noting, member, refused.outcome)))),
    ...(await noteAlike(context, noting, others.members, others.outcome)),
  ]
  return new Map(ends)
}

type Noted = readonly [id: string, end: End]

/**
 * A batch that is refused is refused because of the payouts that the gateway names, or of its only one; the others have not
 * arrived, as if nobody had sent them.
 */
function outcomesOf({ claimed: { members }, made }: Noting) {
  const said = made.outcome
  if (said.outcome === 'accepted') {
    return { refused: none, others: { members, outcome: soundOutcome(said) as OpenOutcome } }
  }
  if (said.outcome !== 'refused') {
    const { outcome, reason, retryAt } = said
    return { refused: none, others: { members, outcome: { outcome, reason, retryAt } as OpenOutcome } }
  }
  const { code, reason, requestId, because } = said
  const isCause = ({ gatewayKey }: Instruction) => members.length === 1 || because.includes(gatewayKey)
  const outcome: CallOutcome = { outcome: 'refused', code, reason, requestId }
  const others = { members: members.filter((member) => !isCause(member)), outcome: { outcome: 'absent' } as const }
  return { refused: { members: members.filter(isCause), outcome }, others }
}

const none = { members: [] as readonly Instruction[], outcome: { outcome: 'absent' } as CallOutcome }

async function noteRefused(
  context: BookContext,
  { claimed: { lease }, options }: Noting,
  { id }: Instruction,
  outcome: CallOutcome,
): Promise<Noted> {
  const note = { id, lease, outcome, made: 'sent', nextAt: null, exchanges: [] }
  try {
    await unlessOvertaken(context.run(noteOutcomeCommand, note, { actor: options.actor ?? 'dispatcher' }))
    return [id, outcome.outcome]
  } catch (error) {
    if (!concernsOneAlone(error)) throw error
    return [id, error]
  }
}

/** One unit of work for all of them. Should the database refuse it because of one, that one is found by halves. */
async function noteAlike(
  context: BookContext,
  noting: Noting,
  members: readonly Instruction[],
  outcome: OpenOutcome,
): Promise<readonly Noted[]> {
  if (members.length === 0) return []
  const { claimed, made, options } = noting
  const nextAt = made.stuck === true ? null : nextLookAt(context, noting, outcome)
  const ids = members.map(({ id }) => id)
  const note = { ids, lease: claimed.lease, outcome, made: whatWasMade(claimed.how, made, outcome), nextAt }
  try {
    await context.run(noteBatchCommand, note, { actor: options.actor ?? 'dispatcher' })
    return ids.map((id) => [id, outcome.outcome])
  } catch (error) {
    if (!concernsOneAlone(error)) throw error
    if (members.length === 1) return ids.map((id) => [id, error])
    const half = Math.ceil(members.length / 2)
    const ends = [members.slice(0, half), members.slice(half)].map((some) => noteAlike(context, noting, some, outcome))
    return (await Promise.all(ends)).flat()
  }
}

/** One time for all of them, so that what became of them is read together: that of the one tried least often. */
function nextLookAt({ runtime }: BookContext, { line, claimed }: Noting, outcome: CallOutcome): number | null {
  const [first, ...rest] = claimed.members
  const operation = line.gateway.operations.payout
  if (!first || !operation) return null
  const instruction = rest.reduce((least, each) => (each.attempts < least.attempts ? each : least), first)
  return nextLook(runtime, { instruction, operation, outcome, manual: false, graceMs: line.graceMs })
}

/** Payouts whose exchanges are kept in one unit of work. */
const SOME = 250

async function keepParts(context: BookContext, { line, claimed, made, options }: Noting): Promise<void> {
  const { payoutBatches } = line.gateway
  if (!payoutBatches || made.exchanges.length === 0) return
  for (let start = 0; start < claimed.members.length; start += SOME) {
    const exchanges = claimed.members.slice(start, start + SOME).flatMap((member) => {
      const parts = made.exchanges.map((exchange) => payoutBatches.partOf(exchange, member.gatewayKey))
      return exchangesOf(member, parts)
    })
    await context.run(keepExchangesCommand, { exchanges }, { actor: options.actor ?? 'dispatcher' })
    await context.runtime.yield()
  }
}
