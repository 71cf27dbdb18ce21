import type { AccountRef } from '../accounts/account.js'
import type { Draft, View } from './draft.js'
import type { RecordKeys } from './records.js'

/** What a command needs to have loaded. */
export interface Needs {
  readonly records?: RecordKeys | undefined
  readonly accounts?: readonly AccountRef[] | undefined
  /** Codes of which the accounts in all currencies are needed. */
  readonly codes?: readonly string[] | undefined
  readonly entries?: readonly string[] | undefined
  /** The book to itself: for what changes the book, or every account of a code. */
  readonly wholeBook?: true | undefined
}

/**
 * A change that can be asked for: plain data in, records in, changes out. The engine loads `direct`, then `further`
 * (whose keys are known only from what was loaded first), and then calls `decide`, which is pure: it writes on the
 * draft and returns the result, or throws a typed error and has changed nothing.
 */
export interface Command<Input, Result> {
  /** Such as `escrows.fund`: part of the request's fingerprint, and the name in a deal's timeline. */
  readonly name: string
  /** Turns what the caller gave into the command's input. Throws `invalid_input`. Runs before the queue. */
  readonly parse: (input: unknown) => Input
  readonly direct: (input: Input) => Needs
  readonly further?: (input: Input, view: View) => Needs
  readonly decide: (input: Input, draft: Draft) => Result
}
