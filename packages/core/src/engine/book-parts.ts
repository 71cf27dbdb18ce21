import { z } from 'zod'
import { parserOf } from '../journal/schema.js'
import { type Accounts, createAccounts } from './accounts.js'
import { type Books, createBooks } from './books.js'
import { type Clawbacks, createClawbacks } from './clawbacks.js'
import type { BookContext } from './context.js'
import { createEscrows, type Escrows } from './escrows.js'
import { createJournal, type Journal } from './journal.js'
import { createMovements, type Movements } from './movements.js'
import { createPayments, createSuspense, type Payments, type Suspense } from './payments.js'
import { createReports, type Reports } from './reports.js'
import { type VerifyOptions, type VerifyReport, verifyBook } from './verify/verify-book.js'

/** The methods of one book of which each is one unit of work, or reads. */
export interface BookParts {
  readonly accounts: Accounts
  readonly journal: Journal
  readonly books: Books
  readonly payments: Payments
  readonly suspense: Suspense
  readonly clawbacks: Clawbacks
  readonly movements: Movements
  readonly escrows: Escrows
  readonly reports: Reports
  /** Recomputes the whole book from its postings and names every deviation. */
  verify(options?: VerifyOptions): Promise<VerifyReport>
}

export function createBookParts(context: BookContext): BookParts {
  const { book, reads, snapshot, runtime } = context
  return {
    accounts: createAccounts(context),
    journal: createJournal(context),
    books: createBooks(context),
    payments: createPayments(context),
    suspense: createSuspense(context),
    clawbacks: createClawbacks(context),
    movements: createMovements(context),
    escrows: createEscrows(context),
    reports: createReports(context),
    async verify(options = {}) {
      checkVerifyOptions(options)
      return verifyBook({ book, reads, snapshot, now: runtime.now, ...options })
    },
  }
}

const checkVerifyOptions = parserOf(z.object({ pageSize: z.int().min(1).max(10_000).optional() }))
