import { type Ahead, type KeyRecord, load, persist, type Storage, type Work } from 'escrow-ledger'
import { deepEqual, equal, failsWith } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { changesOf, idOf, keysOf, newId, posted, postingChanges, transfer, written } from './plain-journal.js'
import { creating, restriction } from './sample-records.js'
import { keyRecord } from './whole-book.js'

/** A storage that never waits for a network has none, and skips these cases with that reason. */
function aheadOf({ ahead }: Storage): Ahead {
  if (!ahead) throw new Error('This storage does not offer to be decided ahead: skip the case, and say why.')
  return ahead
}

const usd = (code: string) => ({ code, currency: 'USD' })

/** Fingerprints as plain bytes. */
function plain(known: ReadonlyMap<string, KeyRecord>): readonly KeyRecord[] {
  return [...known.values()].map((record) => ({ ...record, fingerprint: Uint8Array.from(record.fingerprint) }))
}

export const readingAhead: Cases = {
  'says how many units of work may be under way': async ({ storage }) => {
    const { inFlight } = aheadOf(storage)
    equal(Number.isSafeInteger(inFlight) && inFlight > 0, true)
  },

  'reads ahead of any unit of work what a load answers': async ({ storage }) => {
    const ahead = aheadOf(storage)
    const [entry] = await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 5n) }] })
    await written(storage, BOOK, { records: [creating('restrictions', restriction)], keys: [keyRecord('k')] })
    const keys = keysOf({
      records: { escrows: ['e'], restrictions: [restriction.code] },
      accounts: [usd('a'), usd('absent')],
      entries: [entry?.id ?? '', idOf(2 ** 40)],
    })
    const { loaded, known } = await ahead.read(BOOK, keys, ['j', 'k'])
    deepEqual(loaded, await storage.transact(BOOK, () => load(keys)))
    deepEqual(plain(known), [keyRecord('k')])
  },

  'reads ahead in a book that has no rows': async ({ storage }) => {
    const ahead = aheadOf(storage)
    const keys = keysOf({ records: { escrows: ['e'] }, accounts: [usd('a')] })
    const { loaded, known } = await ahead.read(BOOK, keys, ['k'])
    deepEqual(loaded, await storage.transact(BOOK, () => load(keys)))
    equal(known.size, 0)
    deepEqual((await ahead.read(BOOK, keysOf({}), [])).loaded.book, loaded.book)
    deepEqual(await storage.reads.books(), [])
  },

  'reads nothing ahead that is not committed': async ({ storage }) => {
    const ahead = aheadOf(storage)
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    const keys = keysOf({ accounts: [usd('a'), usd('b')] })
    const look = async () => {
      const { loaded } = await ahead.read(BOOK, keys, [])
      const [a, b] = ['USD:a', 'USD:b'].map((key) => loaded.accounts.get(key))
      // Every unit of work but the first posts two entries.
      deepEqual([(a?.version ?? 0) % 2, (b?.version ?? 0) % 2], [1, 1])
    }
    const entries = [{ lines: transfer('a', 'b', 1n) }, { lines: transfer('a', 'b', 1n) }]
    await Promise.all(
      Array.from({ length: 16 }, async () => Promise.all([look(), posted(storage, { book: BOOK, entries })])),
    )
    await look()
  },

  'persists once what many decided ahead from the same records': async ({ storage }) => {
    const ahead = aheadOf(storage)
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    const { loaded } = await ahead.read(BOOK, keysOf({ accounts: [usd('a'), usd('b')] }), [])
    const revisions = new Map([...loaded.accounts].map(([key, account]) => [key, account?.revision ?? 0]))
    const assumed = { book: loaded.book.revision, accounts: revisions, records: new Map(), entries: [] }
    const tries = Array.from({ length: 8 }, () => {
      const id = newId()
      const changes = postingChanges(loaded, [{ id, lines: transfer('a', 'b', 1n) }])
      const keys = [keyRecord(`k-${id}`, { entry: id, result: null })]
      return storage.transact(BOOK, () => persist(changesOf({ ...changes, keys }), assumed, { ends: true }))
    })
    equal((await Promise.all(tries)).filter((answer) => answer === 'persisted').length, 1)
    equal((await storage.reads.account(BOOK, usd('b')))?.debitsPosted, 2n)
  },

  'persists what was decided on top of a unit of work once that one is there': async ({ storage }) => {
    const ahead = aheadOf(storage)
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    const { loaded } = await ahead.read(BOOK, keysOf({ accounts: [usd('a'), usd('b')] }), [])
    const id = newId()
    const assumed = { book: loaded.book.revision, accounts: new Map(), records: new Map(), entries: [id] }
    const key = changesOf({ keys: [keyRecord('k')] })
    equal(await storage.transact(BOOK, () => persist(key, assumed, { ends: true })), 'stale')
    await storage.transact(BOOK, function* (): Work<void> {
      const changes = postingChanges(loaded, [{ id, lines: transfer('a', 'b', 1n) }])
      equal(yield* persist(changesOf(changes), null), 'persisted')
    })
    equal(await storage.transact(BOOK, () => persist(key, assumed, { ends: true })), 'persisted')
  },

  'reads nothing ahead once it was closed': async ({ storage }) => {
    const ahead = aheadOf(storage)
    await storage.close()
    await failsWith(['ledger_closed'], () => ahead.read(BOOK, keysOf({}), []))
  },
}
