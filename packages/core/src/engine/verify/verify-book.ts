import type { BookContext } from '../context.js'
import { checkBook } from './check-book.js'
import { type ClientMoney, clientMoneyPosition } from './client-money.js'
import type { Deviation } from './deviations.js'
import { type Checked, createVerification, type VerifyProgress } from './verification.js'
import { verifyAccounts } from './verify-accounts.js'
import { clawbackCheck } from './verify-clawbacks.js'
import { verifyEntries } from './verify-entries.js'
import { escrowCheck } from './verify-escrows.js'
import { feeCheck } from './verify-fees.js'
import { instructionCheck } from './verify-instructions.js'
import { movementCheck } from './verify-movements.js'
import { paymentCheck } from './verify-payments.js'
import { restrictionCheck } from './verify-restrictions.js'
import { reversalCheck } from './verify-reversals.js'
import { suspenseCheck } from './verify-suspense.js'
import { walkRecords } from './walk-records.js'

export interface VerifyOptions {
  /** Told after every page. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
  /** Stops the verification at the next page; it then fails with `aborted`. */
  readonly signal?: AbortSignal | undefined
  /** Rows looked at together, 1 to 10,000; 500 unless it is given. */
  readonly pageSize?: number | undefined
}

/** What a verification found. */
export interface VerifyReport {
  /** Whether nothing deviates. */
  readonly ok: boolean
  readonly checked: Checked
  /** The first 1,000; `deviationCount` counts all. */
  readonly deviations: readonly Deviation[]
  readonly deviationCount: number
  /** Records that changed during every attempt to judge them: nothing is said of them. */
  readonly undecided: number
  /** Per currency, what is owed to others against what is there for it: a position to act on, not a deviation. */
  readonly clientMoney: readonly ClientMoney[]
  readonly startedAt: number
  readonly finishedAt: number
}

const PAGE = 500
const MAX_PAGE = 10_000

/**
 * Recomputes a book from its postings and names everything that deviates. It reads page by page, in bounded memory, and
 * runs beside writers: an account is compared with its postings up to the version that the account had when it was
 * read, and what two reads must agree on is read again before it is reported.
 */
export async function verifyBook(
  options: Pick<BookContext, 'book' | 'reads' | 'snapshot'> & { readonly now: () => number } & VerifyOptions,
): Promise<VerifyReport> {
  const { book, reads, snapshot, now, signal, onProgress } = options
  const pageSize = Math.max(1, Math.min(MAX_PAGE, Math.floor(options.pageSize ?? PAGE)))
  const startedAt = now()
  const verification = createVerification({ book, reads, pageSize, startedAt, signal, onProgress })
  const clientMoney = await snapshot((reads) => clientMoneyPosition({ book, reads, pageSize }))
  let recordedThrough = 0
  for (const { currency } of clientMoney) {
    recordedThrough = Math.max(recordedThrough, await verifyAccounts(verification, currency))
  }
  // The clock that wrote the book may be ahead of this one, and an entry without postings is later than all of them.
  await verifyEntries(verification, Math.max(recordedThrough, now()))
  await checkBook(verification, verification.result().checked.entries > 0)
  await walkRecords(verification, restrictionCheck)
  await walkRecords(verification, reversalCheck)
  await walkRecords(verification, escrowCheck)
  await walkRecords(verification, paymentCheck)
  await walkRecords(verification, feeCheck)
  await walkRecords(verification, instructionCheck)
  await walkRecords(verification, suspenseCheck)
  await walkRecords(verification, movementCheck)
  await walkRecords(verification, clawbackCheck)
  const result = verification.result()
  return { ok: result.deviationCount === 0, ...result, clientMoney, startedAt, finishedAt: now() }
}
