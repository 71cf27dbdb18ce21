import {
  type Assumed,
  type ChangeSet,
  find,
  load,
  type PersistAnswer,
  persist,
  type RecordKindName,
  type Storage,
  type Work,
} from 'escrow-ledger'
import { deepEqual, equal } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import {
  accountOf,
  changesOf,
  keysOf,
  newId,
  opening,
  posted,
  postingChanges,
  transfer,
  written,
} from './plain-journal.js'
import { bareEscrow } from './sample-escrows.js'
import { changing, creating, restriction } from './sample-records.js'
import { foundKeys, keyRecord, wholeBook } from './whole-book.js'

interface PlainAssumed {
  readonly book?: number
  readonly accounts?: Readonly<Record<string, number>>
  readonly records?: { readonly [Kind in RecordKindName]?: Readonly<Record<string, number>> }
  readonly entries?: readonly string[]
}

/** What holds after `setUp`, with whatever is given instead. */
function assumedOf({ book = 1, accounts = {}, records = {}, entries = [] }: PlainAssumed): Assumed {
  const revisions = Object.entries({ escrows: { [bareEscrow.id]: 1 }, ...records })
  return {
    book,
    accounts: new Map(Object.entries({ 'USD:a': 1, 'USD:b': 1, ...accounts })),
    records: new Map(revisions.map(([kind, ofKind]) => [kind as RecordKindName, new Map(Object.entries(ofKind))])),
    entries,
  }
}

async function setUp(storage: Storage): Promise<void> {
  await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 10n) }] })
  await written(storage, BOOK, { records: [creating('escrows', bareEscrow), creating('restrictions', restriction)] })
}

const seen = { book: BOOK, keys: ['k'], escrows: [bareEscrow.id] }

/** Persists a bit of everything under an assumption, from records that were not loaded in this unit of work. */
async function persistAssuming(storage: Storage, given: PlainAssumed): Promise<PersistAnswer> {
  const held = await storage.transact(BOOK, () =>
    load(keysOf({ accounts: ['a', 'b'].map((code) => ({ code, currency: 'USD' })) })),
  )
  const id = newId()
  const changes = changesOf({
    ...postingChanges(held, [{ id, lines: transfer('a', 'b', 1n) }]),
    records: [changing('escrows', bareEscrow, { steps: 1 })],
    keys: [keyRecord('k', { entry: id, result: null })],
  })
  return storage.transact(BOOK, () => persist(changes, assumedOf(given)))
}

async function isStale(storage: Storage, given: PlainAssumed): Promise<void> {
  await setUp(storage)
  const before = await wholeBook(storage, seen)
  equal(await persistAssuming(storage, given), 'stale')
  deepEqual(await wholeBook(storage, seen), before)
}

/** Persists under assumptions that hold, but for a key or a row that is there already. */
async function staysAsItIs(storage: Storage, given: Partial<ChangeSet>): Promise<void> {
  const before = await wholeBook(storage, { ...seen, keys: ['j', 'k'] })
  equal(await storage.transact(BOOK, () => persist(changesOf(given), assumedOf({}))), 'stale')
  deepEqual(await wholeBook(storage, { ...seen, keys: ['j', 'k'] }), before)
}

export const assumptions: Cases = {
  'persists when every assumption holds': async ({ storage }) => {
    await setUp(storage)
    const { code, revision } = restriction
    const records = {
      escrows: { [bareEscrow.id]: 1, absent: 0 },
      restrictions: { [code]: revision },
      fees: { 'g:f': 0 },
    }
    equal(await persistAssuming(storage, { accounts: { 'EUR:a': 0 }, records }), 'persisted')
    const account = await storage.reads.account(BOOK, { code: 'b', currency: 'USD' })
    deepEqual([account?.debitsPosted, account?.revision], [11n, 2])
  },

  'persists the first rows of a book on the assumption that there is nothing': async ({ storage }) => {
    const answer = await storage.transact(BOOK, () =>
      persist(changesOf({ records: [creating('escrows', bareEscrow)] }), {
        book: 0,
        accounts: new Map([['USD:a', 0]]),
        records: new Map([['escrows', new Map([[bareEscrow.id, 0]])]]),
        entries: [],
      }),
    )
    equal(answer, 'persisted')
    deepEqual(await storage.reads.record(BOOK, 'escrows', bareEscrow.id), bareEscrow)
  },

  'is stale when the book changed': ({ storage }) => isStale(storage, { book: 0 }),
  'is stale when the book is assumed to be ahead': ({ storage }) => isStale(storage, { book: 2 }),
  'is stale when an account changed': ({ storage }) => isStale(storage, { accounts: { 'USD:a': 0 } }),
  'is stale when an account is assumed to be ahead': ({ storage }) => isStale(storage, { accounts: { 'USD:b': 2 } }),
  'is stale when an account that was read is not there': ({ storage }) =>
    isStale(storage, { accounts: { 'EUR:a': 1 } }),
  'is stale when a record changed': ({ storage }) => isStale(storage, { records: { escrows: { [bareEscrow.id]: 0 } } }),
  'is stale when a record is assumed to be ahead': ({ storage }) =>
    isStale(storage, { records: { restrictions: { [restriction.code]: restriction.revision + 1 } } }),
  'is stale when a record that was read is not there': ({ storage }) =>
    isStale(storage, { records: { instructions: { absent: 1 } } }),
  'is stale when a record appeared that was not there': ({ storage }) =>
    isStale(storage, { records: { restrictions: { [restriction.code]: 0 } } }),

  'is stale when an entry is not there, whatever the revisions are': ({ storage }) =>
    isStale(storage, { entries: [newId()] }),
  'persists when the entries that are named are there': async ({ storage }) => {
    await setUp(storage)
    const [entry] = await storage.reads.entryPage(BOOK, { after: null, limit: 1 })
    equal(await persistAssuming(storage, { entries: [entry?.id ?? ''] }), 'persisted')
  },
  'is stale when an idempotency key is there already': async ({ storage }) => {
    await setUp(storage)
    await written(storage, BOOK, { keys: [keyRecord('k')] })
    await staysAsItIs(storage, { keys: [keyRecord('j'), keyRecord('k')] })
  },
  'is stale when an account that is opened is there already': async ({ storage }) => {
    await setUp(storage)
    await staysAsItIs(storage, { accounts: opening([accountOf({ code: 'b' }), accountOf({ code: 'c' })]) })
  },
  'is stale when a record that is made is there already': async ({ storage }) => {
    await setUp(storage)
    await staysAsItIs(storage, { records: [creating('restrictions', restriction)], keys: [keyRecord('k')] })
  },
  'is stale when an entry is there already': async ({ storage }) => {
    await setUp(storage)
    const { accounts, book } = await storage.transact(BOOK, () =>
      load(keysOf({ accounts: ['c', 'd'].map((code) => ({ code, currency: 'USD' })) })),
    )
    const [there] = await storage.reads.entryPage(BOOK, { after: null, limit: 1 })
    const lines = transfer('c', 'd', 1n)
    const loaded = { accounts, book, entries: new Map(), kinds: new Map() }
    await staysAsItIs(storage, postingChanges(loaded, [{ id: there?.id ?? '', lines }]))
  },

  'ends with the changes when nothing follows': async ({ storage }) => {
    await setUp(storage)
    const persisted = changesOf({ records: [changing('escrows', bareEscrow, { steps: 1 })], keys: [keyRecord('k')] })
    equal(await storage.transact(BOOK, () => persist(persisted, assumedOf({}), { ends: true })), 'persisted')
    equal((await storage.reads.record(BOOK, 'escrows', bareEscrow.id))?.revision, 2)
    deepEqual(await foundKeys(storage, BOOK, ['k']), [keyRecord('k')])
  },

  'goes on after a stale answer to what was to be the end': async ({ storage }) => {
    await setUp(storage)
    const answer = await storage.transact(BOOK, function* (): Work<PersistAnswer> {
      const change = changing('escrows', bareEscrow, { steps: 1 })
      const changes = changesOf({ records: [change], keys: [keyRecord('k')] })
      equal(yield* persist(changes, assumedOf({ accounts: { 'USD:a': 9 } }), { ends: true }), 'stale')
      const { kinds } = yield* load(keysOf({ records: { escrows: [bareEscrow.id] } }))
      deepEqual(kinds.get('escrows')?.get(bareEscrow.id), bareEscrow)
      equal((yield* find(['k'])).size, 0)
      return yield* persist(changes, null, { ends: true })
    })
    equal(answer, 'persisted')
    deepEqual(await storage.reads.record(BOOK, 'escrows', bareEscrow.id), { ...bareEscrow, steps: 1, revision: 2 })
    equal((await foundKeys(storage, BOOK, ['k'])).length, 1)
  },

  'goes on after a stale answer in the same unit of work': async ({ storage }) => {
    await setUp(storage)
    await storage.transact(BOOK, function* (): Work<void> {
      const change = changing('escrows', bareEscrow, { steps: 1 })
      equal(yield* persist(changesOf({ records: [change] }), assumedOf({ book: 9 })), 'stale')
      const { kinds } = yield* load(keysOf({ records: { escrows: [bareEscrow.id] } }))
      deepEqual(kinds.get('escrows')?.get(bareEscrow.id), bareEscrow)
      equal(yield* persist(changesOf({ records: [change] }), null), 'persisted')
    })
    deepEqual(await storage.reads.record(BOOK, 'escrows', bareEscrow.id), { ...bareEscrow, steps: 1, revision: 2 })
  },
}
