import { LedgerError } from '../../errors/index.js'

/**
 * What is wrong with what a record holds, when reading or judging it fails: it is nothing that was ever written by the
 * library. Whatever else goes wrong, such as a storage that is away, is thrown again.
 */
export function problemWith(error: unknown): string {
  if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return error.message
  if (error instanceof LedgerError && error.kind !== 'unavailable') return error.message
  throw error
}
