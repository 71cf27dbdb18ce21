import { type Books, copyBooks } from './books.js'
import { readAsOf } from './calendar.js'
import type { Command } from './command.js'
import { dueAt, type Escrow, held, inspectionEndsAt } from './escrow.js'
import { compareUtf8, optional } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'
import { settle } from './settle-escrow.js'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/**
 * First completes the delivered escrows whose inspection period has ended, effective at its end; then settles
 * everything that is due, by due time and then by id. One that is refused is tried again later: after a minute, then
 * after twice as long each time, up to a day.
 */
export const run: Command = (input, books) => {
  const given = optional(input.asOf, (asOf) => readAsOf(books.zone, asOf))
  return () => {
    refuseIf(given !== undefined && given > books.now, 'time_in_future')
    const asOf = given ?? books.now
    const completed = completeInspected(books, asOf)
    const settled: string[] = []
    const refused: { id: string; code: string; nextAt: number }[] = []
    const before = books.entries.length
    for (const escrow of dueIn(books, asOf)) {
      const { id } = escrow
      const attempt = copyBooks(books)
      try {
        settle({ id }, attempt)()
        Object.assign(books, attempt)
        settled.push(id)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.push({ id, code: error.code, nextAt: tryLater(books, escrow, error.code) })
      }
    }
    return { entries: books.entries.slice(before), run: { completed, settled, refused } }
  }
}

/** Keeps an attempt that was refused, and answers with when the next one is made. */
function tryLater(books: Books, escrow: Escrow, code: string): number {
  const count = (escrow.attempt?.count ?? 0) + 1
  const nextAt = books.now + Math.min(DAY_MS, MINUTE_MS * 2 ** (count - 1))
  books.escrows.set(escrow.id, { ...escrow, attempt: { count, code, nextAt } })
  return nextAt
}

function completeInspected(books: Books, asOf: number): readonly string[] {
  const ended = inOrder(books, asOf, (escrow) => inspectionEndsAt(books, escrow))
  for (const { escrow, at } of ended) books.escrows.set(escrow.id, { ...escrow, completedAt: at })
  return ended.map(({ escrow }) => escrow.id)
}

/** The escrows that hold something which is due, in order. */
const dueIn = (books: Books, asOf: number): readonly Escrow[] =>
  inOrder(books, asOf, (escrow) => (held(books, escrow) > 0n ? dueAt(books, escrow) : undefined)).map(
    ({ escrow }) => escrow,
  )

/** The escrows whose time has come, by that time and then by id, but for those that wait for another attempt. */
function inOrder(books: Books, asOf: number, timeOf: (escrow: Escrow) => number | undefined) {
  const found = [...books.escrows.values()].flatMap((escrow) => {
    const at = timeOf(escrow)
    return at === undefined || Math.max(at, escrow.attempt?.nextAt ?? at) > asOf ? [] : [{ escrow, at }]
  })
  return found.sort((a, b) => a.at - b.at || compareUtf8(a.escrow.id, b.escrow.id))
}
