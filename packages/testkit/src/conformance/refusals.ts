import {
  type Account,
  type AccountChange,
  type ChangeSet,
  type Entry,
  type ErrorCode,
  type LifeEvent,
  type Loaded,
  load,
  type PersistAnswer,
  persist,
  type Storage,
  type Work,
} from 'escrow-ledger'
import { deepEqual, failsWith } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import {
  accountOf,
  changesOf,
  idOf,
  keysOf,
  opening,
  type PlainLine,
  posted,
  postingChanges,
  START,
  transfer,
  written,
} from './plain-journal.js'
import { bareEscrow } from './sample-escrows.js'
import { changing, creating, sampleRecords } from './sample-records.js'
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
const seen = { book: BOOK, keys: ['k', 'k2'], escrows: [bareEscrow.id] }

async function setUp(storage: Storage): Promise<void> {
  const limits = [
    accountOf({ code: 'wallet', type: 'liability', floor: 0n }),
    accountOf({ code: 'cash', type: 'asset', floor: -5n }),
    accountOf({ code: 'capped', type: 'liability', ceiling: 10n }),
    accountOf({ code: 'vault', type: 'asset', ceiling: 10n }),
  ]
  await written(storage, BOOK, { accounts: opening(limits) })
  await posted(storage, {
    book: BOOK,
    entries: [{ id: idOf(1), lines: transfer('a', 'b', 10n) }],
    more: { keys: [keyRecord('k')], records: [creating('escrows', bareEscrow)], events: [event] },
  })
}

const refs = ['a', 'b', 'wallet', 'cash', 'capped', 'vault'].map((code) => ({ code, currency: 'USD' }))

/**
 * Asserts that a change set is refused and leaves nothing behind. It is written together with an entry, a key and a
 * record that nothing is wrong with.
 */
async function isRefused(
  storage: Storage,
  make: (held: Loaded) => Partial<ChangeSet>,
  codes: readonly ErrorCode[] = ['storage_refused'],
): Promise<void> {
  await setUp(storage)
  const before = await wholeBook(storage, seen)
  const work = function* (): Work<PersistAnswer> {
    const held = yield* load(keysOf({ accounts: refs }))
    const sound = { records: [creating('escrows', { ...bareEscrow, id: 'sound' })], keys: [keyRecord('k2')] }
    return yield* persist(changesOf({ ...sound, ...make(held) }), null)
  }
  await failsWith(codes, () => storage.transact(BOOK, work))
  deepEqual(await wholeBook(storage, seen), before)
  await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }], more: { keys: [keyRecord('k2')] } })
}

/** Asserts that an entry of these lines is refused. */
function linesRefused(storage: Storage, lines: readonly PlainLine[]): Promise<void> {
  return isRefused(storage, (held) => postingChanges(held, [{ lines: transfer('a', 'b', 2n) }, { lines }]))
}

/** The changes of posting, with the entry made into another one. */
function forged(held: Loaded, forge: (entry: Entry) => Partial<Entry>): Partial<ChangeSet> {
  const changes = postingChanges(held, [{ lines: transfer('a', 'b', 1n) }])
  return { ...changes, entries: changes.entries.map((entry) => ({ ...entry, ...forge(entry) })) }
}

/** An account that became another one without a posting. */
function changed(held: Loaded, code: string, fields: Partial<Account>): AccountChange {
  const before = held.accounts.get(`USD:${code}`) as Account
  return { key: `USD:${code}`, before, after: { ...before, revision: before.revision + 1, ...fields } }
}

/** What names a row that is not there may be noticed by the storage itself, or refused by its database. */
const danglers = ['storage_refused', 'invariant_violated'] as const

export const refusals: Cases = {
  'refuses an idempotency key that exists': ({ storage }) =>
    isRefused(storage, (held) => ({
      ...postingChanges(held, [{ lines: transfer('a', 'b', 1n) }]),
      keys: [keyRecord('k2'), keyRecord('k', { result: 'another' })],
    })),
  'refuses an entry whose id exists': ({ storage }) =>
    isRefused(storage, (held) => postingChanges(held, [{ id: idOf(1), lines: transfer('a', 'b', 1n) }])),
  'refuses two entries of one id': ({ storage }) =>
    isRefused(storage, (held) =>
      postingChanges(held, [
        { id: idOf(2), lines: transfer('a', 'b', 1n) },
        { id: idOf(2), lines: transfer('a', 'b', 1n) },
      ]),
    ),
  'refuses a posting whose version exists': ({ storage }) =>
    isRefused(storage, (held) =>
      forged(held, ({ postings }) => ({ postings: postings.map((posting) => ({ ...posting, version: 1 })) })),
    ),
  'refuses two postings of one version': ({ storage }) =>
    isRefused(storage, (held) => forged(held, ({ postings }) => ({ postings: [...postings, ...postings] }))),
  'refuses an account that exists': ({ storage }) =>
    isRefused(storage, () => ({ accounts: opening([accountOf({ code: 'a', type: 'liability' })]) })),
  'refuses a record that exists': ({ storage }) =>
    isRefused(storage, () => ({ records: [creating('escrows', { ...bareEscrow, heldMinor: 5n })] })),
  'refuses an event whose place is taken': ({ storage }) =>
    isRefused(storage, () => ({
      events: [
        { ...event, sequence: 2 },
        { ...event, command: 'cancel' },
      ],
    })),

  'refuses records of every kind that exist': async ({ storage }) => {
    await written(storage, BOOK, { records: sampleRecords })
    const before = await wholeBook(storage, seen)
    for (const change of sampleRecords) {
      await failsWith(['storage_refused'], () => written(storage, BOOK, { records: [change] }))
    }
    deepEqual(await wholeBook(storage, seen), before)
  },

  'refuses an entry whose debits exceed its credits': ({ storage }) =>
    linesRefused(storage, [
      { code: 'a', amount: 3n },
      { code: 'b', amount: -2n },
    ]),
  'refuses an entry that balances only across currencies': ({ storage }) =>
    linesRefused(storage, [
      { code: 'a', currency: 'USD', amount: 3n },
      { code: 'b', currency: 'EUR', amount: -3n },
    ]),
  'refuses an entry that would balance if amounts wrapped at 64 bits': ({ storage }) =>
    linesRefused(storage, [
      { code: 'c', amount: 2n ** 62n },
      { code: 'd', amount: 2n ** 62n },
      { code: 'e', amount: 2n ** 62n },
      { code: 'f', amount: 2n ** 62n },
    ]),
  'refuses an entry with a single posting': ({ storage }) =>
    isRefused(storage, (held) => forged(held, ({ postings }) => ({ postings: postings.slice(0, 1) }))),
  'refuses an entry without postings': ({ storage }) =>
    isRefused(storage, (held) => forged(held, () => ({ postings: [] }))),
  'refuses a posting of zero': ({ storage }) =>
    isRefused(storage, (held) =>
      forged(held, ({ postings }) => ({ postings: postings.map((posting) => ({ ...posting, amount: 0n })) })),
    ),

  'refuses a posting to an account that is not there': ({ storage }) =>
    isRefused(
      storage,
      (held) => ({ ...postingChanges(held, [{ lines: transfer('a', 'x', 1n) }]), accounts: [] }),
      danglers,
    ),
  'refuses an idempotency key of an entry that is not there': ({ storage }) =>
    isRefused(storage, () => ({ keys: [keyRecord('k2', { entry: idOf(9), result: null })] }), danglers),
  'refuses an idempotency key with neither an entry nor a result': ({ storage }) =>
    isRefused(storage, () => ({ keys: [keyRecord('k2', { entry: null, result: null })] })),
  'refuses an idempotency key with both an entry and a result': ({ storage }) =>
    isRefused(storage, () => ({ keys: [keyRecord('k2', { entry: idOf(1), result: '{}' })] })),
  'refuses to change an account that is not there': ({ storage }) =>
    isRefused(
      storage,
      () => {
        const before = accountOf({ code: 'x' })
        return { accounts: [{ key: 'USD:x', before, after: { ...before, revision: 2, closed: true } }] }
      },
      danglers,
    ),
  'refuses to change a record that is not there': ({ storage }) =>
    isRefused(storage, () => ({ records: [changing('escrows', { ...bareEscrow, id: 'x' }, { steps: 1 })] }), danglers),

  'refuses a liability below its floor': ({ storage }) => linesRefused(storage, transfer('a', 'wallet', 1n)),
  'refuses an asset below its floor': ({ storage }) => linesRefused(storage, transfer('cash', 'b', 6n)),
  'refuses a liability above its ceiling': ({ storage }) => linesRefused(storage, transfer('capped', 'b', 11n)),
  'refuses an asset above its ceiling': ({ storage }) => linesRefused(storage, transfer('a', 'vault', 11n)),
  'counts what is pending towards the floor': ({ storage }) =>
    isRefused(storage, (held) => ({ accounts: [changed(held, 'cash', { creditsPending: 6n })] })),
  'counts what is pending towards the ceiling': ({ storage }) =>
    isRefused(storage, (held) => ({ accounts: [changed(held, 'capped', { creditsPending: 11n })] })),
  'refuses negative totals': ({ storage }) =>
    isRefused(storage, (held) => ({ accounts: [changed(held, 'a', { debitsPending: -1n })] })),

  'accepts balances that lie exactly on their limits': async ({ storage }) => {
    await setUp(storage)
    const lines = [
      ...transfer('cash', 'b', 5n),
      ...transfer('capped', 'b', 10n),
      ...transfer('a', 'vault', 10n),
      ...transfer('wallet', 'b', 4n),
    ]
    await posted(storage, { book: BOOK, entries: [{ lines }, { lines: transfer('b', 'wallet', 4n) }] })
    const accounts = await Promise.all(refs.map((ref) => storage.reads.account(BOOK, ref)))
    deepEqual(
      accounts.slice(2).map((account) => account && account.debitsPosted - account.creditsPosted),
      [0n, -5n, -10n, 10n],
    )
  },
}
