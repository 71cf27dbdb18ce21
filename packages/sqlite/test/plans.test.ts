import BetterSqlite3, { type Database } from 'better-sqlite3'
import type { EntryPage, RecordQuery, Storage } from 'escrow-ledger'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSqliteStorage } from '../src/index.js'
import { createJournal } from './fixtures/journal.js'
import { write } from './fixtures/work.js'

const ref = { code: 'a', currency: 'USD' }
const id = '0199d2c0-1a2b-7c3d-8e4f-0123456789ab'
const entriesAfter = { after: { recordedAt: 5, id }, limit: 10 }
const recordsAfter = (query: Partial<RecordQuery>): RecordQuery => {
  const order = query.order ?? []
  return { kind: 'escrows', order, after: [...order.map(() => 1), 'key'], limit: 10, ...query }
}

/** Each read, and the indexes that its statements search, in their order. */
const reads: Readonly<Record<string, readonly [read: (reads: Storage['reads']) => Promise<unknown>, uses: string[]]>> =
  {
    'an account': [(from) => from.account('main', ref), ['ledger_accounts_1']],
    accounts: [(from) => from.accounts('main', { after: ref, limit: 9 }), ['ledger_accounts_1']],
    'accounts by prefix': [
      (from) => from.accounts('main', { after: null, limit: 9, prefix: 'a' }),
      ['ledger_accounts_1'],
    ],
    'entries as recorded': [
      (from) => from.entryPage('main', entriesAfter),
      ['entries_recorded_at', 'posting USING PRIMARY KEY', 'account USING INTEGER PRIMARY KEY'],
    ],
    ...entriesBy('an escrow', { escrow: 's' }, 'entries_escrow'),
    ...entriesBy('a payment', { payment: { gateway: 'g', reference: 'r' } }, 'entries_gateway_payment'),
    ...entriesBy('an instruction', { instruction: 'i' }, 'entries_instruction'),
    ...entriesBy('a reference', { reference: 'r', recordedFrom: 1, recordedThrough: 9 }, 'entries_reference'),
    ...entriesBy('a kind', { kind: 'release' }, 'entries_recorded_at'),
    ...recordsBy(
      'what is due',
      { order: ['fallsDueAt'], atMost: { field: 'fallsDueAt', value: 9 } },
      'escrows_falls_due_at_id',
    ),
    ...recordsBy(
      'what a run looks at',
      { order: ['nextAt'], atMost: { field: 'nextAt', value: 9 } },
      'escrows_next_at_id',
    ),
    ...recordsBy('a payer', { where: { payer: 'c' } }, 'escrows_payer_id'),
    ...recordsBy('payments', { kind: 'payments', order: ['recordedAt'] }, 'payments_recorded_at_key'),
    ...recordsBy(
      'fees of a payment',
      { kind: 'fees', where: { gateway: 'g', reference: 'r' } },
      'fees_gateway_reference_key',
    ),
    ...recordsBy(
      'open suspense',
      { kind: 'suspense', where: { state: 'open' }, order: ['recordedAt'] },
      'suspense_state_recorded_at_id',
    ),
    ...recordsBy(
      'instructions to send',
      { kind: 'instructions', order: ['nextAt'], atMost: { field: 'nextAt', value: 9 } },
      'instructions_next_at_id',
    ),
    ...recordsBy(
      'instructions in a state',
      { kind: 'instructions', where: { state: 'unknown' }, order: ['createdAt'] },
      'instructions_state_created_at_id',
    ),
    ...recordsBy(
      'instructions for a party',
      { kind: 'instructions', where: { party: 'p', kind: 'payout' }, order: ['createdAt'] },
      'instructions_party_created_at_id',
    ),
    'the day totals of an account': [(from) => from.dayTotals('main', ref, 5), ['ledger_accounts_1', 'PRIMARY KEY']],
    'the events of an escrow': [(from) => from.events('main', { escrow: 's', after: 0, limit: 9 }), ['PRIMARY KEY']],
  }

function entriesBy(name: string, page: Partial<EntryPage>, index: string) {
  return {
    [`entries of ${name}`]: [(from: Storage['reads']) => from.entryPage('main', { ...entriesAfter, ...page }), [index]],
  } as const
}

function recordsBy(name: string, query: Partial<RecordQuery>, index: string) {
  return { [name]: [(from: Storage['reads']) => from.records('main', recordsAfter(query)), [index]] } as const
}

describe('a database that was never analysed', () => {
  let storage: Storage
  let asked: string[]
  let planOf: (sql: string) => string[]

  beforeAll(async () => {
    const database = openRecording((sql) => asked.push(sql))
    asked = []
    storage = createSqliteStorage({ database })
    await storage.migrate()
    const journal = createJournal()
    journal.post({
      lines: [
        { code: 'a', amount: 1n },
        { code: 'b', amount: -1n },
      ],
    })
    await write(storage, journal.changes())
    planOf = (sql) => {
      const nulls = sql.match(/\?/g)?.map(() => null) ?? []
      const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nulls) as { detail: string }[]
      return rows.map(({ detail }) => detail)
    }
    return () => database.close()
  })

  it.each(Object.entries(reads))('gives %s by its index, without reading a whole table', async (_, [read, uses]) => {
    asked.length = 0
    await read(storage.reads)
    const plan = asked.filter((sql) => /^select/i.test(sql) && !/ledger_books|sqlite_schema/.test(sql)).flatMap(planOf)
    const searched = plan.filter((step) => step.startsWith('SEARCH'))
    expect(searched).toEqual(uses.map((index) => expect.stringContaining(index)))
    expect(plan.filter((step) => /^SCAN (?!pair)/.test(step))).toEqual([])
  })
})

function openRecording(record: (sql: string) => void): Database {
  const database = new BetterSqlite3(':memory:')
  const prepare = database.prepare.bind(database)
  database.prepare = ((sql: string) => {
    record(sql)
    return prepare(sql)
  }) as typeof database.prepare
  return database
}
