import type { LedgerError } from '../errors/index.js'
import type { CallOutcome } from '../gateways/outcome.js'
import type { BatchOutcome } from '../gateways/payout-batches.js'
import type { Instruction } from '../instructions/instruction.js'
import { claimBatchCommand } from '../payouts/batch-commands.js'
import { type AttemptOptions, leaseMsOf, unlessOvertaken } from './attempt.js'
import { type ClaimedBatch, callBatch } from './call-batch.js'
import type { BookContext } from './context.js'
import type { GatewayLine } from './gateway-line.js'
import { noteBatch } from './note-batch.js'
import { concernsOneAlone } from './run-failure.js'

/** A payout, and where its money goes unless that is kept with it. */
export interface Sendable {
  readonly instruction: Instruction
  readonly destination: string | null
}

export interface BatchSending {
  readonly line: GatewayLine
  /** The batch in which the payouts have been sent before; null where they were never sent. */
  readonly batch: string | null
  readonly options: AttemptOptions
}

/** How the attempt ended for one payout, or what went wrong here with that one alone. */
export type End = CallOutcome['outcome'] | LedgerError

/** How the attempt ended for each payout that was in it. */
export type Ends = ReadonlyMap<string, End>

/**
 * Sends payouts in one request: claims them all in one unit of work, calls the gateway outside of any, and keeps the outcome
 * in another. Where the gateway takes none of them because of some, the others go on in batches of their own.
 */
export async function sendBatch(
  context: BookContext,
  sendable: readonly Sendable[],
  sending: BatchSending,
): Promise<Ends> {
  if (sendable.length === 0 || sending.options.signal?.aborted) return new Map()
  const claimed = await claimBatch(context, sendable, sending)
  if (claimed === null) return new Map()
  if ('refusal' in claimed) return apart(context, { sendable, sending, error: claimed.refusal })
  const { line, options } = sending
  const made = await callBatch(context, line, claimed)
  const ends = await noteBatch(context, { line, claimed, made, options })
  const left = sendable.filter(({ instruction }) => ends.get(instruction.id) === 'absent')
  const further = { ...sending, batch: null, options: { ...options, early: true } }
  if (left.length > 0) {
    // None of them has arrived. Where the gateway named others as the cause, these can go on together.
    const again = left.length < ends.size ? sendBatch(context, left, further) : inHalves(context, left, further)
    return new Map([...ends, ...(await again)])
  }
  if (!mayGoPartly(claimed, made.outcome)) return ends
  return new Map([...ends, ...(await asFarAsItGoes(context, sendable, further))])
}

/** Null where others have them; a refusal where it may be one of them that the database does not take. */
async function claimBatch(
  context: BookContext,
  sendable: readonly Sendable[],
  { line, batch, options }: BatchSending,
): Promise<ClaimedBatch | { readonly refusal: LedgerError } | null> {
  const [lease, key] = [context.newId(), batch ?? context.newId()]
  const leaseMs = leaseMsOf(line, options)
  const payouts = sendable.map(({ instruction, destination }) => ({ id: instruction.id, destination }))
  const { early = false, actor = 'dispatcher' } = options
  const asked = { batch: key, again: batch !== null, lease, leaseMs, early, payouts }
  try {
    if ((await unlessOvertaken(context.run(claimBatchCommand, asked, { actor }))) === null) return null
  } catch (error) {
    if (batch === null && concernsOneAlone(error)) return { refusal: error }
    throw error
  }
  const members = (await membersOf(context, key)).filter((member) => member.lease === lease)
  const [first] = members
  if (!first) return null
  const sendBy = first.changedAt + leaseMs - line.graceMs
  return { key, lease, how: batch === null ? 'send' : 'again', members, sendBy }
}

const PAGE = 1_000

/** All payouts of a batch, in an order of their own. */
export async function membersOf({ reads, book }: BookContext, batch: string): Promise<readonly Instruction[]> {
  const members: Instruction[] = []
  for (;;) {
    const last = members.at(-1)
    const after = last ? [last.id] : null
    const page = await reads.records(book, { kind: 'instructions', where: { batch }, order: [], after, limit: PAGE })
    members.push(...(page as Instruction[]))
    if (page.length < PAGE) return members
  }
}

/** What the database refuses is found by halves: what is wrong with one payout stops no other. */
async function apart(
  context: BookContext,
  { sendable, sending, error }: { sendable: readonly Sendable[]; sending: BatchSending; error: LedgerError },
): Promise<Ends> {
  const [only, ...others] = sendable
  if (only && others.length === 0) return new Map([[only.instruction.id, error]])
  return inHalves(context, sendable, sending)
}

/** Only of what was never sent: what may have been has to go on under its key as it is. */
function mayGoPartly({ how, members }: ClaimedBatch, outcome: BatchOutcome): boolean {
  return how === 'send' && members.length > 1 && outcome.outcome === 'waiting' && outcome.partly
}

function halvesOf(sendable: readonly Sendable[]): readonly [readonly Sendable[], readonly Sendable[]] {
  const half = Math.ceil(sendable.length / 2)
  return [sendable.slice(0, half), sendable.slice(half)]
}

/** Both halves by themselves, so that what is wrong with one payout is wrong with fewer and fewer others. */
async function inHalves(context: BookContext, sendable: readonly Sendable[], sending: BatchSending): Promise<Ends> {
  const [one, other] = halvesOf(sendable)
  return new Map([...(await sendBatch(context, one, sending)), ...(await sendBatch(context, other, sending))])
}

/** As many as the balance has money for, say: the second half only where the first one has gone out. */
async function asFarAsItGoes(
  context: BookContext,
  sendable: readonly Sendable[],
  sending: BatchSending,
): Promise<Ends> {
  const [one, other] = halvesOf(sendable)
  const ends = await sendBatch(context, one, sending)
  if ([...ends.values()].includes('waiting')) return ends
  return new Map([...ends, ...(await sendBatch(context, other, sending))])
}
