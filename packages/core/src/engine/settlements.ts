import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { completeEscrowCommand } from '../escrow/complete-escrow.js'
import type { Escrow } from '../escrow/escrow.js'
import { dueAt, inspectionEndsAt } from '../escrow/life.js'
import { recordAttemptCommand } from '../escrow/record-attempt.js'
import { settleEscrowCommand } from '../escrow/settle-escrow.js'
import { type InstantInput, instantSchema, type ParsedInstant, readingInstant } from '../journal/instant.js'
import type { RecordQuery } from '../storage/index.js'
import type { BookContext } from './context.js'
import { type DueSettlements, dueSettlements } from './due-settlements.js'
import { actorSchema, readerOf, signalSchema } from './read-options.js'
import type { CallOptions } from './request.js'
import { concernsOneAlone } from './run-failure.js'
import { createSettlementTotals, type SettlementTotals } from './settlement-totals.js'

/** An escrow that a run could not release, and when the next one tries again. */
export interface RefusedSettlement {
  readonly escrow: string
  readonly code: string
  readonly message: string
  readonly nextAt: number | null
}

export interface SettlementProgress {
  readonly settled: number
  readonly completed: number
  readonly refused: number
}

export interface SettlementRun {
  readonly settled: number
  /** Escrows that were completed because their inspection period ended without an answer. */
  readonly completed: number
  /** The first 1,000 that were refused; `refusedCount` counts all. */
  readonly refused: readonly RefusedSettlement[]
  readonly refusedCount: number
  /** What was released, by currency. */
  readonly totals: readonly SettlementTotals[]
  /** Whether the run ended because its limit was reached or its signal aborted: there may be more. */
  readonly stopped: boolean
}

export interface RunOptions extends Pick<CallOptions, 'actor'> {
  /** Ends the run once the pages that it has begun, two at most, are done. */
  readonly signal?: AbortSignal | undefined
  /** What is due at this time; now, unless it is given. `time_in_future` when it is later than the clock. */
  readonly asOf?: InstantInput | undefined
  /** Releases at most; refused ones do not count. */
  readonly limit?: number | undefined
  /** Escrows looked at together, 1 to 1,000; 250 unless it is given. */
  readonly pageSize?: number | undefined
  readonly onProgress?: ((progress: SettlementProgress) => void) | undefined
}

export interface Settlements {
  /**
   * Releases everything that is due, in the order in which it fell due, a page at a time. Safe to stop anywhere and to
   * run by many workers at once: each release happens once. One that is refused, by a rule or by the database, is kept
   * with its reason and tried again later; a failure of the whole storage (kind `unavailable`) ends the run with it.
   */
  run(options?: RunOptions): Promise<SettlementRun>
  /**
   * What is due: sums of what is held by currency, and the escrows. Due is the latest of completion + hold, full funding
   * and the last resolved dispute; so is what was refused, although a run tries it again only later. Throws `time_in_future`.
   */
  due(options?: { readonly asOf?: InstantInput | undefined }): Promise<DueSettlements>
}

const readDueOptions = readerOf({ asOf: instantSchema.optional() })
const readRunOptions = readerOf({
  actor: actorSchema.optional(),
  signal: signalSchema.optional(),
  asOf: instantSchema.optional(),
  limit: z.int().min(1).optional(),
  pageSize: z.int().min(1).max(1_000).optional(),
  onProgress: z
    .custom<NonNullable<RunOptions['onProgress']>>((value) => typeof value === 'function', 'must be a function')
    .optional(),
})

/** Refusals kept in the answer of a run. */
const MAX_REFUSED = 1_000

/** Another worker, or a host, got there first, or the escrow changed meanwhile: nothing to record. */
const overtaken: ReadonlySet<string> = new Set([
  'escrow_already_settled',
  'escrow_already_cancelled',
  'escrow_already_refunded',
  'escrow_already_completed',
  'escrow_not_due',
  'escrow_disputed',
])

export function createSettlements(context: BookContext): Settlements {
  return {
    run: (options) => runSettlements(context, options),
    due: async (options) => dueSettlements(context, await instantOf(context, readDueOptions(options).asOf)),
  }
}

function cursorOf(escrow: Escrow): readonly [number | null, string] {
  return [escrow.nextAt, escrow.id]
}

/** What a run has something to do with: inspections that are over, and what is due and not put off by a refusal. */
async function fetchReady(
  { reads, book }: BookContext,
  { asOf, after, limit }: { asOf: number; after: RecordQuery['after']; limit: number },
): Promise<readonly Escrow[]> {
  const query = { kind: 'escrows', atMost: { field: 'nextAt', value: asOf }, order: ['nextAt'], after, limit } as const
  return (await reads.records(book, query)) as readonly Escrow[]
}

/** The instant that a run is meant for. Throws `time_in_future`. */
async function instantOf(context: BookContext, asOf: ParsedInstant | undefined): Promise<number> {
  const now = context.runtime.now()
  if (asOf === undefined) return now
  const { timeZone } = await context.reads.book(context.book)
  const asked = readingInstant(asOf, timeZone)
  if (asked <= now) return asked
  const when = new Date(asked).toISOString()
  throw ledgerError(
    'time_in_future',
    `${when} has not come yet: nothing can be settled as of then. Leave "asOf" out for now.`,
    { at: asked, now },
  )
}

interface Tally {
  /** Those that were settled, and those of which it is not known yet. */
  begun: number
  settled: number
  completed: number
  refusedCount: number
  readonly refused: RefusedSettlement[]
  readonly totals: ReturnType<typeof createSettlementTotals>
}

async function runSettlements(context: BookContext, given?: RunOptions): Promise<SettlementRun> {
  const options = readRunOptions(given)
  const { actor = 'settlement-run', limit = Number.POSITIVE_INFINITY, pageSize = 250 } = options
  const asOf = await instantOf(context, options.asOf)
  const call: CallOptions = { actor }
  const tally: Tally = {
    begun: 0,
    settled: 0,
    completed: 0,
    refusedCount: 0,
    refused: [],
    totals: createSettlementTotals(),
  }
  const pages = createPages(async (due) => {
    const settled = await Promise.all(due.map((escrow) => settleOne(context, { escrow, asOf, call, tally })))
    tally.begun -= settled.filter((each) => !each).length
    options.onProgress?.({ settled: tally.settled, completed: tally.completed, refused: tally.refusedCount })
  })
  let after: RecordQuery['after'] = null
  let exhausted = false
  for (;;) {
    await pages.room()
    if (exhausted || tally.settled >= limit || options.signal?.aborted) break
    const wanted = Math.min(pageSize, limit - tally.begun)
    if (wanted === 0) {
      // Whatever is refused of the last page leaves room for another.
      await pages.landed()
      continue
    }
    const due: readonly Escrow[] = await fetchReady(context, { asOf, after, limit: wanted })
    if (options.signal?.aborted) break
    const last = due.at(-1)
    exhausted = due.length < wanted
    if (last) after = cursorOf(last)
    tally.begun += due.length
    if (due.length > 0) pages.begin(due)
  }
  await pages.landed()
  const { settled, completed, refused, refusedCount } = tally
  return { settled, completed, refused, refusedCount, totals: tally.totals.list(), stopped: !exhausted }
}

/** Pages of a run that are being settled: two at most, so that one is read and decided while the other is committed. */
interface Pages {
  /** Waits until another page may begin. */
  room(): Promise<void>
  begin(due: readonly Escrow[]): void
  /** Waits for all of them. */
  landed(): Promise<void>
}

const MOST_PAGES = 2

function createPages(settle: (due: readonly Escrow[]) => Promise<void>): Pages {
  const pages: Promise<void>[] = []

  return {
    async room() {
      while (pages.length >= MOST_PAGES) await pages.shift()
    },
    begin(due) {
      const page = settle(due)
      // Its failure is told to whoever waits for it.
      page.catch(() => {})
      pages.push(page)
    },
    async landed() {
      while (pages.length > 0) await pages.shift()
    },
  }
}

interface Due {
  readonly escrow: Escrow
  readonly asOf: number
  readonly call: CallOptions
  readonly tally: Tally
}

/** Completes an escrow whose inspection is over, and releases what is due of it; tells whether it did. */
async function settleOne(context: BookContext, { escrow, asOf, call, tally }: Due): Promise<boolean> {
  const { id } = escrow
  try {
    let due = dueAt(escrow)
    const inspected = inspectionEndsAt(escrow)
    if (inspected !== null && inspected <= asOf) {
      const completed = await context.run(completeEscrowCommand, { id, at: inspected }, call)
      tally.completed += 1
      due = completed.result.dueAt
    }
    if (due === null || due > asOf) return false
    const { entries, result } = await context.run(settleEscrowCommand, { id }, call)
    tally.settled += 1
    tally.totals.add(entries, result.toPayer)
    return true
  } catch (error) {
    if (!concernsOneAlone(error)) throw error
    if (overtaken.has(error.code)) return false
    const { code, message } = error
    const nextAt = await recordRefusal(context, { escrow, code, message }, call)
    tally.refusedCount += 1
    if (tally.refused.length < MAX_REFUSED) tally.refused.push({ escrow: id, code, message, nextAt })
    return false
  }
}

/** Keeps a refusal with its escrow, by a command of its own; tells when the release is tried again. */
async function recordRefusal(
  context: BookContext,
  { escrow, code, message }: { escrow: Escrow; code: string; message: string },
  call: CallOptions,
): Promise<number | null> {
  try {
    const { result } = await context.run(recordAttemptCommand, { id: escrow.id, code, message }, call)
    return result.nextAt
  } catch (error) {
    if (!concernsOneAlone(error)) throw error
    // The database takes nothing for this escrow, not even the reason: it stays due, and the next run tries it again.
    return escrow.nextAt
  }
}
