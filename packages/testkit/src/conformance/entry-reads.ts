import { compareText, type Entry, type EntryPage, type Storage } from 'escrow-ledger'
import { deepEqual, pagesGive } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { DAY_MS, idOf, type PlainEntry, posted, START, transfer } from './plain-journal.js'

type Filter = Omit<EntryPage, 'after' | 'limit'>

const pick = <Item>(items: readonly Item[], index: number) => items[index % items.length] as Item
const codes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const

/**
 * Entries that differ in everything a page filters by, many of them recorded in one millisecond, with ids that are in
 * another order than they were written in. No account is in two of a group that is recorded apart from the others.
 */
const plain: readonly PlainEntry[] = Array.from({ length: 60 }, (_, index) => ({
  id: idOf(((index * 37) % 61) + 1),
  lines: transfer(`${pick(codes, index)}1`, `${pick(codes, index + 3)}2`, 5n, pick(['USD', 'EUR'], index)),
  kind: pick(['journal', 'fund', 'release'], index),
  metadata: pick<PlainEntry['metadata'] & {}>(
    [
      {},
      { order: '42' },
      { order: '43', 'a.b': '"x"' },
      { '"odd"': 'order', '$.order': '42' },
      { ['__proto__']: '42' },
    ],
    index,
  ),
  reference: pick([null, 'inv-1', 'inv-2', 'INV-1'], index),
  escrow: pick([null, 'e1', 'e1 ', 'e\u{1f600}'], index),
  instruction: pick([null, null, 'payout:1'], index),
  gateway: pick([null, 'razorpay', 'paypal', 'razorpay'], index),
  payment: pick([null, 'pay_1', 'pay_1', 'pay_2'], index),
  effectiveAt: START + ((index * 13) % 20) * DAY_MS,
  recordedAt: START + Math.floor(index / 15),
}))

const byRecordedAt = (left: Entry, right: Entry) => left.recordedAt - right.recordedAt || compareText(left.id, right.id)

async function pageGives(
  storage: Storage,
  entries: readonly Entry[],
  { filter, passes }: { filter: Filter; passes: (entry: Entry) => boolean },
): Promise<void> {
  await pagesGive([...entries].filter(passes).sort(byRecordedAt), {
    fetch: (after: { recordedAt: number; id: string } | null, limit) =>
      storage.reads.entryPage(BOOK, { after, limit, ...filter }),
    cursorOf: ({ recordedAt, id }) => ({ recordedAt, id }),
  })
}

/** Each filter with what it should let pass, said without the filter. */
const filters: readonly { readonly filter: Filter; readonly passes: (entry: Entry) => boolean }[] = [
  { filter: {}, passes: () => true },
  { filter: { kind: 'fund' }, passes: ({ kind }) => kind === 'fund' },
  { filter: { kind: 'absent' }, passes: () => false },
  { filter: { escrow: 'e1' }, passes: ({ escrow }) => escrow === 'e1' },
  { filter: { escrow: 'e\u{1f600}' }, passes: ({ escrow }) => escrow === 'e\u{1f600}' },
  { filter: { instruction: 'payout:1' }, passes: ({ instruction }) => instruction === 'payout:1' },
  { filter: { reference: 'inv-1' }, passes: ({ reference }) => reference === 'inv-1' },
  {
    filter: { payment: { gateway: 'razorpay', reference: 'pay_1' } },
    passes: ({ gateway, payment }) => gateway === 'razorpay' && payment === 'pay_1',
  },
  { filter: { payment: { gateway: 'paypal', reference: 'pay_2' } }, passes: () => false },
  { filter: { account: 'a1' }, passes: ({ postings }) => postings.some(({ code }) => code === 'a1') },
  { filter: { account: 'A1' }, passes: () => false },
  {
    filter: { account: 'a1', currency: 'EUR' },
    passes: ({ postings }) => postings.some(({ code, currency }) => code === 'a1' && currency === 'EUR'),
  },
  { filter: { currency: 'EUR' }, passes: ({ postings }) => postings.some(({ currency }) => currency === 'EUR') },
  { filter: { metadata: { name: 'order' } }, passes: ({ metadata }) => Object.hasOwn(metadata, 'order') },
  { filter: { metadata: { name: 'order', value: '42' } }, passes: ({ metadata }) => metadata.order === '42' },
  { filter: { metadata: { name: 'a.b' } }, passes: ({ metadata }) => Object.hasOwn(metadata, 'a.b') },
  { filter: { metadata: { name: 'a.b', value: '"x"' } }, passes: ({ metadata }) => metadata['a.b'] === '"x"' },
  { filter: { metadata: { name: '"odd"' } }, passes: ({ metadata }) => Object.hasOwn(metadata, '"odd"') },
  { filter: { metadata: { name: '$.order', value: '42' } }, passes: ({ metadata }) => metadata['$.order'] === '42' },
  { filter: { metadata: { name: '__proto__' } }, passes: ({ metadata }) => Object.hasOwn(metadata, '__proto__') },
  { filter: { metadata: { name: 'toString' } }, passes: () => false },
  { filter: { metadata: { name: 'order', value: '4%' } }, passes: () => false },
  {
    filter: { effectiveFrom: START + 5 * DAY_MS },
    passes: ({ effectiveAt }) => effectiveAt >= START + 5 * DAY_MS,
  },
  {
    filter: { effectiveFrom: START + DAY_MS + 1, effectiveThrough: START + 7 * DAY_MS },
    passes: ({ effectiveAt }) => effectiveAt > START + DAY_MS && effectiveAt <= START + 7 * DAY_MS,
  },
  { filter: { recordedThrough: START + 1 }, passes: ({ recordedAt }) => recordedAt <= START + 1 },
  {
    filter: { recordedFrom: START + 1, recordedThrough: START + 2 },
    passes: ({ recordedAt }) => recordedAt >= START + 1 && recordedAt <= START + 2,
  },
  {
    filter: { kind: 'release', account: 'c1', recordedFrom: START + 1, metadata: { name: 'order' } },
    passes: ({ kind, postings, recordedAt, metadata }) =>
      kind === 'release' &&
      postings.some(({ code }) => code === 'c1') &&
      recordedAt > START &&
      Object.hasOwn(metadata, 'order'),
  },
]

export const entryReads: Cases = {
  'pages entries by recorded time and id, through every filter': async ({ storage }) => {
    const entries = await posted(storage, { book: BOOK, entries: plain })
    for (const each of filters) await pageGives(storage, entries, each)
  },

  'lists an entry once that moves an account twice': async ({ storage }) => {
    const lines = [...transfer('a', 'b', 1n), ...transfer('a', 'b', 2n), ...transfer('b', 'a', 4n, 'EUR')]
    const entries = await posted(storage, { book: BOOK, entries: [{ lines }, { lines }] })
    for (const filter of [{ account: 'a' }, { account: 'a', currency: 'USD' }, { account: 'b', currency: 'EUR' }]) {
      await pageGives(storage, entries, { filter, passes: () => true })
    }
  },

  'goes on after a cursor whatever is written meanwhile': async ({ storage }) => {
    const [entry] = await posted(storage, {
      book: BOOK,
      entries: [5, 6].map((nth) => ({ id: idOf(nth), lines: transfer('a', 'b', 1n), recordedAt: START })),
    })
    const after = { recordedAt: START, id: entry?.id ?? '' }
    const later = await posted(storage, {
      book: BOOK,
      entries: [
        { id: idOf(4), lines: transfer('c', 'd', 1n), recordedAt: START },
        { id: idOf(7), lines: transfer('e', 'f', 1n), recordedAt: START },
        { id: idOf(1), lines: transfer('a', 'b', 1n), recordedAt: START + 1 },
      ],
    })
    const rows = await storage.reads.entryPage(BOOK, { after, limit: 10 })
    deepEqual(
      rows.map(({ id }) => id),
      [idOf(6), idOf(7), idOf(1)],
    )
    deepEqual(rows.slice(1), later.slice(1))
  },
}
