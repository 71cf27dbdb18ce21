import { LedgerError } from '../errors/index.js'
import { redacted } from '../gateways/redact.js'
import type { Subject } from '../gateways/subject.js'
import type { Instruction } from '../instructions/instruction.js'
import { openStates } from '../payouts/instruction-outcome.js'
import { attempt } from './attempt.js'
import { attemptBatch, attemptPayouts, batchedBy } from './attempt-payouts.js'
import type { BatchReadings } from './batch-readings.js'
import { askAbout } from './call-gateway.js'
import type { BookContext } from './context.js'
import { CallFailure, type GatewayLine } from './gateway-line.js'
import { instructionsAbout } from './instructions-about.js'
import { lookAtClawback } from './look-at-clawback.js'
import { lookAtSettlement } from './look-at-settlement.js'
import { postPayment } from './post-payment.js'
import { membersOf } from './send-batch.js'
import { takeUpOrder } from './take-up-order.js'

/** What came of looking at what a webhook is about. */
export type Sight =
  /** The books say what the gateway's API says. */
  | { readonly sight: 'posted' }
  /** It is nothing that the ledger posts by itself. */
  | { readonly sight: 'nothing'; readonly reason: string }
  /** The gateway did not answer, or it is about something that is not known here yet. */
  | { readonly sight: 'waits'; readonly reason: string }
  /** The books say otherwise: people have to look. */
  | { readonly sight: 'contradicts'; readonly reason: string }

interface Looking {
  readonly gateway: string
  readonly subject: Subject
  /** What was read of batches since this was heard. */
  readonly readings: BatchReadings
}

/** Characters of what a network or an adapter said. */
const MOST_REASON = 500

/** Asks the gateway's API about a subject, and posts what it says: the same way that polling goes. */
export async function lookAtSubject(context: BookContext, looking: Looking): Promise<Sight> {
  try {
    return await look(context, looking)
  } catch (error) {
    if (error instanceof CallFailure) return { sight: 'waits', reason: redacted(error.reason, MOST_REASON) }
    if (!(error instanceof LedgerError)) throw error
    const sight = error.kind === 'unavailable' ? 'waits' : 'contradicts'
    return { sight, reason: `${error.code}: ${error.message}` }
  }
}

async function look(context: BookContext, looking: Looking): Promise<Sight> {
  const { subject } = looking
  const line = context.lines.get(looking.gateway)
  if (!line) return { sight: 'waits', reason: `there is no adapter for ${looking.gateway}` }
  switch (subject.kind) {
    case 'payment':
      return lookAtPayment(context, line, looking)
    case 'settlement':
      return lookAtSettlement(context, line, looking)
    case 'refund':
    case 'dispute':
      return lookAtMoneyTaken(context, line, looking)
    case 'payee':
      return { sight: 'nothing', reason: `a ${subject.kind} is for people to look at: ${subject.reference}` }
    default:
      return lookAtInstruction(context, looking)
  }
}

/**
 * A refund is one of ours, or was made at the gateway by hand: what the API says of it tells which, not what an event says.
 */
async function lookAtMoneyTaken(context: BookContext, line: GatewayLine, looking: Looking): Promise<Sight> {
  const { gateway, subject } = looking
  const named = line.gateway.clawbacks ? { ...subject, key: null } : subject
  const ours = await instructionsAbout(context, { gateway, subject: named })
  if (ours.length > 0) return lookAtInstruction(context, { ...looking, subject: named })
  const seen = await lookAtClawback(context, line, looking)
  if (seen.sight !== 'ours') return seen
  return lookAtInstruction(context, { ...looking, subject: { ...subject, key: seen.key } })
}

async function lookAtInstruction(context: BookContext, looking: Looking): Promise<Sight> {
  const { gateway, subject, readings } = looking
  const found = await instructionsAbout(context, { gateway, subject })
  const batch = batchNamed(found, subject)
  if (batch !== null) return lookAtBatch(context, batch, looking)
  if (found.length === 0)
    return { sight: 'waits', reason: `no instruction of ours made ${subject.kind} ${subject.reference}` }
  for (const instruction of found) {
    const sight = await lookAtOne(context, instruction, readings)
    if (sight.sight !== 'posted') return sight
  }
  return { sight: 'posted' }
}

/** The batch that a subject names rather than one of its payouts; null where it is about those that were found. */
function batchNamed(found: readonly Instruction[], { kind, key }: Subject): string | null {
  if (kind !== 'payout' || found.some(({ gatewayKey }) => gatewayKey === key)) return null
  return found.find(({ batch }) => batch !== null)?.batch ?? null
}

/** Payouts of a batch that are looked at at once. */
const AT_ONCE = 8

/** All of a batch of which it is open what becomes; while its first is under way at the gateway, the others are so as well. */
async function lookAtBatch(context: BookContext, batch: string, { readings }: Looking): Promise<Sight> {
  const members = await membersOf(context, batch)
  const [first, ...others] = members.filter(({ state }) => openStates.includes(state))
  if (!first) return { sight: 'posted' }
  const sight = await lookAtOne(context, first, readings)
  if (sight.sight !== 'posted' || (await reread(context, first))?.state === 'accepted') return sight
  const waits: Sight[] = []
  for (let start = 0; start < others.length; start += AT_ONCE) {
    const sights = others.slice(start, start + AT_ONCE).map((each) => lookAtOne(context, each, readings))
    waits.push(...(await Promise.all(sights)).filter((each) => each.sight !== 'posted'))
  }
  return waits[0] ?? { sight: 'posted' }
}

async function attemptEarly(context: BookContext, instruction: Instruction, readings: BatchReadings) {
  const options = { early: true, actor: 'inbox', readings } as const
  const line = batchedBy(context, instruction)
  if (!line) return attempt(context, instruction, options)
  const { id, batch } = instruction
  const ends =
    batch === null
      ? await attemptPayouts(context, { line, payouts: [instruction] }, options)
      : await attemptBatch(context, { line, batch }, options)
  const end = ends.get(id) ?? null
  if (typeof end === 'object' && end !== null) throw end
  return end
}

async function lookAtOne(context: BookContext, instruction: Instruction, readings: BatchReadings): Promise<Sight> {
  const { id, gateway } = instruction
  const end = await attemptEarly(context, instruction, readings)
  if (end === 'unknown') return { sight: 'waits', reason: `${gateway} did not say what became of ${id}` }
  const now = await reread(context, instruction)
  // Nothing takes back what was processed but the return of a payout, which is posted; so people have to look.
  const isTakenBack = (end === 'refused' || end === 'reversed') && now?.state === 'processed' && movesMoney(now)
  if (isTakenBack) {
    return {
      sight: 'contradicts',
      reason: `${gateway} says ${end} of ${id}, which is processed in the books: ${now.reason}`,
    }
  }
  if (end !== null) return { sight: 'posted' }
  const line = context.lines.get(gateway)
  const over = now !== null && ['failed', 'cancelled', 'reversed'].includes(now.state)
  if (!over || !line) return { sight: 'waits', reason: `another worker is asking about ${id}` }
  // Nothing comes of it in the books, so what the gateway says now can only be what they say, or wrong.
  const said = await askAbout(context, line, now)
  const { outcome } = said
  if (now.kind === 'order') await takeUpOrder(context, now, said, { actor: 'inbox' })
  if (outcome === 'unknown') return { sight: 'waits', reason: `${gateway} did not say what became of ${id}` }
  if (now.kind === 'order' || (outcome !== 'processed' && outcome !== 'accepted')) return { sight: 'posted' }
  return { sight: 'contradicts', reason: `${gateway} says ${outcome} of ${id}, which is ${now.state} in the books` }
}

const movesMoney = ({ kind }: Instruction) => kind !== 'order' && kind !== 'capture'

async function reread({ reads, book }: BookContext, { id }: Instruction): Promise<Instruction | null> {
  return (await reads.record(book, 'instructions', id)) as Instruction | null
}

/** What arrived is posted from what the API says of it; what was authorised is captured by way of its order. */
async function lookAtPayment(context: BookContext, line: GatewayLine, looking: Looking): Promise<Sight> {
  const { gateway, subject } = looking
  const reads = line.gateway.payments
  if (!reads) return { sight: 'nothing', reason: `the adapter of ${gateway} reads no payments` }
  const payment = await line.read((way) => reads.fetch(subject.reference, way))
  if (payment === null) return { sight: 'waits', reason: `${gateway} does not know payment ${subject.reference} yet` }
  const order = await orderOf(context, { gateway, order: payment.order, key: payment.orderKey })
  if (!order) {
    if (payment.state === 'failed') return { sight: 'nothing', reason: `payment ${payment.reference} failed` }
    return { sight: 'waits', reason: `payment ${payment.reference} is for no order of ours` }
  }
  const posted = await postPayment(context, { gateway, payment, escrow: order.escrow })
  // The order itself is asked about as well: it is done now, or what its payer authorised is to be captured.
  await attempt(context, order, { early: true, actor: 'inbox' })
  return posted || payment.state !== 'authorized'
    ? { sight: 'posted' }
    : { sight: 'waits', reason: `payment ${payment.reference} is authorised and not captured yet` }
}

async function orderOf(
  context: BookContext,
  { gateway, order, key }: { gateway: string; order: string | null; key: string | null },
): Promise<Instruction | null> {
  if (order === null && key === null) return null
  const subject: Subject = { kind: 'order', reference: order ?? '', key }
  const [found] = await instructionsAbout(context, { gateway, subject })
  return found ?? null
}
