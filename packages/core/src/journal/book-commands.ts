import { z } from 'zod'
import { ledgerError } from '../errors/index.js'
import { type Book, type BookView, bookView } from './book.js'
import type { Command } from './command.js'
import type { Draft } from './draft.js'
import { formatDay, parseDay, zoneOf } from './local-day.js'
import { parserOf } from './schema.js'

const openSchema = z.strictObject({
  timeZone: z.string().transform((timeZone) => {
    zoneOf(timeZone)
    return timeZone
  }),
})

/** Says which zone a book's days are in. Fixed by its first entry: then another zone is `book_zone_fixed`. */
export const openBookCommand: Command<z.output<typeof openSchema>, BookView> = {
  name: 'books.open',
  parse: parserOf(openSchema),
  direct: () => ({ wholeBook: true }),
  decide({ timeZone }, draft) {
    const { book } = draft
    if (book.hasEntries && book.timeZone !== timeZone) {
      throw ledgerError(
        'book_zone_fixed',
        `Book ${book.name} has entries in ${book.timeZone}; its days cannot move to ${timeZone} any more. Use another book.`,
      )
    }
    return putBook(draft, { ...book, timeZone })
  },
}

const closeSchema = z.strictObject({
  through: z.string().transform((text, context) => {
    const day = parseDay(text)
    if (day !== null) return day
    context.addIssue({ code: 'custom', message: 'must be a date such as "2026-10-31"' })
    return z.NEVER
  }),
})

/** Closes the periods up to a day, inclusive: nothing becomes effective in them any more. */
export const closeBookCommand: Command<z.output<typeof closeSchema>, BookView> = {
  name: 'books.close',
  parse: parserOf(closeSchema),
  direct: () => ({ wholeBook: true }),
  decide({ through }, draft) {
    const { book, now } = draft
    const end = zoneOf(book.timeZone).startOf(through + 1)
    if (end > now) {
      throw ledgerError(
        'time_in_future',
        `${formatDay(through)} has not ended yet in ${book.timeZone}. Close it when it has.`,
        { at: end, now },
      )
    }
    if (book.closedThrough !== null && through <= book.closedThrough) {
      const closedThrough = formatDay(book.closedThrough)
      throw ledgerError('period_closed', `The book is closed through ${closedThrough} already. Name a later day.`, {
        effectiveAt: end,
        closedThrough,
      })
    }
    return putBook(draft, { ...book, closedThrough: through })
  },
}

function putBook(draft: Draft, book: Book): BookView {
  draft.putBook({ ...book, revision: book.revision + 1 })
  return bookView(book)
}
