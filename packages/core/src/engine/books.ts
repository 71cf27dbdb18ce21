import { type BookView, bookView } from '../journal/book.js'
import { closeBookCommand, openBookCommand } from '../journal/book-commands.js'
import { type Answer, answerOf, type BookContext } from './context.js'
import type { CallOptions } from './request.js'

export interface Books {
  get(): Promise<BookView>
  /** Sets the book's zone (an IANA name; UTC unless it is set). `book_zone_fixed` once it has entries. */
  open(input: { readonly timeZone: string }, options?: CallOptions): Promise<Answer<BookView>>
  /** Closes all days up to and including one. `time_in_future`, `period_closed`. */
  close(input: { readonly through: string }, options?: CallOptions): Promise<Answer<BookView>>
}

export function createBooks(context: BookContext): Books {
  return {
    get: async () => bookView(await context.reads.book(context.book)),
    open: async (input, options) => answerOf(await context.run(openBookCommand, input, options)),
    close: async (input, options) => answerOf(await context.run(closeBookCommand, input, options)),
  }
}
