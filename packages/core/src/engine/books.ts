import { closeBookCommand, openBookCommand } from '../journal/book-commands.js'
import { formatDay } from '../journal/local-day.js'
import type { BookContext } from './context.js'
import type { CallOptions } from './request.js'

export interface BookView {
  readonly name: string
  readonly timeZone: string
  /** The last closed day, inclusive, as `2026-10-31`; null while everything is open. */
  readonly closedThrough: string | null
}

export interface Books {
  get(): Promise<BookView>
  /** Sets the book's zone (an IANA name; UTC unless it is set). `book_zone_fixed` once it has entries. */
  open(input: { readonly timeZone: string }, options?: CallOptions): Promise<BookView>
  /** Closes all days up to and including one. `time_in_future`, `period_closed`. */
  close(input: { readonly through: string }, options?: CallOptions): Promise<BookView>
}

export function createBooks(context: BookContext): Books {
  async function get(): Promise<BookView> {
    const { name, timeZone, closedThrough } = await context.reads.book(context.book)
    return { name, timeZone, closedThrough: closedThrough === null ? null : formatDay(closedThrough) }
  }
  return {
    get,
    async open(input, options) {
      await context.run(openBookCommand, input, options)
      return get()
    },
    async close(input, options) {
      await context.run(closeBookCommand, input, options)
      return get()
    },
  }
}
