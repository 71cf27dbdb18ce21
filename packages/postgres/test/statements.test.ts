import type { Ledger } from 'escrow-ledger'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { all, expectClean } from '../../../test/fixtures/balances.js'
import { fundedDeal } from '../../../test/fixtures/deals.js'
import { liveEveryLife } from '../../../test/fixtures/every-life.js'
import { openPostgres } from '../../../test/postgres/open-postgres.js'
import { bookNumber } from '../src/book-numbers.js'
import { openBooks, openLedger, openStorage } from './fixtures/open.js'
import { createRecordingPool, type Sent } from './fixtures/recording-pool.js'

/** Statements that name no book, and why they need none. */
const bookless: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/, 'They touch no table.'],
  [/^SELECT name FROM \S+\.ledger_migrations ORDER BY id$/, 'It asks which schema this is, not what is in the books.'],
  [/^SELECT name FROM \S+\.ledger_books ORDER BY name$/, 'It is the list of books.'],
]

const reasonFor = ({ text }: Sent) => bookless.find(([pattern]) => pattern.test(text))

/** Everything that units of work and reads send, on three books: each call of the ledger, decided ahead and under locks. */
async function record() {
  const { connectionString, schema, pool } = await openPostgres()
  const recorded = createRecordingPool(connectionString)
  await openStorage({ connectionString, schema }).migrate()
  const storage = openStorage({ pool: recorded.pool, schema })
  const { ledger, clock } = openLedger(storage)
  await liveEveryLife(ledger, clock)
  const locking = openLedger({ ...storage, ahead: undefined })
  await liveEveryLife({ ...locking.ledger, ...locking.ledger.book('locked') }, locking.clock)
  const other = ledger.book('other')
  await other.books.open({ timeZone: 'Asia/Kolkata' })
  await Promise.all(Array.from({ length: 20 }, (_, nth) => fundedDeal(other, `deal-${nth}`)))
  await readEverything(ledger)
  expect(await storage.reads.books()).toEqual(['locked', 'main', 'other'])
  await expectClean(ledger)
  await expectClean(other)
  return { sent: recorded.sent, schema, pool }
}

async function readEverything(ledger: Ledger): Promise<void> {
  await all(ledger.accounts.list())
  await all(ledger.journal.list())
  await all(ledger.journal.list({ account: 'platform:fees' }))
  await all(ledger.journal.list({ escrow: 'settled' }))
  await all(ledger.escrows.list())
  await all(ledger.payments.list())
  await all(ledger.suspense.list())
  await all(ledger.instructions.list())
  for (const order of ['effective', 'recorded'] as const) {
    const query = { account: 'platform:fees', currency: 'INR', order }
    await all(ledger.accounts.statement({ ...query, from: '2026-11-02', through: '2026-11-30' }))
    await ledger.accounts.balance({ ...query, asOf: '2026-11-03T10:00:00Z' })
  }
  await all(ledger.escrows.timeline('settled'))
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Filter?: string
  readonly 'Recheck Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

async function scansOf(pool: Pool, { text, values }: Sent): Promise<PlanNode[]> {
  const { rows } = await pool.query(`EXPLAIN (FORMAT JSON) ${text}`, [...values])
  const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
  const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan)
  return nodes.filter((node) => node['Node Type'] !== 'ModifyTable' && node['Relation Name']?.startsWith('ledger_'))
}

/** What a scan compares the book of its rows with. */
function booksOf(node: PlanNode): string[] {
  const conditions = [node['Index Cond'], node.Filter, node['Recheck Cond']].join(' ')
  const compared = conditions.matchAll(/\bbook = (?:'(-?\d+)'::bigint|\((-?\d+)\)::bigint|(\w+\.book)|(\$\d+))/g)
  return [...compared].map(([, quoted, plain, column, parameter]) => quoted ?? plain ?? column ?? parameter ?? '')
}

describe('every statement of units of work and reads', () => {
  it('names one book, for each table that it touches', async () => {
    const { sent, pool } = await record()
    const numbers = ['locked', 'main', 'other'].map(bookNumber)
    const distinct = [...new Map(sent.map((each) => [each.text, each])).values()]
    const told = distinct.filter((each) => reasonFor(each) === undefined)
    expect(told.length).toBeGreaterThan(30)
    for (const part of ['.ledger_persist(', 'FOR SHARE', 'FOR NO KEY UPDATE', '.ledger_last_version(']) {
      expect(
        told.filter(({ text }) => text.includes(part)),
        part,
      ).not.toEqual([])
    }
    const reasons = new Set(sent.map(reasonFor))
    expect(bookless.filter((each) => !reasons.has(each))).toEqual([])
    for (const each of told) {
      expect(numbers, each.text).toContain(each.values[0])
      if (each.text.startsWith('INSERT')) expect(each.text).toMatch(/^INSERT INTO \S+ \(book, [^)]*\) VALUES \(\$1, /)
      for (const node of await scansOf(pool, each)) {
        const books = booksOf(node)
        const what = `${node['Relation Name']} in ${each.text}`
        expect(books.length, what).toBeGreaterThan(0)
        // Another table's book is this one as well: that table has its own condition.
        const named = books.filter((book) => !book.includes('.') && !book.startsWith('$'))
        expect([each.values[0], ...named], what).toEqual(Array(named.length + 1).fill(each.values[0]))
      }
    }
  }, 120_000)
})

describe('every statement inside of the database’s functions', () => {
  it('names the book that the function was called for', async () => {
    const { pool, schema } = await openBooks()
    const { rows } = await pool.query('SELECT proname, prosrc FROM pg_proc WHERE pronamespace = $1::regnamespace', [
      `"${schema}"`,
    ])
    const statements = rows.flatMap(({ proname, prosrc }) =>
      (prosrc as string)
        .replaceAll(`NULL::"${schema}".`, '')
        .split(';')
        .filter((sql) => sql.includes(`"${schema}".ledger_`))
        .map((sql) => ({ proname, sql })),
    )
    expect(new Set(statements.map(({ proname }) => proname))).toEqual(
      new Set(['ledger_persist', 'ledger_last_version', 'ledger_check_entries', 'ledger_check_postings']),
    )
    for (const { proname, sql } of statements) {
      const tables = sql.split(`"${schema}".ledger_`).length - 1
      const using = /USING ([^;]*)$/.exec(sql)?.[1]?.split(', ') ?? []
      const isBook = (name: string) =>
        ['_book', 'of_book'].includes(name) || using[Number(/^\$(\d+)$/.exec(name)?.[1] ?? 0) - 1] === '_book'
      const compared = [...sql.matchAll(/\bbook = ([\w.$]+)/g)].filter(
        ([, to = '']) => isBook(to) || to.endsWith('.book'),
      )
      const inserted = [...sql.matchAll(/INSERT INTO \S+ \(book,[^)]*\)\s*(?:SELECT|VALUES\s*\()\s*(\S+),/g)]
      expect(
        inserted.map(([, value]) => value),
        sql,
      ).toEqual(inserted.map(() => '_book'))
      expect(compared.length + inserted.length, `${proname}: ${sql}`).toBeGreaterThanOrEqual(tables)
    }
  })
})

describe('every index', () => {
  it('leads with the book, unique ones first of all', async () => {
    const { pool, schema } = await openBooks()
    const { rows } = await pool.query(
      `SELECT index.relname AS name, attname AS leads, indisunique AS is_unique FROM pg_index
         JOIN pg_class AS index ON index.oid = indexrelid
         JOIN pg_class AS own ON own.oid = indrelid
         JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
         WHERE own.relnamespace = $1::regnamespace AND own.relname NOT LIKE 'ledger_migrations%'`,
      [`"${schema}"`],
    )
    expect(rows.filter(({ is_unique }) => is_unique).length).toBeGreaterThanOrEqual(14)
    expect(rows.filter(({ leads }) => leads !== 'book')).toEqual([])
  })
})
