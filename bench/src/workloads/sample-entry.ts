import { type EntryInput, fromMinor } from 'escrow-ledger'

export const ACCOUNTS = 1_000
export const CURRENCY = 'INR'
const KEY_LENGTH = 36

/** One of the accounts that entries are posted to; the first of them is the hot one. */
export function accountCode(index: number): string {
  return `wallet:${String(index).padStart(4, '0')}`
}

/** An idempotency key of 36 characters. */
export function keyOf(workload: string, index: number): string {
  return `${workload}:${String(index).padStart(KEY_LENGTH - workload.length - 1, '0')}`
}

/** Two postings, and metadata of 40 bytes as JSON. The accounts look random and are the same in every run. */
export function sampleEntry(index: number, { hot = false }: { hot?: boolean } = {}): EntryInput {
  const from = hot ? 0 : scattered(index)
  const step = 1 + (scattered(index + 7) % (ACCOUNTS - 1))
  const amount = fromMinor(BigInt(100 + (index % 9_900)), CURRENCY)
  return {
    postings: [
      { account: accountCode(from), debit: amount },
      { account: accountCode((from + step) % ACCOUNTS), credit: amount },
    ],
    metadata: { order: `ord-${String(index).padStart(10, '0')}`, shop: 'eu-4' },
  }
}

export function sampleAccount(index: number) {
  return { code: accountCode(index), currency: CURRENCY, type: 'liability' } as const
}

/** Spreads numbers over the accounts: Knuth's multiplicative hash. */
function scattered(index: number): number {
  return (Math.imul(index, 2_654_435_761) >>> 8) % ACCOUNTS
}
