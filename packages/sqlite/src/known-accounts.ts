import type { Account, AccountRef } from 'escrow-ledger'

/** An account with what the storage alone knows of it: its number. */
export interface KnownAccount {
  account: Account
  readonly number: number
}

/** Accounts of one book by currency and code. Two levels, since joining the two texts for every posting costs more. */
export interface KnownAccounts {
  readonly size: number
  get(ref: AccountRef): KnownAccount | undefined
  set(known: KnownAccount): void
  forEach(visit: (known: KnownAccount) => void): void
}

export function createKnownAccounts(): KnownAccounts {
  const currencies = new Map<string, Map<string, KnownAccount>>()
  let size = 0
  return {
    get size() {
      return size
    },
    get: (ref) => currencies.get(ref.currency)?.get(ref.code),
    set(known) {
      const { code, currency } = known.account
      let codes = currencies.get(currency)
      if (!codes) {
        codes = new Map()
        currencies.set(currency, codes)
      }
      if (!codes.has(code)) size += 1
      codes.set(code, known)
    },
    forEach(visit) {
      for (const codes of currencies.values()) codes.forEach(visit)
    },
  }
}

/** Accounts of all books as the last commit left them, so that busy ones need not be read for every batch. */
export interface AccountCache {
  /** Forgets everything when another connection has committed since: SQLite's `data_version` tells. */
  refresh(dataVersion: bigint): void
  get(book: number, ref: AccountRef): KnownAccount | undefined
  /** Takes over what a unit of work knew when it was committed. */
  adopt(book: number, accounts: KnownAccounts): void
  clear(): void
}

/** Some 300 bytes each. */
const KEPT = 20_000

export function createAccountCache(): AccountCache {
  const books = new Map<number, KnownAccounts>()
  let count = 0
  let version: bigint | null = null

  function clear() {
    books.clear()
    count = 0
  }

  return {
    refresh(dataVersion) {
      if (version !== dataVersion) clear()
      version = dataVersion
    },
    get: (book, ref) => books.get(book)?.get(ref),
    adopt(book, accounts) {
      if (count > KEPT) clear()
      let ofBook = books.get(book)
      if (!ofBook) {
        ofBook = createKnownAccounts()
        books.set(book, ofBook)
      }
      const before = ofBook.size
      accounts.forEach(ofBook.set)
      count += ofBook.size - before
    },
    clear,
  }
}
