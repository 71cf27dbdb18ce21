import { type ChangeSet, type LifeEvent, newBook, recordKindNames, type Storage } from 'escrow-ledger'
import fc from 'fast-check'
import { deepEqual, equal } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { anyId, oddTexts } from './odd-texts.js'
import { accountOf, DAY_MS, idOf, inOrder, opening, posted, START, transfer, written } from './plain-journal.js'
import { sampleRecords } from './sample-records.js'
import { foundKeys, keyRecord, wholeBook } from './whole-book.js'

const seen = { keys: ['k'], escrows: ['e1'] }

/** The same ids in every book, with what tells the books apart in their amounts and texts. */
async function fill(storage: Storage, book: string, nth: number): Promise<void> {
  const event: LifeEvent = {
    escrow: 'e1',
    sequence: 1,
    command: `open ${book}`,
    actor: null,
    at: START,
    recordedAt: START,
    detail: {},
    entries: [],
  }
  const more: Partial<ChangeSet> = {
    records: sampleRecords.map((change) => ({ ...change, after: { ...change.after, revision: nth } })),
    keys: [keyRecord('k', { result: book })],
    events: [event],
  }
  const entries = [1, 2, 3].map((day) => ({
    id: idOf(day),
    lines: transfer('a', 'b', BigInt(nth)),
    effectiveAt: START + (day - 1) * DAY_MS,
    description: book,
  }))
  await posted(storage, { book, entries, more })
}

export const books: Cases = {
  'keeps books apart that use the same ids': async ({ storage }) => {
    const names = ['one', 'two', 'One']
    await Promise.all(names.map((book, index) => fill(storage, book, index + 1)))
    const alone = await wholeBook(storage, { book: 'two', ...seen })
    await fill(storage, 'three', 9)
    await written(storage, 'three', { accounts: opening([accountOf({ code: 'new' })]) })
    deepEqual(await wholeBook(storage, { book: 'two', ...seen }), alone)
    for (const [index, book] of names.entries()) {
      const amount = BigInt(index) + 1n
      const account = await storage.reads.account(book, { code: 'b', currency: 'USD' })
      equal(account?.debitsPosted, 3n * amount)
      const [entry] = await storage.reads.entries(book, [idOf(1)])
      deepEqual([entry?.description, entry?.postings[0]?.amount], [book, amount])
      deepEqual(
        (await foundKeys(storage, book, ['k'])).map(({ result }) => result),
        [book],
      )
    }
  },

  'knows that no book is lost': async ({ storage }) => {
    equal(await storage.reads.bookIsLost('one'), false)
    await fill(storage, 'one', 1)
    await fill(storage, 'two', 2)
    for (const book of ['one', 'two', 'absent']) equal(await storage.reads.bookIsLost(book), false)
  },

  'reads one book at a time': async ({ storage }) => {
    await fill(storage, 'one', 1)
    await fill(storage, 'two', 2)
    const ref = { code: 'b', currency: 'USD' }
    const page = { after: null, limit: 100 }
    const { reads } = storage
    equal((await reads.accounts('two', page)).length, 2)
    equal((await reads.entryPage('two', { ...page, account: 'b' })).length, 3)
    equal((await reads.entryPage('two', { ...page, effectiveThrough: START })).length, 1)
    const amounts = (rows: readonly { posting: { amount: bigint } }[]) => rows.map(({ posting }) => posting.amount)
    deepEqual(amounts(await reads.postingsByVersion('two', ref, { after: 0, limit: 9 })), [2n, 2n, 2n])
    deepEqual(amounts(await reads.postingsByEffect('two', ref, { after: null, limit: 9 })), [2n, 2n, 2n])
    equal((await reads.lastRecorded('two', ref, START))?.posting.balance, 6n)
    deepEqual(await reads.dayTotals('two', ref, START / DAY_MS), { debits: 2n, credits: 0n })
    deepEqual(await reads.effectiveTotals('two', ref, { from: START, through: START + DAY_MS }), {
      debits: 4n,
      credits: 0n,
    })
    equal((await reads.record('two', 'escrows', 'bare'))?.revision, 2)
    equal((await reads.records('two', { kind: 'fees', order: [], ...page })).length, 2)
    equal((await reads.sum('two', { kind: 'fees' }, 'feeMinor'))[0]?.count, 2)
    deepEqual(
      (await reads.events('two', { escrow: 'e1', after: 0, limit: 9 })).map(({ command }) => command),
      ['open two'],
    )
    equal((await reads.auditPostings('two', page)).length, 6)
    equal((await reads.auditDays('two', page)).length, 4)
  },

  'reads nothing of a book without rows': async ({ storage }) => {
    await fill(storage, BOOK, 1)
    const untouched = await wholeBook(storage, { book: 'other', ...seen })
    deepEqual(untouched, {
      book: newBook('other'),
      known: false,
      accounts: [],
      entries: [],
      postings: [],
      days: [],
      records: recordKindNames.map(() => []),
      events: [[]],
      keys: [],
    })
    const ref = { code: 'b', currency: 'USD' }
    equal(await storage.reads.account('other', ref), null)
    equal(await storage.reads.lastRecorded('other', ref, START), null)
    deepEqual(await storage.reads.dayTotals('other', ref, 30_000), { debits: 0n, credits: 0n })
    deepEqual(await storage.reads.effectiveTotals('other', ref, { from: 0, through: START }), {
      debits: 0n,
      credits: 0n,
    })
    deepEqual(await storage.reads.sum('other', { kind: 'fees' }, 'feeMinor'), [])
  },

  'lists books in order, each by its own name': async ({ storage }) => {
    const names = fc.sample(anyId(), { numRuns: 20, seed: 7 })
    const all = [...new Set([...oddTexts, ...names])]
    for (const book of all) await written(storage, book, { accounts: opening([accountOf({ code: 'a' })]) })
    deepEqual(await storage.reads.books(), inOrder(all))
    for (const book of all) deepEqual(await storage.reads.book(book), newBook(book))
  },
}
