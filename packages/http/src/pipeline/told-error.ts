import { redacted } from 'escrow-ledger'

const MOST = { name: 100, message: 500, stack: 4_000, causes: 3 } as const

/** What a log keeps of an error. */
export interface ToldError {
  readonly type: string
  readonly message: string
  readonly stack: string
  readonly cause?: ToldError
}

/**
 * What of a bug a log may bear: its name, words and stack, redacted, and those of its causes. The fields of errors are left
 * out, since clients of HTTP and databases hang requests with their headers and queries with their values on them.
 */
export function toldError(error: unknown, causes: number = MOST.causes): ToldError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'What was thrown is no error.', stack: '' }
  const { name, message, stack = '', cause } = error
  return {
    type: redacted(String(name), MOST.name),
    message: redacted(String(message), MOST.message),
    stack: redacted(String(stack), MOST.stack),
    ...(cause instanceof Error && causes > 0 ? { cause: toldError(cause, causes - 1) } : {}),
  }
}
