import { errorCodes } from 'escrow-ledger'
import { z } from 'zod'

const DOCS = 'https://github.com/escrow-ledger/escrow-ledger/blob/main/docs'

/** Where a code is explained: the ledger's each under its own heading, those of this package in one table. */
export function typeOf(code: string): string {
  return Object.hasOwn(errorCodes, code) ? `${DOCS}/errors.md#${code}` : `${DOCS}/http.md#problems`
}

/** A problem of RFC 9457, as it is answered. */
export const problemSchema = z.strictObject({
  /** Where the problem is explained. */
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  /** The ledger's code, or one of this package's (`unauthenticated`, `rate_limited` …). */
  code: z.string(),
  /** Whether the very same request may succeed later. */
  retryable: z.boolean(),
  /** The request's id, which the logs have as well. */
  instance: z.string().optional(),
  /** What is wrong with the input, where that is the problem. */
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  /** The facts of the ledger's error, such as `available` and `requested`. */
  facts: z.record(z.string(), z.unknown()).optional(),
})
export type ProblemBody = z.output<typeof problemSchema>

/** A refusal that this package makes itself; the ledger's own errors are answered by their kind. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: {
      readonly headers?: Readonly<Record<string, string>> | undefined
      readonly issues?: ProblemBody['issues']
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: more.cause })
  }
}
