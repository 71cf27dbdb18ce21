import { createHash } from 'node:crypto'
import { format, isPositive, type Ledger, LedgerError } from 'escrow-ledger'
import type { RefusedRow, Session } from './sessions-csv.js'
import { terms } from './terms.js'

/** The name under which the ledger knows the gateway through which all money comes and goes. */
export const gateway = 'manual'

export interface Tally {
  /** Sessions that are in the books now, and how many of them were there before this run. */
  taken: number
  known: number
  refused: number
}

export interface ProcessOptions {
  readonly onRefused: (row: RefusedRow) => void
  readonly onTaken: (session: Session) => void
  readonly onProgress: (tally: Tally) => void
}

/** Commands under way at once: enough for the ledger to commit many of them together, few enough for little memory. */
const AT_ONCE = 500

/** Takes sessions up to their completion, a block at a time. What is wrong with one of them is told, and the others go on. */
export async function processSessions(
  ledger: Ledger,
  blocks: AsyncIterable<readonly (Session | RefusedRow)[]>,
  { onRefused, onTaken, onProgress }: ProcessOptions,
): Promise<Tally> {
  const tally: Tally = { taken: 0, known: 0, refused: 0 }
  for await (const block of blocks) {
    for (let start = 0; start < block.length; start += AT_ONCE) {
      const rows = block.slice(start, start + AT_ONCE)
      const outcomes = await Promise.all(rows.map((row) => ('reason' in row ? row : processSession(ledger, row))))
      for (const outcome of outcomes) {
        if ('reason' in outcome) {
          tally.refused += 1
          onRefused(outcome)
        } else {
          tally.taken += 1
          if (outcome.known) tally.known += 1
          onTaken(outcome.session)
        }
      }
      onProgress(tally)
    }
  }
  return tally
}

/**
 * Opens, funds and completes one deal. Each step carries a key that is derived from the session, so that the same row
 * can be sent again at any time: after a crash, or because nobody remembers whether it was sent.
 *
 * Only funding moves money, and it takes the fee along, so that a row of which either is refused posts nothing. What
 * completing could refuse is known before: times were compared as the row was read, and a deal that this row has not just
 * opened may have been ended by somebody meanwhile.
 */
async function processSession(
  ledger: Ledger,
  session: Session,
): Promise<{ session: Session; known: boolean } | RefusedRow> {
  const { id, amount, fee, tax, capturedAt, line } = session
  const charged = isPositive(fee) ? { fee: { fee, tax } } : {}
  const payment = { id, amount, gateway, reference: id, ...charged, at: capturedAt }
  try {
    const opened = await openDeal(ledger, session)
    if (opened.replayed && (await wasCancelled(ledger, id))) return { line, reason: 'session was cancelled' }
    await ledger.escrows.fund(payment, once('fund', session))
    await completeDeal(ledger, session)
    return { session, known: opened.replayed }
  } catch (error) {
    return { line, reason: reasonOf(error) }
  }
}

async function wasCancelled(ledger: Ledger, id: string): Promise<boolean> {
  return (await ledger.escrows.get(id)).cancelledAt !== null
}

/** The key of a step, derived from the session. */
export const once = (step: string, { id }: Session) => ({ idempotencyKey: `${step}:${id}`, actor: 'quickstart' })

export function openDeal(ledger: Ledger, session: Session) {
  const { id, payer, payee, amount, capturedAt } = session
  const metadata = { row: rowDigest(session) }
  const deal = { id, payer, parties: { coach: payee }, amount, terms, metadata, at: capturedAt }
  return ledger.escrows.open(deal, once('open', session))
}

export function completeDeal(ledger: Ledger, session: Session) {
  const { id, completedAt, satisfaction } = session
  const measures = satisfaction === null ? {} : { satisfaction }
  return ledger.escrows.complete({ id, measures, at: completedAt }, once('complete', session))
}

/** A refusal is about this row; anything else is about all of them. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof LedgerError) || error.kind === 'unavailable' || error.kind === 'internal') throw error
  return error.code === 'idempotency_key_reused' ? 'session is known already, with other data' : error.message
}

/**
 * Stands in the metadata of the escrow, so that a row which differs from its session's first one in anything at all is
 * refused at its first step, before it posts anything.
 */
function rowDigest({ payer, payee, amount, fee, tax, capturedAt, completedAt, satisfaction }: Session): string {
  const texts = [payer, payee, amount.currency, format(amount), format(fee), format(tax)]
  const row = JSON.stringify([...texts, capturedAt, completedAt, satisfaction === null ? null : Number(satisfaction)])
  return createHash('sha256').update(row).digest('hex').slice(0, 16)
}
