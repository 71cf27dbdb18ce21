import type { Books, Outcome } from './books.js'
import { readTime } from './calendar.js'
import { type Amount, type Fields, optional, readAmount, readPositive } from './read-input.js'

/**
 * A command in two parts: called, it judges the input by itself; the function that it answers with checks the rules
 * and works on the books. Between the two parts the idempotency key is looked up.
 */
export type Command = (input: Fields, books: Books) => () => Outcome

export const readAt = (books: Books, value: unknown): number | undefined =>
  optional(value, (at) => readTime(books.zone, at))

export const readPositiveAmount = (books: Books, value: unknown): Amount =>
  readPositive(books.settings.exponents, value)

export const readAnyAmount = (books: Books, value: unknown): Amount => readAmount(books.settings.exponents, value)
