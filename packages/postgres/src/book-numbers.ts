import { hash } from 'node:crypto'

const numbers = new Map<string, string>()
const KEPT = 10_000

/**
 * A book's number: the first 64 bits of SHA-256 of its name. Nobody has to be asked for it, so that every statement
 * names its book, and books need no common table; two names with one number are refused by the row of the book.
 */
export function bookNumber(name: string): string {
  const known = numbers.get(name)
  if (known !== undefined) return known
  const made = hash('sha256', name, 'buffer').readBigInt64BE().toString()
  if (numbers.size >= KEPT) numbers.clear()
  numbers.set(name, made)
  return made
}
