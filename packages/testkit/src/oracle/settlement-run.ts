import { type Books, copyBooks } from './books.js'
import { readAsOf } from './calendar.js'
import type { Command } from './command.js'
import { dueAt, type Escrow, endOf, held } from './escrow.js'
import { compareUtf8, optional } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'
import { settle } from './settle-escrow.js'

/**
 * First completes the delivered escrows whose inspection period has ended, effective at its end; then settles
 * everything that is due, by due time and then by id. One that is refused is left as it was.
 */
export const run: Command = (input, books) => {
  const given = optional(input.asOf, (asOf) => readAsOf(books.zone, asOf))
  return () => {
    refuseIf(given !== undefined && given > books.now, 'time_in_future')
    const asOf = given ?? books.now
    const completed = completeInspected(books, asOf)
    const settled: string[] = []
    const refused: { id: string; code: string }[] = []
    const before = books.entries.length
    for (const id of dueIn(books, asOf)) {
      const attempt = copyBooks(books)
      try {
        settle({ id }, attempt)()
        Object.assign(books, attempt)
        settled.push(id)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.push({ id, code: error.code })
      }
    }
    return { entries: books.entries.slice(before), run: { completed, settled, refused } }
  }
}

function completeInspected(books: Books, asOf: number): readonly string[] {
  const ended = [...books.escrows.values()].flatMap((escrow) => {
    const at = inspectionEndsAt(books, escrow)
    return at === undefined || at > asOf ? [] : [{ id: escrow.id, at, escrow }]
  })
  ended.sort((a, b) => a.at - b.at || compareUtf8(a.id, b.id))
  for (const { id, at, escrow } of ended) books.escrows.set(id, { ...escrow, completedAt: at })
  return ended.map(({ id }) => id)
}

/** When the inspection period of a delivered escrow ends, unless it was answered or the escrow has ended. */
function inspectionEndsAt(books: Books, escrow: Escrow): number | undefined {
  const { deliveredAt, completedAt, terms } = escrow
  if (deliveredAt === undefined || completedAt !== undefined || terms.inspectionMs === undefined) return undefined
  return endOf(books, escrow) === undefined ? deliveredAt + terms.inspectionMs : undefined
}

/** The escrows that hold something which is due, in order. */
function dueIn(books: Books, asOf: number): readonly string[] {
  const due = [...books.escrows.values()].flatMap((escrow) => {
    const at = dueAt(books, escrow)
    return at === undefined || at > asOf || held(books, escrow) === 0n ? [] : [{ id: escrow.id, at }]
  })
  due.sort((a, b) => a.at - b.at || compareUtf8(a.id, b.id))
  return due.map(({ id }) => id)
}
