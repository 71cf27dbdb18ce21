import { type LifeEvent, load, persist, type Work } from 'escrow-ledger'
import { deepEqual, equal, failsWith, thrownBy } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { keysOf, newId, post, posted, START, transfer, written } from './plain-journal.js'
import { bareEscrow } from './sample-escrows.js'
import { creating } from './sample-records.js'
import { keyRecord, wholeBook } from './whole-book.js'

const event: LifeEvent = {
  escrow: bareEscrow.id,
  sequence: 1,
  command: 'open',
  actor: null,
  at: START,
  recordedAt: START,
  detail: {},
  entries: [],
}
const seen = { book: BOOK, keys: ['k'], escrows: [bareEscrow.id] }

/** Writes something of everything, then throws. */
function* writeAndThrow(error: Error): Work<never> {
  const [entry] = yield* post([{ lines: transfer('a', 'b', 5n), id: newId() }], {
    records: [creating('escrows', bareEscrow)],
    events: [event],
  })
  const key = keyRecord('k', { entry: entry?.id ?? null, result: null })
  const { book } = yield* load(keysOf({}))
  const days = { closes: [{ account: 'USD:a', day: 1, debits: 1n, credits: 2n }], backdates: [] }
  yield* persist(
    {
      book: { ...book, closedThrough: 3, revision: 9 },
      accounts: [],
      entries: [],
      days,
      records: [],
      events: [],
      keys: [key],
    },
    null,
  )
  throw error
}

export const atomicity: Cases = {
  'answers what the unit of work returns': async ({ storage }) => {
    equal(
      await storage.transact(BOOK, function* (): Work<string> {
        const { book } = yield* load(keysOf({}))
        return book.name
      }),
      BOOK,
    )
  },

  'runs a unit of work without a single step': async ({ storage }) => {
    // biome-ignore lint/correctness/useYield: a unit of work may have nothing to ask for.
    const work = function* (): Work<number> {
      return 7
    }
    equal(await storage.transact(BOOK, work), 7)
    deepEqual(await storage.reads.books(), [])
  },

  'leaves nothing of a unit of work that throws': async ({ storage }) => {
    const before = await wholeBook(storage, seen)
    const error = new Error('the decision failed')
    equal(await thrownBy(() => storage.transact(BOOK, () => writeAndThrow(error))), error)
    deepEqual(await wholeBook(storage, seen), before)
    deepEqual(await storage.reads.books(), [])
  },

  'leaves what was there before as it was': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'c', 3n) }] })
    const before = await wholeBook(storage, seen)
    const error = new Error('the decision failed')
    equal(await thrownBy(() => storage.transact(BOOK, () => writeAndThrow(error))), error)
    deepEqual(await wholeBook(storage, seen), before)
  },

  'goes on after a unit of work that threw': async ({ storage }) => {
    await thrownBy(() => storage.transact(BOOK, () => writeAndThrow(new Error('the decision failed'))))
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    equal((await storage.reads.account(BOOK, { code: 'b', currency: 'USD' }))?.debitsPosted, 5n)
  },

  'throws what the unit of work throws, before and after its first step': async ({ storage }) => {
    const error = new TypeError('a bug of the caller')
    // biome-ignore lint/correctness/useYield: it throws before it asks for anything.
    const atOnce = function* (): Work<void> {
      throw error
    }
    const later = function* (): Work<void> {
      yield* load(keysOf({}))
      throw error
    }
    equal(await thrownBy(() => storage.transact(BOOK, atOnce)), error)
    equal(await thrownBy(() => storage.transact(BOOK, later)), error)
  },

  'keeps what it answered': async ({ storage, reopen }) => {
    await posted(storage, {
      book: BOOK,
      entries: [{ lines: transfer('a', 'b', 5n) }],
      more: { keys: [keyRecord('k')] },
    })
    await written(storage, BOOK, { records: [creating('escrows', bareEscrow)], events: [event] })
    const before = await wholeBook(storage, seen)
    await storage.close()
    const again = await reopen()
    deepEqual(await wholeBook(again, seen), before)
    await again.close()
  },

  'is brought up to date as often as one likes, and keeps its rows': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    const before = await wholeBook(storage, seen)
    await storage.migrate()
    await Promise.all([storage.migrate(), storage.migrate()])
    deepEqual(await wholeBook(storage, seen), before)
  },

  'fails with ledger_closed once it was closed': async ({ storage }) => {
    await storage.close()
    await storage.close()
    await failsWith(['ledger_closed'], () => storage.transact(BOOK, () => load(keysOf({}))))
    await failsWith(['ledger_closed'], () => storage.reads.book(BOOK))
    await failsWith(['ledger_closed'], () => storage.migrate())
  },

  'brings a platform that works': async ({ storage }) => {
    const { now, elapsed, sleep, random, ...runtime } = storage.runtime
    equal(Number.isSafeInteger(now()), true)
    const started = elapsed()
    await runtime.yield()
    await sleep(0)
    await sleep(60_000, AbortSignal.abort())
    equal(elapsed() >= started, true)
    equal(random(16).length, 16)
  },
}
