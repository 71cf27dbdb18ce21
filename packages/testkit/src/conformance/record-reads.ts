import {
  type AuditRecord,
  compareText,
  type Escrow,
  type FieldValue,
  type Instruction,
  instructionStates,
  type RecordKindName,
  type RecordQuery,
  type Storage,
  type SuspenseItem,
  type Versioned,
} from 'escrow-ledger'
import { deepEqual, pagesGive } from './assertions.js'
import { BOOK, type Cases } from './case.js'
import { oddTexts } from './odd-texts.js'
import { START, written } from './plain-journal.js'
import { instruction } from './sample-calls.js'
import { BIG, bareEscrow, PAST_DOUBLE } from './sample-escrows.js'
import { creating, payment, restriction, suspenseItem } from './sample-records.js'

const pick = <Item>(items: readonly Item[], index: number) => items[index % items.length] as Item

const instructions: readonly Instruction[] = Array.from({ length: 60 }, (_, index) => ({
  ...instruction,
  id: `${pick(['\u{1f600}', '\uff5e', 'a', 'A'], index)}${index}`,
  state: pick(instructionStates, index * 7),
  currency: pick(['INR', 'JPY', 'USD'], index),
  amountMinor: pick([1n, PAST_DOUBLE, PAST_DOUBLE - 1n, 2n ** 62n, BIG], index * 3),
  escrow: pick([null, 'e1', 'e\u{1f600}', 'e\uff5e'], index * 5),
  nextAt: pick([null, START, START + 1, START + 1, START + 2], index * 2),
  lease: pick([null, 'worker'], index),
  createdAt: START + (index % 4),
}))

const escrows: readonly Escrow[] = Array.from({ length: 24 }, (_, index) => ({
  ...bareEscrow,
  id: `e${index}`,
  payer: pick(['c1', 'c2', 'c\u{1f600}'], index),
  currency: pick(['USD', 'INR', 'KWD', 'JPY'], index),
  heldMinor: pick([0n, BIG, BIG, PAST_DOUBLE, 7n], index),
  nextAt: pick([null, START, START + 5, 0], index),
}))

const restrictions = oddTexts.map((code, index) => ({ ...restriction, code, closed: index % 3 === 0 }))
const suspended: readonly SuspenseItem[] = [5n, -5n, BIG, -BIG, 0n].map((remainingMinor, index) => {
  return { ...suspenseItem, id: `s${index}`, remainingMinor }
})

function setUp(storage: Storage): Promise<void> {
  const records = [
    ...escrows.map((escrow) => creating('escrows', escrow)),
    ...instructions.map((each) => creating('instructions', each)),
    ...restrictions.map((each) => creating('restrictions', each)),
    ...suspended.map((item) => creating('suspense', item)),
  ]
  return written(storage, BOOK, { records })
}

type Compare<Item> = (left: Item, right: Item) => number

/** Orders numbers, and nulls before them. */
function byNumber<Item>(value: (item: Item) => number | bigint | null): Compare<Item> {
  return (left, right) => {
    const [a, b] = [value(left), value(right)]
    if (a === b) return 0
    if (a === null || b === null) return a === null ? -1 : 1
    return a < b ? -1 : 1
  }
}

/** Orders texts by their UTF-8 bytes, and nulls before them. */
function byText<Item>(value: (item: Item) => string | null): Compare<Item> {
  return (left, right) => {
    const [a, b] = [value(left), value(right)]
    return a === null || b === null ? Number(a !== null) - Number(b !== null) : compareText(a, b)
  }
}

async function recordsGive<Record extends Versioned>(
  storage: Storage,
  query: Omit<RecordQuery, 'after' | 'limit'>,
  expected: {
    readonly all: readonly Record[]
    readonly passes: (record: Record) => boolean
    readonly order: readonly Compare<Record>[]
  },
): Promise<void> {
  const { all, passes, order } = expected
  const sorted = all.filter(passes).sort((left, right) => {
    for (const compare of order) {
      const compared = compare(left, right)
      if (compared !== 0) return compared
    }
    return 0
  })
  await pagesGive<Versioned, readonly FieldValue[]>(sorted, {
    fetch: (after, limit) => storage.reads.records(BOOK, { ...query, after, limit }),
    cursorOf(record) {
      const fields = record as unknown as Readonly<{ [field: string]: FieldValue }>
      return [...query.order, 'code' in record ? 'code' : 'id'].map((field) => fields[field] as FieldValue)
    },
  })
}

const byId = byText(({ id }: { readonly id: string }) => id)
const ofInstructions = (passes: (each: Instruction) => boolean, ...order: Compare<Instruction>[]) => {
  return { all: instructions, passes, order: [...order, byId] }
}

export const recordReads: Cases = {
  'pages records by key': async ({ storage }) => {
    await setUp(storage)
    await recordsGive(storage, { kind: 'escrows', order: [] }, { all: escrows, passes: () => true, order: [byId] })
    await recordsGive(
      storage,
      { kind: 'instructions', order: [] },
      ofInstructions(() => true),
    )
    const byCode = byText(({ code }: (typeof restrictions)[number]) => code)
    const expected = { all: restrictions, passes: () => true, order: [byCode] }
    await recordsGive(storage, { kind: 'restrictions', order: [] }, expected)
  },

  'pages records by the key that they stand under, whatever their fields say': async ({ storage }) => {
    await setUp(storage)
    const payments = ['p\u{1f600}', 'p\uff5e', 'a', 'z'].map((key) => ({ ...creating('payments', payment), key }))
    await written(storage, BOOK, { records: payments })
    const pages = (kind: RecordKindName) => ({
      fetch: (after: string | null, limit: number) => storage.reads.auditRecords(BOOK, { kind, after, limit }),
      cursorOf: ({ key }: AuditRecord) => key,
    })
    const standing = (records: readonly (readonly [string, Versioned])[]) =>
      [...records]
        .sort(([left], [right]) => compareText(left, right))
        .map(([key, record]) => ({ key, record, problem: null }))
    const under = payments.map(({ key, after }) => [key, after] as const)
    await pagesGive<AuditRecord, string>(standing(under), pages('payments'))
    const byOwnId = instructions.map((each) => [each.id, each] as const)
    await pagesGive<AuditRecord, string>(standing(byOwnId), pages('instructions'))
    await pagesGive<AuditRecord, string>([], pages('movements'))
  },

  'pages records by fields, nulls first and the key last': async ({ storage }) => {
    await setUp(storage)
    const byNextAt = byNumber<Instruction>(({ nextAt }) => nextAt)
    const byEscrow = byText<Instruction>(({ escrow }) => escrow)
    const byAmount = byNumber<Instruction>(({ amountMinor }) => amountMinor)
    const byCreatedAt = byNumber<Instruction>(({ createdAt }) => createdAt)
    const everything = () => true
    const pages: readonly [string[], Compare<Instruction>[]][] = [
      [['createdAt'], [byCreatedAt]],
      [['nextAt'], [byNextAt]],
      [['amountMinor'], [byAmount]],
      [
        ['escrow', 'nextAt'],
        [byEscrow, byNextAt],
      ],
      [
        ['nextAt', 'createdAt', 'escrow'],
        [byNextAt, byCreatedAt, byEscrow],
      ],
    ]
    for (const [order, compares] of pages) {
      await recordsGive(storage, { kind: 'instructions', order }, ofInstructions(everything, ...compares))
    }
  },

  'filters records by values, lists, nulls, booleans and amounts': async ({ storage }) => {
    await setUp(storage)
    const wanted: readonly [NonNullable<RecordQuery['where']>, (each: Instruction) => boolean][] = [
      [{ state: 'sending' }, ({ state }) => state === 'sending'],
      [{ state: ['sending', 'waiting'] }, ({ state }) => state === 'sending' || state === 'waiting'],
      [{ state: 'SENDING' }, () => false],
      [{ state: [] }, () => false],
      [{ escrow: null }, ({ escrow }) => escrow === null],
      [{ escrow: [null] }, ({ escrow }) => escrow === null],
      [{ escrow: [null, 'e1'] }, ({ escrow }) => escrow === null || escrow === 'e1'],
      [{ escrow: ['e\u{1f600}', 'e\uff5e', 'absent'] }, ({ escrow }) => escrow !== null && escrow !== 'e1'],
      [{ nextAt: START + 1 }, ({ nextAt }) => nextAt === START + 1],
      [{ amountMinor: PAST_DOUBLE }, ({ amountMinor }) => amountMinor === PAST_DOUBLE],
      [
        { amountMinor: [BIG, PAST_DOUBLE - 1n] },
        ({ amountMinor }) => amountMinor === BIG || amountMinor === PAST_DOUBLE - 1n,
      ],
      [
        { lease: null, currency: ['USD', 'INR'], state: instructionStates },
        ({ lease, currency }) => lease === null && currency !== 'JPY',
      ],
    ]
    for (const [where, passes] of wanted) {
      await recordsGive(storage, { kind: 'instructions', where, order: [] }, ofInstructions(passes))
    }
    const byCode = byText(({ code }: (typeof restrictions)[number]) => code)
    for (const closed of [true, false]) {
      const expected = {
        all: restrictions,
        passes: (each: (typeof restrictions)[number]) => each.closed === closed,
        order: [byCode],
      }
      await recordsGive(storage, { kind: 'restrictions', where: { closed }, order: [] }, expected)
    }
  },

  'finds what is due: a field that is not null and at most a value': async ({ storage }) => {
    await setUp(storage)
    const byNextAt = byNumber<Instruction>(({ nextAt }) => nextAt)
    for (const value of [0, START - 1, START, START + 1, START + 2]) {
      const due = ({ nextAt }: Instruction) => nextAt !== null && nextAt <= value
      const query = { kind: 'instructions', atMost: { field: 'nextAt', value } } as const
      await recordsGive(storage, { ...query, order: ['nextAt'] }, ofInstructions(due, byNextAt))
      await recordsGive(storage, { ...query, order: [] }, ofInstructions(due))
      const leased = { ...query, where: { lease: 'worker' }, order: ['createdAt', 'nextAt'] }
      const byCreatedAt = byNumber<Instruction>(({ createdAt }) => createdAt)
      await recordsGive(
        storage,
        leased,
        ofInstructions((each) => due(each) && each.lease !== null, byCreatedAt, byNextAt),
      )
    }
  },

  'adds amounts up exactly, by currency': async ({ storage }) => {
    await setUp(storage)
    const sums = (passes: (escrow: Escrow) => boolean) =>
      ['INR', 'JPY', 'KWD', 'USD'].flatMap((currency) => {
        const matching = escrows.filter((escrow) => escrow.currency === currency && passes(escrow))
        const sum = matching.reduce((total, { heldMinor }) => total + heldMinor, 0n)
        return matching.length === 0 ? [] : [{ currency, sum, count: matching.length }]
      })
    const { reads } = storage
    deepEqual(
      await reads.sum(BOOK, { kind: 'escrows' }, 'heldMinor'),
      sums(() => true),
    )
    deepEqual(
      await reads.sum(BOOK, { kind: 'escrows', where: { currency: ['USD', 'JPY'], payer: 'c2' } }, 'heldMinor'),
      sums(({ currency, payer }) => (currency === 'USD' || currency === 'JPY') && payer === 'c2'),
    )
    deepEqual(
      await reads.sum(BOOK, { kind: 'escrows', atMost: { field: 'nextAt', value: START } }, 'heldMinor'),
      sums(({ nextAt }) => nextAt !== null && nextAt <= START),
    )
    deepEqual(await reads.sum(BOOK, { kind: 'escrows', where: { payer: 'absent' } }, 'heldMinor'), [])
  },

  'adds up amounts of both signs': async ({ storage }) => {
    await setUp(storage)
    const { reads } = storage
    deepEqual(await reads.sum(BOOK, { kind: 'suspense' }, 'remainingMinor'), [{ currency: 'JPY', sum: 0n, count: 5 }])
    const negative = { kind: 'suspense', where: { remainingMinor: [-5n, -BIG] } } as const
    deepEqual(await reads.sum(BOOK, negative, 'remainingMinor'), [{ currency: 'JPY', sum: -BIG - 5n, count: 2 }])
    deepEqual(await reads.sum(BOOK, negative, 'amountMinor'), [{ currency: 'JPY', sum: -2n * BIG, count: 2 }])
  },
}
