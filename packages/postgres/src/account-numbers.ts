import type { AccountRef, Runtime } from 'escrow-ledger'

/** Accounts' numbers by currency and code. Two levels, since joining the two texts for every posting costs more. */
type NumbersOfBook = Map<string, Map<string, string>>

/**
 * The numbers of accounts, as far as they were seen. A number is given once and never changes, so what is known stays
 * true; a number given in a unit of work that came to nothing is forgotten again.
 */
export interface AccountNumbers {
  get(book: string, ref: AccountRef): string | undefined
  set(book: string, ref: AccountRef, number: string): void
  forget(book: string, ref: AccountRef): void
  /** So many numbers that no account has yet, in order. */
  give(count: number): string[]
}

/** Some 150 bytes each. */
const KEPT = 200_000

/** Bits below the milliseconds of a number: as many accounts as one process opens in a millisecond, and more. */
const RANDOM_BITS = 21n

export function createAccountNumbers(runtime: Runtime): AccountNumbers {
  let books = new Map<string, NumbersOfBook>()
  let count = 0
  let last = 0n

  return {
    get: (book, { code, currency }) => books.get(book)?.get(currency)?.get(code),
    set(book, { code, currency }, number) {
      if (count >= KEPT) {
        books = new Map()
        count = 0
      }
      const ofBook: NumbersOfBook = books.get(book) ?? new Map()
      books.set(book, ofBook)
      const ofCurrency = ofBook.get(currency) ?? new Map<string, string>()
      ofBook.set(currency, ofCurrency)
      if (!ofCurrency.has(code)) count += 1
      ofCurrency.set(code, number)
    },
    forget(book, { code, currency }) {
      if (books.get(book)?.get(currency)?.delete(code)) count -= 1
    },
    /**
     * The time, so that new accounts lie side by side in the indexes, then random bits, so that processes need not ask
     * each other. A number that is taken all the same is refused by its index, and the unit of work repeated.
     */
    give(wanted) {
      const [first = 0, second = 0, third = 0] = runtime.random(3)
      const random = BigInt(((first << 16) | (second << 8) | third) & (2 ** Number(RANDOM_BITS) - 1))
      const start = (BigInt(runtime.now()) << RANDOM_BITS) | random
      // Never the same twice in this process, however fast it is.
      let next = start > last ? start : last + 1n
      const given = Array.from({ length: wanted }, () => (next++).toString())
      last = next
      return given
    },
  }
}

/**
 * Numbers for one unit of work in a transaction of the host's. What was found or given there may be taken back without a
 * word to us, so it is kept apart and goes with the unit of work.
 */
export function numbersApart(shared: AccountNumbers, runtime: Runtime): AccountNumbers {
  const own = createAccountNumbers(runtime)
  return { ...own, get: (book, ref) => own.get(book, ref) ?? shared.get(book, ref), give: shared.give }
}
