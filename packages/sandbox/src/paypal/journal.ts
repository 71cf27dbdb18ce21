import type { Money } from './money.js'

/** Something that changed the balance of an account, as Transaction Search tells it. */
export interface JournalRow {
  readonly merchantId: string
  readonly transactionId: string
  /** PayPal's event code, such as T0006 for a payment through Checkout. */
  readonly code: string
  readonly at: number
  updatedAt: number
  /** Signed: below zero is money that leaves the account. */
  readonly amount: Money
  /** Signed, and on top of the amount. */
  readonly feeMinor: bigint
  /** D denied, P pending, S successful, V reversed. */
  status: 'D' | 'P' | 'S' | 'V'
  readonly reference?: { readonly id: string; readonly type: 'ODR' | 'TXN' | 'PAP' } | undefined
  readonly invoiceId?: string | undefined
  readonly customField?: string | undefined
  readonly subject?: string | undefined
  /** What the account's balance was after it, in the currency of the amount. */
  readonly endingMinor: bigint
}

type NewRow = Omit<JournalRow, 'at' | 'updatedAt' | 'endingMinor' | 'feeMinor' | 'status'> &
  Partial<Pick<JournalRow, 'feeMinor' | 'status'>>

export interface Journal {
  add(row: NewRow): void
  /** Of an account, oldest first. */
  of(merchantId: string): readonly JournalRow[]
  /** Sets the status of a transaction's rows. */
  mark(transactionId: string, status: JournalRow['status']): void
}

/** Keeps what happened on accounts. The ids of transactions are not unique in it: a fee row has that of its payment. */
export function createJournal(now: () => number, balanceOf: (merchantId: string, currency: string) => bigint): Journal {
  const rows: JournalRow[] = []
  return {
    add(row) {
      const at = now()
      const endingMinor = balanceOf(row.merchantId, row.amount.currency)
      rows.push({ feeMinor: 0n, status: 'S', ...row, at, updatedAt: at, endingMinor })
    },
    of: (merchantId) => rows.filter((row) => row.merchantId === merchantId),
    mark(transactionId, status) {
      for (const row of rows.filter((each) => each.transactionId === transactionId)) {
        row.status = status
        row.updatedAt = now()
      }
    },
  }
}
