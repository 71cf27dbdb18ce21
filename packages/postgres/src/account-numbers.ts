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
  /** Forgets a number, unless the account has got another one since. */
  forget(book: string, ref: AccountRef, number: string): void
  /** So many numbers that no account has yet, in order. */
  give(count: number): string[]
}

/** How many are kept of each generation, of some 150 bytes each. */
const KEPT = 100_000

/** Bits below the milliseconds of a number: as many accounts as one process opens in a millisecond, and more. */
const RANDOM_BITS = 21n
/** What is left of a positive number of 64 bits: until the year 2109, and then from the beginning. */
const TIME_BITS = 42

/**
 * There are two generations: once the younger one is full it becomes the older one, and what nobody asked for meanwhile
 * goes. So a unit of work does not lose between two of its steps what it found out in the first.
 */
export function createAccountNumbers(runtime: Runtime, { kept = KEPT }: { kept?: number } = {}): AccountNumbers {
  let young = createGeneration()
  let old = createGeneration()
  let last = 0n

  function set(book: string, ref: AccountRef, number: string): void {
    if (young.size() >= kept) {
      old = young
      young = createGeneration()
    }
    young.set(book, ref, number)
  }

  return {
    get(book, ref) {
      const known = young.get(book, ref)
      if (known !== undefined) return known
      const older = old.get(book, ref)
      if (older !== undefined) set(book, ref, older)
      return older
    },
    set,
    forget(book, ref, number) {
      young.forget(book, ref, number)
      old.forget(book, ref, number)
    },
    /**
     * The time, so that new accounts lie side by side in the indexes, then random bits, so that processes need not ask
     * each other. A number that is taken all the same is refused by its index, and the unit of work repeated.
     */
    give(wanted) {
      const [first = 0, second = 0, third = 0] = runtime.random(3)
      const random = BigInt(((first << 16) | (second << 8) | third) & (2 ** Number(RANDOM_BITS) - 1))
      const time = BigInt.asUintN(TIME_BITS, BigInt(Math.trunc(runtime.now())))
      const start = (time << RANDOM_BITS) | random
      // Never the same twice in this process, however fast it is.
      let next = start > last ? start : last + 1n
      const given = Array.from({ length: wanted }, () => (next++).toString())
      last = next
      return given
    },
  }
}

function createGeneration() {
  const books = new Map<string, NumbersOfBook>()
  let count = 0
  return {
    size: () => count,
    get: (book: string, { code, currency }: AccountRef) => books.get(book)?.get(currency)?.get(code),
    set(book: string, { code, currency }: AccountRef, number: string) {
      const ofBook: NumbersOfBook = books.get(book) ?? new Map()
      books.set(book, ofBook)
      const ofCurrency = ofBook.get(currency) ?? new Map<string, string>()
      ofBook.set(currency, ofCurrency)
      if (!ofCurrency.has(code)) count += 1
      ofCurrency.set(code, number)
    },
    forget(book: string, { code, currency }: AccountRef, number: string) {
      const ofCurrency = books.get(book)?.get(currency)
      if (ofCurrency?.get(code) !== number) return
      ofCurrency.delete(code)
      count -= 1
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
