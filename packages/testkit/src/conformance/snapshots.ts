import type { AccountRef, Reads, Storage } from 'escrow-ledger'
import { deepEqual, equal, failsWith, thrownBy } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { post, posted, transfer } from './plain-journal.js'
import { readBook } from './whole-book.js'

/** How long a writer has to be done, in milliseconds, where it need not wait for a reader. */
const MOMENT_MS = 20
const ACCOUNTS = 8

const codeOf = (index: number) => `account-${index % ACCOUNTS}`

/** Moves an amount between two accounts, each of which many pages lie between. */
function moved(storage: Storage, index: number): Promise<unknown> {
  return posted(storage, { book: BOOK, entries: [{ lines: transfer(codeOf(index), codeOf(index * 5 + 3), 7n) }] })
}

/** Posts until somebody says that it is enough, one entry after another; says how many. */
function writing(storage: Storage, from: number): { readonly stop: () => Promise<number> } {
  let going = true
  const running = (async () => {
    let count = 0
    for (; going; count++) {
      await moved(storage, from + count)
      // Where nothing waits for a network, nobody else would have a turn.
      await storage.runtime.yield()
    }
    return count
  })()
  return {
    stop: () => {
      going = false
      return running
    },
  }
}

/** The sum of all accounts, read one a page with a pause after each. */
async function sumOf(reads: Reads, pause: () => Promise<void>): Promise<bigint> {
  let sum = 0n
  let after: AccountRef | null = null
  for (;;) {
    const [account] = await reads.accounts(BOOK, { after, limit: 1 })
    if (!account) return sum
    sum += account.debitsPosted - account.creditsPosted
    after = account
    await pause()
  }
}

export const snapshots: Cases = {
  'shows what was there when it began, to its end': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    const before = await readBook(storage.reads, { book: BOOK })
    let written: Promise<unknown> = Promise.resolve()
    await storage.snapshot(async (reads) => {
      equal((await reads.account(BOOK, { code: 'a', currency: 'USD' }))?.creditsPosted, 5n)
      const lines = [...transfer('a', 'b', 2n), ...transfer('b', 'c', 1n)]
      written = storage.transact(BOOK, () => post([{ lines }]))
      // A storage may let the writer wait.
      await Promise.race([written, storage.runtime.sleep(MOMENT_MS)])
      deepEqual(await readBook(reads, { book: BOOK }), before)
    })
    await written
    equal((await storage.reads.account(BOOK, { code: 'a', currency: 'USD' }))?.creditsPosted, 7n)
  },

  'adds up to nothing beside writers': async ({ storage, runs }) => {
    for (let index = 0; index < ACCOUNTS; index++) await moved(storage, index)
    const writers = [1, 2, 3].map((from) => writing(storage, from))
    const sums: bigint[] = []
    for (let look = 0; look < Math.ceil(runs / 4); look++) {
      sums.push(await storage.snapshot((reads) => sumOf(reads, storage.runtime.yield)))
      await storage.runtime.sleep(1)
    }
    const counts = await Promise.all(writers.map(({ stop }) => stop()))
    deepEqual(new Set(sums), new Set([0n]))
    equal(
      counts.every((count) => count > 0),
      true,
    )
  },

  'fails as what reads in it does, and is over then': async ({ storage }) => {
    const failure = new RangeError('not this time')
    const failing = () =>
      storage.snapshot(async (reads) => {
        await reads.books()
        throw failure
      })
    equal(await thrownBy(failing), failure)
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    deepEqual(await storage.snapshot((reads) => reads.books()), [BOOK])
  },

  'is taken by many at once': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    const looks = Array.from({ length: 16 }, () =>
      storage.snapshot((reads) => sumOf(reads, () => storage.runtime.sleep(1))),
    )
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    deepEqual(new Set(await Promise.all(looks)), new Set([0n]))
  },

  'is refused once the storage was closed': async ({ storage }) => {
    await storage.close()
    await failsWith(['ledger_closed'], () => storage.snapshot((reads) => reads.books()))
  },
}
