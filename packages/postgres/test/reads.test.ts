import { accountColumns, columnName, recordTables, type Table } from '@escrow-ledger/sql'
import { type Account, newBook, type SuspenseItem } from 'escrow-ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedPostgres } from '../../../test/postgres/open-postgres.js'
import { bookNumber } from '../src/book-numbers.js'
import { postgresDialect } from '../src/dialect.js'
import { createLedgerSchema, type LedgerSchema } from './fixtures/ledger-schema.js'

const BOOK = 'Märkte 1'
const book = bookNumber(BOOK)
const PAST_DOUBLE = 2n ** 53n + 1n
const USD = { code: 'bank', currency: 'USD' }

const idOf = (nth: number) => `0199d2c0-0000-7000-8000-00000000000${nth}`

const bank: Account = {
  ...USD,
  type: 'asset',
  floor: -PAST_DOUBLE,
  ceiling: null,
  debitsPosted: PAST_DOUBLE + 6n,
  creditsPosted: 4n,
  debitsPending: 0n,
  creditsPending: 0n,
  version: 3,
  revision: 4,
  frozen: 'debits',
  closed: false,
  day: 2,
  latestEffectiveAt: 30,
  recordedAt: 12,
  openedAt: 1,
}
const open: Account = {
  ...bank,
  code: 'payer',
  floor: null,
  debitsPosted: 4n,
  creditsPosted: PAST_DOUBLE + 6n,
  frozen: null,
  closed: true,
}
const unused: Account = { ...open, currency: 'EUR', version: 0, day: null, latestEffectiveAt: null }

const item: SuspenseItem = {
  id: 's1',
  gateway: 'g',
  reference: null,
  escrow: null,
  instruction: null,
  currency: 'USD',
  amountMinor: 2n ** 62n,
  remainingMinor: 2n ** 62n,
  reason: 'unallocated',
  state: 'open',
  entry: idOf(1),
  recordedAt: 10,
  revision: 1,
}

const event = {
  escrow: 'e1',
  sequence: 1,
  command: 'fund',
  actor: null,
  at: 1,
  recordedAt: 2,
  detail: { feeMinor: 5n },
  entries: [idOf(1)],
}

/** amount on the bank's side, when it is effective, when it was recorded, whether it is late; the third is. */
const history = [
  { amount: PAST_DOUBLE, effectiveAt: 10, recordedAt: 10, lateAt: null, highAt: null },
  { amount: -4n, effectiveAt: 30, recordedAt: 11, lateAt: null, highAt: null },
  { amount: 6n, effectiveAt: 20, recordedAt: 12, lateAt: 20, highAt: 30 },
] as const

const row = (fields: object) =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [columnName(field), value]))

function posting(account: Account, nth: number) {
  const sign = account === bank ? 1n : -1n
  const upTo = history.slice(0, nth).reduce((sum, { amount }) => sum + amount, 0n)
  const { code, currency } = account
  return { code, currency, amount: sign * (history[nth - 1]?.amount ?? 0n), version: nth, balance: sign * upTo }
}

function head(nth: number) {
  return {
    id: idOf(nth),
    kind: 'journal',
    description: 'ein "Text"',
    metadata: (nth === 1 ? { order: '42' } : {}) as Record<string, string>,
    reference: null,
    effectiveAt: history[nth - 1]?.effectiveAt ?? 0,
    recordedAt: history[nth - 1]?.recordedAt ?? 0,
    occurredAt: null,
    actor: null,
    reverses: nth === 2 ? idOf(1) : null,
    reason: null,
    escrow: nth === 1 ? 'e1' : null,
    release: null,
    gateway: null,
    payment: null,
    party: null,
    instruction: null,
  }
}

const entry = (nth: number) => ({ ...head(nth), postings: [posting(bank, nth), posting(open, nth)] })
const ofBank = (nth: number) => ({ posting: posting(bank, nth), entry: head(nth) })

async function fill({ insert }: LedgerSchema): Promise<void> {
  const [books, accounts, entries, postings, days, , events] = postgresDialect.journalTables as readonly Table[]
  const into = (table: Table | undefined, rows: readonly object[]) =>
    insert(
      table as Table,
      rows.map((fields) => ({ book, ...row(fields) })),
    )
  await into(books, [{ ...newBook(BOOK), timeZone: 'Europe/Berlin', hasEntries: true, revision: 2 }])
  const numbered = [bank, open, unused].map((account, index) => ({ account: index + 1, ...account }))
  await into(accounts, numbered)
  for (const [index, { lateAt, highAt }] of history.entries()) {
    const { metadata, ...rest } = head(index + 1)
    const kept = Object.keys(metadata).length === 0 ? null : metadata
    await into(entries, [{ ...rest, metadata: kept, postings: 2 }])
    for (const [line, account] of [bank, open].entries()) {
      const { amount, version, balance } = posting(account, index + 1)
      await into(postings, [
        { entry: idOf(index + 1), line, account: line + 1, version, amount, balance, lateAt, highAt },
      ])
    }
  }
  await into(days, [
    { account: 1, day: 1, debits: PAST_DOUBLE, credits: 0n },
    { account: 1, day: 2, debits: PAST_DOUBLE, credits: 4n },
  ])
  await into(events, [event])
  await into(recordTables.suspense.table, [item, { ...item, id: 's2' }, { ...item, id: 's3', state: 'resolved' }])
}

describe('rows of PostgreSQL', () => {
  let schema: LedgerSchema
  let reads: LedgerSchema['reads']

  beforeAll(async () => {
    schema = await createLedgerSchema(await sharedPostgres())
    reads = schema.reads
    await fill(schema)
  })
  afterAll(() => schema.drop())

  it('are read as books', async () => {
    expect(await reads.book(BOOK)).toEqual({
      name: BOOK,
      timeZone: 'Europe/Berlin',
      closedThrough: null,
      hasEntries: true,
      revision: 2,
    })
    expect(await reads.book('another')).toEqual(newBook('another'))
    expect(await reads.books()).toEqual([BOOK])
  })

  it('are read as accounts', async () => {
    expect(Object.keys(bank)).toEqual(Object.keys(accountColumns))
    expect(await reads.account(BOOK, USD)).toEqual(bank)
    expect(await reads.account('another', USD)).toBeNull()
    expect(await reads.accounts(BOOK, { after: null, limit: 9 })).toEqual([bank, unused, open])
    expect(await reads.accounts(BOOK, { after: USD, limit: 1 })).toEqual([unused])
    expect(await reads.accounts(BOOK, { after: null, limit: 9, prefix: 'p', suffix: 'er', currency: 'USD' })).toEqual([
      open,
    ])
  })

  it('are read as totals of days and times', async () => {
    expect(await reads.dayTotals(BOOK, USD, 1)).toEqual({ debits: PAST_DOUBLE, credits: 0n })
    expect(await reads.dayTotals(BOOK, USD, 9)).toEqual({ debits: PAST_DOUBLE, credits: 4n })
    expect(await reads.dayTotals(BOOK, USD, 0)).toEqual({ debits: 0n, credits: 0n })
    expect(await reads.effectiveTotals(BOOK, USD, { from: 10, through: 20 })).toEqual({
      debits: PAST_DOUBLE + 6n,
      credits: 0n,
    })
    expect(await reads.effectiveTotals(BOOK, USD, { from: 21, through: 30 })).toEqual({ debits: 0n, credits: 4n })
  })

  it('are read as entries, whose ids are compared as texts', async () => {
    const ids = [idOf(2), 'no id', idOf(9), idOf(1).toUpperCase(), idOf(1)]
    expect(await reads.entries(BOOK, ids)).toEqual([entry(2), entry(1)])
    const page = { after: null, limit: 9 }
    expect(await reads.entryPage(BOOK, page)).toEqual([entry(1), entry(2), entry(3)])
    expect(await reads.entryPage(BOOK, { ...page, account: 'bank', recordedFrom: 11 })).toEqual([entry(2), entry(3)])
    expect(await reads.entryPage(BOOK, { ...page, metadata: { name: 'order' } })).toEqual([entry(1)])
    expect(await reads.entryPage(BOOK, { ...page, escrow: 'e1', currency: 'EUR' })).toEqual([])
    expect(await reads.entryPage(BOOK, { after: { recordedAt: 11, id: idOf(2) }, limit: 1 })).toEqual([entry(3)])
  })

  it('are read as postings, in the orders of recording and of effect', async () => {
    expect(await reads.postingsByVersion(BOOK, USD, { after: 1, limit: 9 })).toEqual([ofBank(2), ofBank(3)])
    const recordedThrough = 11
    expect(await reads.postingsByVersion(BOOK, USD, { after: 1, limit: 9, recordedThrough })).toEqual([ofBank(2)])
    expect(await reads.lastRecorded(BOOK, USD, 11)).toEqual(ofBank(2))
    expect(await reads.lastRecorded(BOOK, USD, 9)).toBeNull()
    const inEffect = [ofBank(1), ofBank(3), ofBank(2)]
    expect(await reads.postingsByEffect(BOOK, USD, { after: null, limit: 9 })).toEqual(inEffect)
    const after = { effectiveAt: 20, version: 3 }
    expect(await reads.postingsByEffect(BOOK, USD, { after, limit: 9 })).toEqual([ofBank(2)])
  })

  it('are read as records, sums and events', async () => {
    expect(await reads.record(BOOK, 'suspense', 's1')).toEqual(item)
    expect(await reads.record(BOOK, 'suspense', 's9')).toBeNull()
    const query = { kind: 'suspense', where: { state: 'open' } } as const
    expect(await reads.records(BOOK, { ...query, order: ['recordedAt'], after: [10, 's1'], limit: 9 })).toEqual([
      { ...item, id: 's2' },
    ])
    expect(await reads.sum(BOOK, query, 'amountMinor')).toEqual([{ currency: 'USD', sum: 2n ** 63n, count: 2 }])
    expect(await reads.events(BOOK, { escrow: 'e1', after: 0, limit: 9 })).toEqual([event])
    expect(await reads.events(BOOK, { escrow: 'e1', after: 1, limit: 9 })).toEqual([])
  })

  it('are read for verification, a posting without its entry included', async () => {
    const { client, name } = schema
    await client.query('BEGIN')
    await client.query(`DELETE FROM "${name}".ledger_entries WHERE id = $1`, [idOf(2)])
    const times = (nth: number) => {
      const { effectiveAt, recordedAt } = head(nth)
      return nth === 2 ? { entry: '', effectiveAt: 0, recordedAt: 0 } : { entry: idOf(nth), effectiveAt, recordedAt }
    }
    const placeOf = (nth: number) => (nth === 3 ? { lateAt: 20, highAt: 30 } : { lateAt: null, highAt: null })
    const all = [bank, open].flatMap((account) =>
      [1, 2, 3].map((nth) => ({ ...posting(account, nth), ...times(nth), place: placeOf(nth) })),
    )
    expect(await reads.auditPostings(BOOK, { after: null, limit: 9 })).toEqual(all)
    expect(await reads.auditPostings(BOOK, { after: { ...USD, version: 2 }, limit: 2 })).toEqual(all.slice(2, 4))
    await client.query('ROLLBACK')
    expect(await reads.auditDays(BOOK, { after: { ...USD, day: 1 }, limit: 9 })).toEqual([
      { ...USD, day: 2, debits: PAST_DOUBLE, credits: 4n },
    ])
  })
})
