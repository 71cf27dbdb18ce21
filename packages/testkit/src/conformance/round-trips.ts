import { type Book, type Entry, type LifeEvent, newBook, type RecordChange, type Storage } from 'escrow-ledger'
import fc from 'fast-check'
import { deepEqual } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { anyId, oddTexts } from './odd-texts.js'
import {
  accountOf,
  idOf,
  inOrder,
  newId,
  opening,
  type PlainEntry,
  posted,
  START,
  transfer,
  written,
} from './plain-journal.js'
import { BIG, bareEscrow, PAST_DOUBLE } from './sample-escrows.js'
import { asIf, changing, creating, sampleRecords, suspenseItem } from './sample-records.js'
import { keyRecord } from './whole-book.js'

async function readBack(storage: Storage, changes: readonly RecordChange[]): Promise<void> {
  for (const { kind, key, after } of changes) {
    deepEqual(await storage.reads.record(BOOK, kind, key), after)
    deepEqual(
      (await storage.reads.records(BOOK, { kind, order: [], after: null, limit: 1000 })).length,
      changes.filter((change) => change.kind === kind).length,
    )
  }
}

/** An entry with something in every field. */
const fullEntry: PlainEntry = {
  lines: transfer('a', 'b', PAST_DOUBLE),
  id: 'ffffffff-ffff-7fff-bfff-ffffffffffff',
  kind: 'release',
  description: 'Line one\nline "two"\ttab, \u{1f600} \\ %s',
  metadata: Object.fromEntries(oddTexts.map((text) => [text.slice(0, 40), text.repeat(2)])),
  reference: "invoice: 'INV/2026' %25",
  effectiveAt: 0,
  recordedAt: 253_402_300_799_999,
  occurredAt: START - 1,
  actor: 'worker:\u{1f600}',
  reverses: idOf(1),
  reason: 'agreed "in writing"',
  escrow: 'e:1',
  release: 2,
  gateway: 'razor:pay',
  payment: 'pay_1',
  party: 'p\\9',
  instruction: 'payout:1',
}

export const roundTrips: Cases = {
  'gives records back as they were written, in every field': async ({ storage }) => {
    await written(storage, BOOK, { records: sampleRecords })
    await readBack(storage, sampleRecords)
  },

  'gives records back as they were changed, in every field': async ({ storage }) => {
    await written(storage, BOOK, { records: sampleRecords })
    // Of the two of a kind, each takes the other's fields: what was null gets a value, and what had one becomes null.
    const swapped = sampleRecords.map((change, index) => {
      return asIf(change, sampleRecords[index % 2 === 0 ? index + 1 : index - 1] as RecordChange)
    })
    await written(storage, BOOK, { records: swapped })
    await readBack(storage, swapped)
  },

  'changes one record and leaves its neighbours': async ({ storage }) => {
    const ids = ['e', 'E', 'e ', '\u00e9', 'e\u0301']
    const records = ids.map((id) => creating('escrows', { ...bareEscrow, id }))
    await written(storage, BOOK, { records })
    const change = changing('escrows', { ...bareEscrow, id: 'e' }, { heldMinor: BIG, metadata: { a: 'b' } })
    await written(storage, BOOK, { records: [change] })
    await readBack(storage, [change, ...records.slice(1)])
  },

  'keeps texts that the host named like amounts': async ({ storage }) => {
    const metadata = { orderMinor: '0042', noteMinor: 'not a number', Minor: '' }
    const records = [creating('escrows', { ...bareEscrow, metadata })]
    await written(storage, BOOK, { records })
    await readBack(storage, records)
  },

  'gives accounts back in every field': async ({ storage }) => {
    const accounts = [
      accountOf({ code: 'asset', type: 'asset', floor: -(2n ** 63n), ceiling: BIG }),
      accountOf({ code: 'liability', type: 'liability', floor: 0n, frozen: 'debits', openedAt: 0 }),
      accountOf({ code: 'equity', type: 'equity', ceiling: PAST_DOUBLE, frozen: 'all' }),
      accountOf({ code: 'income', type: 'income', closed: true, revision: 2 ** 40 }),
      accountOf({ code: 'expense', type: 'expense', currency: 'XPOINTS', day: 20_000, recordedAt: START }),
      accountOf({
        code: 'totals',
        debitsPosted: BIG,
        creditsPosted: PAST_DOUBLE,
        debitsPending: 3n,
        creditsPending: 4n,
      }),
      ...inOrder(oddTexts).map((code) => accountOf({ code: `odd:${code}` })),
    ]
    await written(storage, BOOK, { accounts: opening(accounts) })
    for (const account of accounts) deepEqual(await storage.reads.account(BOOK, account), account)
  },

  'gives accounts back as they were changed': async ({ storage }) => {
    const before = accountOf({ code: 'a', type: 'liability', frozen: 'debits' })
    await written(storage, BOOK, { accounts: opening([before]) })
    let account = before
    const changes = [
      { floor: -PAST_DOUBLE, ceiling: BIG },
      { frozen: 'all', closed: true },
      { frozen: null, floor: null, ceiling: null },
      { closed: false, debitsPending: PAST_DOUBLE, creditsPending: 1n },
      { debitsPending: 0n, creditsPending: 0n },
    ] as const
    for (const change of changes) {
      const after = { ...account, ...change, revision: account.revision + 1 }
      await written(storage, BOOK, { accounts: [{ key: 'USD:a', before: account, after }] })
      deepEqual(await storage.reads.account(BOOK, after), after)
      account = after
    }
  },

  'gives entries back in every field': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n), id: idOf(1) }] })
    const made = await posted(storage, {
      book: BOOK,
      entries: [fullEntry, { lines: transfer('a', 'c', 1n), id: '00000000-0000-7000-8000-000000000000' }],
    })
    deepEqual(
      await storage.reads.entries(
        BOOK,
        made.map(({ id }) => id),
      ),
      made,
    )
  },

  'keeps amounts exact to 64 bits': async ({ storage }) => {
    const amounts = [1n, PAST_DOUBLE, 2n ** 62n + 1n, BIG]
    const made = await posted(storage, {
      book: BOOK,
      entries: amounts.map((amount, index) => ({ lines: transfer(`from-${index}`, `to-${index}`, amount) })),
    })
    deepEqual(
      await storage.reads.entries(
        BOOK,
        made.map(({ id }) => id),
      ),
      made,
    )
    for (const [index, amount] of amounts.entries()) {
      const to = await storage.reads.account(BOOK, { code: `to-${index}`, currency: 'USD' })
      const from = await storage.reads.account(BOOK, { code: `from-${index}`, currency: 'USD' })
      deepEqual([to?.debitsPosted, from?.creditsPosted], [amount, amount])
    }
  },

  'adds up an entry whose sums pass 64 bits on the way': async ({ storage }) => {
    const lines = [
      { code: 'a', amount: BIG },
      { code: 'b', amount: BIG },
      { code: 'c', amount: -BIG },
      { code: 'd', amount: -BIG },
    ]
    const made = await posted(storage, { book: BOOK, entries: [{ lines }] })
    deepEqual(
      await storage.reads.entries(
        BOOK,
        made.map(({ id }) => id),
      ),
      made,
    )
  },

  'gives the book back in every field': async ({ storage }) => {
    const books: readonly Book[] = [
      { ...newBook(BOOK), timeZone: 'America/Argentina/ComodRivadavia', closedThrough: 20_000, revision: 1 },
      { ...newBook(BOOK), timeZone: 'UTC', closedThrough: null, hasEntries: true, revision: 2 },
    ]
    for (const book of books) {
      await written(storage, BOOK, { book })
      deepEqual(await storage.reads.book(BOOK), book)
    }
  },

  'gives events back in every field, in their order': async ({ storage }) => {
    const events = [1, 2, 3, 10, 11].map(
      (sequence): LifeEvent => ({
        escrow: 'e:1, "x"',
        sequence,
        command: 'settle',
        actor: sequence % 2 === 0 ? null : 'operator \u{1f600}',
        at: START,
        recordedAt: START + sequence,
        detail: { amount: { amount: '0.10', currency: 'USD' }, list: ['a', 1, null, true], '"odd" \\': { deep: {} } },
        entries: sequence === 1 ? [] : [newId(), newId()],
      }),
    )
    await written(storage, BOOK, { events: events.slice(0, 2) })
    await written(storage, BOOK, { events: events.slice(2) })
    const read = (after: number, limit: number) => storage.reads.events(BOOK, { escrow: 'e:1, "x"', after, limit })
    deepEqual(await read(0, 100), events)
    deepEqual(await read(2, 2), events.slice(2, 4))
    deepEqual(await read(11, 2), [])
    deepEqual(await storage.reads.events(BOOK, { escrow: 'e:1', after: 0, limit: 9 }), [])
  },

  'tells any two ids apart, and gives them back unchanged': async ({ storage, runs }) => {
    const lists = fc.uniqueArray(anyId(), { minLength: 1, maxLength: 8 })
    let books = 0
    await fc.assert(
      fc.asyncProperty(lists, async (ids) => {
        const book = `book ${++books}`
        const records = ids.flatMap((id) => [
          creating('escrows', { ...bareEscrow, id, payer: id, parties: { payee: id }, metadata: { [id]: id } }),
          creating('suspense', { ...suspenseItem, id, reference: id, escrow: id }),
        ])
        const accounts = opening(ids.map((code) => accountOf({ code })))
        await written(storage, book, { records, accounts, keys: ids.map((key) => keyRecord(key, { result: key })) })
        for (const { kind, key, after } of records) deepEqual(await storage.reads.record(book, kind, key), after)
        for (const { after } of accounts) deepEqual(await storage.reads.account(book, after), after)
        const page = { after: null, limit: 100 }
        const sorted = inOrder(ids)
        deepEqual(
          (await storage.reads.accounts(book, page)).map(({ code }) => code),
          sorted,
        )
        const escrows = await storage.reads.records(book, { kind: 'escrows', order: ['payer'], ...page })
        deepEqual(
          escrows.map((escrow) => (escrow as typeof bareEscrow).id),
          sorted,
        )
      }),
      { numRuns: 3 * runs },
    )
  },

  'keeps what is mutated after it was written': async ({ storage }) => {
    const metadata = { a: 'as written' }
    const record = { ...bareEscrow, metadata }
    const entry = { lines: transfer('a', 'b', 1n), metadata: { ...metadata } }
    const [made] = (await posted(storage, { book: BOOK, entries: [entry] })) as [Entry]
    await written(storage, BOOK, { records: [creating('escrows', record)] })
    const expected = structuredClone({ made, record })
    metadata.a = 'changed'
    entry.metadata.a = 'changed'
    deepEqual(await storage.reads.entries(BOOK, [made.id]), [expected.made])
    deepEqual(await storage.reads.record(BOOK, 'escrows', record.id), expected.record)
  },
}
