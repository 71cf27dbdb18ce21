import type { LifeEvent } from '../journal/records.js'
import { decodeResult, encodeResult } from '../storage/index.js'
import type { BookContext } from './context.js'
import { type EntryView, entryView } from './entry-view.js'

/** One step of a deal's story. */
export interface TimelineStep {
  readonly sequence: number
  /** `open`, `fund`, `complete`, `settle`, `refund-processed` … */
  readonly command: string
  readonly actor: string | null
  /** When it took effect, and when it was written, in milliseconds. */
  readonly at: number
  readonly recordedAt: number
  /** What the command said, as it matters to the reader. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly entries: readonly EntryView[]
}

const PAGE = 100

export async function* timeline(
  { reads, book }: BookContext,
  escrow: string,
  start = 0,
): AsyncGenerator<TimelineStep, void, void> {
  for (let after = start; ; ) {
    const events = await reads.events(book, { escrow, after, limit: PAGE })
    const entries = await reads.entries(
      book,
      events.flatMap((event) => event.entries),
    )
    const byId = new Map(entries.map((entry) => [entry.id, entryView(entry)]))
    for (const event of events) yield stepOf(event, byId)
    const last = events.at(-1)
    if (!last) return
    after = last.sequence
  }
}

function stepOf(event: LifeEvent, entries: ReadonlyMap<string, EntryView>): TimelineStep {
  const { sequence, command, actor, at, recordedAt } = event
  return {
    sequence,
    command,
    actor,
    at,
    recordedAt,
    detail: decodeResult(encodeResult(event.detail)) as LifeEvent['detail'],
    entries: event.entries.flatMap((id) => entries.get(id) ?? []),
  }
}
