import { ledgerError } from '../../errors/index.js'
import type { Reads } from '../../storage/index.js'
import type { Deviation } from './deviations.js'

/** How many of each have been checked. */
export interface Checked {
  readonly accounts: number
  readonly postings: number
  readonly days: number
  readonly entries: number
  readonly escrows: number
  readonly payments: number
  readonly fees: number
  readonly instructions: number
  readonly suspense: number
  readonly movements: number
  readonly clawbacks: number
  readonly restrictions: number
  readonly reversals: number
}

export type CheckedKind = keyof Checked

/** What a verification has found so far. */
export interface VerifyProgress {
  readonly checked: Checked
  readonly deviationCount: number
}

/** What the checks of one verification share. */
export interface Verification {
  readonly book: string
  readonly reads: Reads
  readonly pageSize: number
  /** By the clock of whoever verifies. */
  readonly startedAt: number
  /** Findings are bounded: the first ones are kept, all are counted. */
  readonly report: (found: readonly Deviation[]) => void
  /** A record that changed during every attempt to judge it. */
  readonly leaveOpen: () => void
  /** Counts a page; the place where the caller is told, and where a verification stops. Throws `aborted`. */
  readonly count: (kind: CheckedKind, more: number) => void
}

const MAX_KEPT = 1_000

export function createVerification(options: {
  readonly book: string
  readonly reads: Reads
  readonly pageSize: number
  readonly startedAt: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}): Verification & { readonly result: () => VerifyProgress & { deviations: readonly Deviation[]; undecided: number } } {
  const { book, reads, pageSize, startedAt, signal, onProgress } = options
  const checked = {
    accounts: 0,
    postings: 0,
    days: 0,
    entries: 0,
    escrows: 0,
    payments: 0,
    fees: 0,
    instructions: 0,
    suspense: 0,
    movements: 0,
    clawbacks: 0,
    restrictions: 0,
    reversals: 0,
  }
  const deviations: Deviation[] = []
  let deviationCount = 0
  let undecided = 0
  return {
    book,
    reads,
    pageSize,
    startedAt,
    report(found) {
      deviationCount += found.length
      for (const deviation of found) if (deviations.length < MAX_KEPT) deviations.push(deviation)
    },
    leaveOpen() {
      undecided += 1
    },
    count(kind, more) {
      checked[kind] += more
      if (signal?.aborted) {
        throw ledgerError(
          'aborted',
          'The verification was stopped before its end. Run it again for a whole answer.',
          undefined,
          {
            cause: signal.reason,
          },
        )
      }
      onProgress?.({ checked: { ...checked }, deviationCount })
    },
    result: () => ({ checked: { ...checked }, deviations, deviationCount, undecided }),
  }
}
