import {
  type Account,
  accountKey,
  type Loaded,
  type LoadKeys,
  load,
  newBook,
  type Storage,
  type Work,
} from 'escrow-ledger'
import { deepEqual, equal } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import {
  accountOf,
  idOf,
  inOrder,
  keysOf,
  opening,
  type PlainLine,
  post,
  posted,
  transfer,
  written,
} from './plain-journal.js'
import { creating, keyOf, restriction, sampleRecords } from './sample-records.js'
import { foundKeys, keyRecord } from './whole-book.js'

function loaded(storage: Storage, keys: LoadKeys, book = BOOK): Promise<Loaded> {
  return storage.transact(book, () => load(keys))
}

const usd = (code: string) => ({ code, currency: 'USD' })

export const loading: Cases = {
  'answers a new book and nulls where nothing is there': async ({ storage }) => {
    const keys = keysOf({
      records: { escrows: ['e1', 'e2'], payments: ['g:p'], reversals: [`${idOf(1)}/1`] },
      accounts: [usd('a'), { code: 'a', currency: 'EUR' }],
      codes: ['a', 'b'],
      entries: [idOf(1)],
    })
    const answer = await loaded(storage, keys)
    deepEqual(answer.book, newBook(BOOK))
    deepEqual(
      [...answer.accounts],
      [
        ['EUR:a', null],
        ['USD:a', null],
      ],
    )
    deepEqual([...answer.entries], [[idOf(1), null]])
    deepEqual(
      answer.kinds.get('escrows'),
      new Map([
        ['e1', null],
        ['e2', null],
      ]),
    )
    deepEqual(answer.kinds.get('payments'), new Map([['g:p', null]]))
    deepEqual(answer.kinds.get('reversals'), new Map([[`${idOf(1)}/1`, null]]))
  },

  'answers the same of a book that has rows': async ({ storage }) => {
    await posted(storage, { book: BOOK, entries: [{ lines: transfer('x', 'y', 1n) }] })
    const answer = await loaded(
      storage,
      keysOf({ records: { fees: ['g:f'] }, accounts: [usd('a')], codes: ['a'], entries: [idOf(2 ** 40)] }),
    )
    deepEqual(answer.book, { ...newBook(BOOK), hasEntries: true, revision: 1 })
    deepEqual([...answer.accounts], [['USD:a', null]])
    deepEqual([...answer.entries], [[idOf(2 ** 40), null]])
    deepEqual(answer.kinds.get('fees'), new Map([['g:f', null]]))
  },

  'answers exactly the records that were asked for': async ({ storage }) => {
    await written(storage, BOOK, { records: sampleRecords })
    for (const { kind, key, after } of sampleRecords) {
      const answer = await loaded(storage, keysOf({ records: { [kind]: ['absent', key] } }))
      deepEqual(
        answer.kinds.get(kind),
        new Map([
          ['absent', null],
          [key, after],
        ]),
      )
    }
  },

  'answers exactly the accounts that were asked for': async ({ storage }) => {
    const accounts = ['a', 'aa', 'A', 'a ', 'a:b'].flatMap((code) =>
      ['EUR', 'USD'].map((currency) => accountOf({ code, currency, floor: -7n })),
    )
    await written(storage, BOOK, { accounts: opening(accounts) })
    const answer = await loaded(storage, keysOf({ accounts: [usd('a'), { code: 'A', currency: 'EUR' }, usd('b')] }))
    deepEqual(
      answer.accounts,
      new Map<string, Account | null>([
        ['USD:a', accountOf({ code: 'a', floor: -7n })],
        ['EUR:A', accountOf({ code: 'A', currency: 'EUR', floor: -7n })],
        ['USD:b', null],
      ]),
    )
  },

  'loads the restrictions of accounts that are not there': async ({ storage }) => {
    await written(storage, BOOK, {
      accounts: opening([accountOf({ code: 'there' })]),
      records: [creating('restrictions', restriction), creating('restrictions', { ...restriction, code: 'asked' })],
    })
    const answer = await loaded(
      storage,
      keysOf({
        records: { restrictions: ['asked'] },
        accounts: [usd(restriction.code), usd('free'), usd('there')],
      }),
    )
    const restrictions = answer.kinds.get('restrictions')
    deepEqual(restrictions?.get(keyOf('restrictions', restriction)), restriction)
    deepEqual(restrictions?.get('free'), null)
    deepEqual(restrictions?.get('asked'), { ...restriction, code: 'asked' })
  },

  'loads a code in all its currencies, and no other code': async ({ storage }) => {
    const there = ['a', 'a:b', 'A', 'b'].flatMap((code) =>
      ['EUR', 'INR', 'USD'].map((currency) => accountOf({ code, currency })),
    )
    await written(storage, BOOK, { accounts: opening(there) })
    const answer = await loaded(storage, keysOf({ accounts: [usd('b')], codes: ['a', 'absent'] }))
    const expected = there.filter(({ code, currency }) => code === 'a' || (code === 'b' && currency === 'USD'))
    deepEqual(
      answer.accounts,
      new Map(expected.map((account) => [accountKey(account.code, account.currency), account])),
    )
  },

  'loads entries with their postings in order': async ({ storage }) => {
    const lines = Array.from({ length: 200 }, (_, index): PlainLine => {
      // The same few accounts again and again, in an order that is neither theirs nor the amounts'.
      return { code: `a${(index * 7) % 11}`, amount: BigInt(index % 2 === 0 ? index + 1 : -index) }
    })
    const entries = [{ lines: transfer('x', 'y', 1n) }, { lines }, { lines: [...lines].reverse() }]
    const made = await posted(storage, { book: BOOK, entries })
    const ids = made.map(({ id }) => id)
    const answer = await loaded(storage, keysOf({ entries: ids }))
    deepEqual(answer.entries, new Map(made.map((entry) => [entry.id, entry])))
    deepEqual(await storage.reads.entries(BOOK, [...ids].reverse()), [...made].reverse())
    deepEqual(await storage.reads.entries(BOOK, [idOf(2 ** 40), ids[0] as string]), made.slice(0, 1))
  },

  'shows a unit of work what it wrote itself': async ({ storage }) => {
    await storage.transact(BOOK, function* (): Work<void> {
      equal((yield* load(keysOf({ accounts: [usd('a')] }))).accounts.get('USD:a'), null)
      const [entry] = yield* post([{ lines: transfer('a', 'b', 2n) }])
      const { accounts, entries } = yield* load(keysOf({ accounts: [usd('a')], entries: [entry?.id ?? ''] }))
      equal(accounts.get('USD:a')?.creditsPosted, 2n)
      deepEqual(entries.get(entry?.id ?? ''), entry)
    })
  },

  'finds the keys that are known, and no others': async ({ storage }) => {
    const [entry] = await posted(storage, { book: BOOK, entries: [{ lines: transfer('a', 'b', 1n) }] })
    const keys = [
      keyRecord('entry', { entry: entry?.id ?? null, result: null }),
      keyRecord('result', { result: '{"result":{"amount":"0.10","currency":"USD"},"entries":[]}' }),
      keyRecord('odd', { result: 'not "json" \\ \u{1f600} \uff5e %\n', fingerprint: new Uint8Array(16).fill(255) }),
      keyRecord('zero', { fingerprint: new Uint8Array(16) }),
      keyRecord('\u00e9'),
      keyRecord('k'.repeat(255)),
      keyRecord('\u{1f600}'.repeat(127)),
    ]
    await written(storage, BOOK, { keys })
    const strangers = ['ENTRY', 'entry ', ' entry', 'e\u0301', 'k'.repeat(254), 'k', '\u{1f600}'.repeat(126)]
    const asked = [...keys.map(({ key }) => key), ...strangers]
    const byKey = new Map((await foundKeys(storage, BOOK, asked)).map((record) => [record.key, record]))
    deepEqual(byKey, new Map(keys.map((record) => [record.key, record])))
    deepEqual(await foundKeys(storage, BOOK, strangers), [])
  },

  'loads and finds thousands at once': async ({ storage }) => {
    const codes = inOrder(Array.from({ length: 3_000 }, (_, index) => `account-${index}`))
    const accounts = codes.map((code) => accountOf({ code }))
    const keys = codes.map((code) => keyRecord(code))
    await written(storage, BOOK, { accounts: opening(accounts), keys })
    const answer = await loaded(storage, keysOf({ accounts: codes.map(usd), codes }))
    equal(answer.accounts.size, codes.length)
    equal([...answer.accounts.values()].filter((account) => account !== null).length, codes.length)
    equal((await foundKeys(storage, BOOK, codes)).length, codes.length)
  },
}
