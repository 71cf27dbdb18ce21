import type { Database } from 'better-sqlite3'
import { LedgerError } from 'escrow-ledger'
import { describe, expect, it } from 'vitest'
import { createJournal, type Journal, nothing } from './fixtures/journal.js'
import { migratedStorage, openDatabase } from './fixtures/open.js'
import { write } from './fixtures/work.js'

const ID = Buffer.from('0199d2c0000070008000fffffffffff1', 'hex')

/** A database with two accounts, one entry of two postings, an event and a key; and a way to break it by plain SQL. */
async function setUp(prepare: (journal: Journal) => void = () => {}) {
  const database = openDatabase(':memory:')
  const storage = await migratedStorage({ database })
  const journal = createJournal()
  prepare(journal)
  const { id } = journal.post({
    lines: [
      { code: 'a', amount: 5n },
      { code: 'b', amount: -5n },
    ],
  })
  journal.key({ key: 'k', fingerprint: new Uint8Array(16), entry: id, result: null })
  const event = {
    escrow: 's',
    sequence: 1,
    command: 'open',
    actor: null,
    at: 1,
    recordedAt: 1,
    detail: {},
    entries: [id],
  }
  await write(storage, journal.changes({ events: [event] }))
  return { database, storage, journal }
}

function tell(database: Database) {
  const tables = ['entries', 'postings', 'events', 'accounts', 'idempotency_keys'].map((name) => `ledger_${name}`)
  return tables.map((table) => database.prepare(`SELECT * FROM ${table}`).safeIntegers().all())
}

const postingRow = `INSERT INTO ledger_postings
  (book, entry, line, account, version, amount, balance) VALUES (1, $entry, $line, $account, $version, $amount, 0)`
const entryRow = `INSERT INTO ledger_entries (seq, book, id, postings, kind, description, effective_at, recorded_at)
  VALUES ($seq, 1, $id, $postings, 'journal', '', 1, 1)`

/** Writes an entry by plain SQL in a transaction, as a program that goes around the library might. */
function writeEntry(
  database: Database,
  {
    amounts,
    postings = amounts.length,
  }: { amounts: readonly (readonly [account: number, amount: bigint])[]; postings?: number },
): void {
  database.transaction(() => {
    amounts.forEach(([account, amount], line) => {
      database.prepare(postingRow).run({ entry: 2, line, account, version: 10 + line, amount })
    })
    database.prepare(entryRow).run({ seq: 2, id: ID, postings })
  })()
}

describe('what is written stays', () => {
  const cases: readonly (readonly [sql: string, message: string])[] = [
    [`UPDATE ledger_entries SET description = 'x'`, 'entries_are_append_only'],
    ['DELETE FROM ledger_entries', 'entries_are_append_only'],
    ['UPDATE ledger_postings SET amount = amount + 1', 'postings_are_append_only'],
    ['UPDATE OR REPLACE ledger_postings SET version = 1', 'postings_are_append_only'],
    ['DELETE FROM ledger_postings', 'postings_are_append_only'],
    [`UPDATE ledger_events SET command = 'x'`, 'events_are_append_only'],
    ['DELETE FROM ledger_events', 'events_are_append_only'],
    ['UPDATE ledger_idempotency_keys SET entry = 1', 'idempotency_keys_are_append_only'],
    ['DELETE FROM ledger_idempotency_keys', 'idempotency_keys_are_append_only'],
    ['DELETE FROM ledger_accounts', 'accounts_are_never_deleted'],
    [`UPDATE ledger_accounts SET code = 'x'`, 'account_identity_is_fixed'],
    [`UPDATE ledger_accounts SET type = 'asset'`, 'account_identity_is_fixed'],
    ['INSERT OR REPLACE INTO ledger_entries SELECT * FROM ledger_entries', 'entry_exists'],
    ['REPLACE INTO ledger_postings SELECT * FROM ledger_postings', 'entry_is_sealed'],
    ['REPLACE INTO ledger_events SELECT * FROM ledger_events', 'event_exists'],
    ['REPLACE INTO ledger_idempotency_keys SELECT * FROM ledger_idempotency_keys', 'idempotency_key_exists'],
    ['REPLACE INTO ledger_accounts SELECT * FROM ledger_accounts', 'account_exists'],
  ]

  it.each(cases)('%s', async (sql, message) => {
    const { database } = await setUp()
    const before = tell(database)
    expect(() => database.exec(sql)).toThrow(message)
    expect(tell(database)).toEqual(before)
  })

  it('refuses an entry with the number of another one', async () => {
    const { database } = await setUp()
    const before = tell(database)
    expect(() =>
      database.prepare(`REPLACE ${entryRow.slice('INSERT '.length)}`).run({ seq: 1, id: ID, postings: 2 }),
    ).toThrow('entry_exists')
    expect(tell(database)).toEqual(before)
  })

  it('refuses a posting that would replace the one with its version', async () => {
    const { database } = await setUp()
    const before = tell(database)
    const replace = `REPLACE ${postingRow.slice('INSERT '.length)}`
    const posting = { entry: 2, line: 0, account: 1, version: 1, amount: 1n }
    expect(() => database.prepare(replace).run(posting)).toThrow('posting_exists')
    expect(tell(database)).toEqual(before)
  })
})

describe('entries', () => {
  it('are written whole', async () => {
    const { database } = await setUp()
    writeEntry(database, {
      amounts: [
        [1, 7n],
        [2, -7n],
      ],
    })
    expect(database.prepare('SELECT count(*) FROM ledger_entries').pluck().get()).toBe(2)
  })

  const unbalanced: readonly (readonly [name: string, amounts: readonly (readonly [number, bigint])[]])[] = [
    [
      'by one unit',
      [
        [1, 7n],
        [2, -6n],
      ],
    ],
    [
      'on one side',
      [
        [1, 7n],
        [2, 7n],
      ],
    ],
    [
      'by exactly 2^64',
      [
        [1, 2n ** 62n],
        [2, 2n ** 62n],
        [1, 2n ** 62n],
        [2, 2n ** 62n],
      ],
    ],
    [
      'by 2^32',
      [
        [1, 2n ** 32n],
        [2, -1n],
      ],
    ],
    [
      'across currencies',
      [
        [1, 7n],
        [3, -7n],
      ],
    ],
    [
      'in one of two currencies',
      [
        [1, 7n],
        [2, -7n],
        [3, 5n],
        [3, -4n],
      ],
    ],
  ]

  it.each(unbalanced)('are refused when they do not balance %s', async (_, amounts) => {
    const { database } = await setUp((journal) => journal.open('c', { currency: 'EUR' }))
    const numbers = numbersOf(database)
    const before = tell(database)
    const placed = amounts.map(([nth, amount]) => [numbers[nth - 1] as number, amount] as const)
    expect(() => writeEntry(database, { amounts: placed })).toThrow('entry_unbalanced')
    expect(tell(database)).toEqual(before)
  })

  it('of several currencies balance in each', async () => {
    const { database } = await setUp((journal) => journal.open('c', { currency: 'EUR' }))
    const [a = 0, b = 0, c = 0] = numbersOf(database)
    writeEntry(database, {
      amounts: [
        [a, 7n],
        [b, -7n],
        [c, 5n],
        [c, -5n],
      ],
    })
    expect(database.prepare('SELECT count(*) FROM ledger_entries').pluck().get()).toBe(2)
  })

  it('balance though the sum passes 64 bits on the way', async () => {
    const { database } = await setUp()
    const big = 2n ** 63n - 1n
    writeEntry(database, {
      amounts: [
        [1, big],
        [1, big],
        [2, -big],
        [2, -big],
      ],
    })
    expect(database.prepare('SELECT count(*) FROM ledger_entries').pluck().get()).toBe(2)
  })

  it.each([
    [
      'fewer postings than they say',
      {
        amounts: [
          [1, 7n],
          [2, -7n],
        ] as const,
        postings: 3,
      },
    ],
    [
      'more postings than they say',
      {
        amounts: [
          [1, 7n],
          [2, -7n],
          [1, 1n],
          [2, -1n],
        ] as const,
        postings: 2,
      },
    ],
    ['no postings', { amounts: [], postings: 2 }],
    [
      'a posting to no account',
      {
        amounts: [
          [1, 7n],
          [99, -7n],
        ] as const,
      },
    ],
  ])('are refused with %s', async (_, entry) => {
    const { database } = await setUp()
    expect(() => writeEntry(database, entry)).toThrow('entry_postings_missing')
  })

  it('have no postings in the accounts of another book', async () => {
    const { database, storage } = await setUp()
    const other = createJournal()
    other.open('x')
    await write(storage, other.changes(), 'other')
    expect(() =>
      writeEntry(database, {
        amounts: [
          [1, 7n],
          [3, -7n],
        ],
      }),
    ).toThrow('entry_postings_missing')
  })

  it('take no balanced postings afterwards', async () => {
    const { database } = await setUp()
    const before = tell(database)
    const join = database.transaction(() => {
      for (const [line, amount] of [
        [2, 1n],
        [3, -1n],
      ] as const) {
        database.prepare(postingRow).run({ entry: 1, line, account: 1, version: line, amount })
      }
    })
    expect(join).toThrow('entry_is_sealed')
    expect(tell(database)).toEqual(before)
  })

  it('are refused without a number', async () => {
    const { database } = await setUp()
    expect(() => database.prepare(entryRow).run({ seq: null, id: ID, postings: 2 })).toThrow('entry_postings_missing')
  })

  it('have no posting of zero', async () => {
    const { database } = await setUp()
    const zero = { entry: 2, line: 0, account: 1, version: 9, amount: 0n }
    expect(() => database.prepare(postingRow).run(zero)).toThrow('CHECK constraint failed')
  })
})

function numbersOf(database: Database): number[] {
  const byCode = 'SELECT account FROM ledger_accounts ORDER BY code'
  return database.prepare(byCode).pluck().all() as number[]
}

describe('accounts', () => {
  const changes: readonly (readonly [name: string, set: string, constraint: string])[] = [
    ['negative debits', 'debits_posted = -1', 'ledger_accounts_totals'],
    ['negative credits', 'credits_posted = -1', 'ledger_accounts_totals'],
    ['negative pending debits', 'debits_pending = -1', 'ledger_accounts_totals'],
    ['negative pending credits', 'credits_pending = -1', 'ledger_accounts_totals'],
    ['a liability below its floor', 'floor = 0, debits_posted = 6, credits_posted = 5', 'ledger_accounts_floor'],
    [
      'what is pending below the floor',
      'floor = 0, debits_posted = 5, credits_posted = 5, debits_pending = 1',
      'ledger_accounts_floor',
    ],
    ['a liability above its ceiling', 'ceiling = 4, credits_posted = 10', 'ledger_accounts_ceiling'],
    [
      'what is pending above the ceiling',
      'ceiling = 5, debits_posted = 0, credits_posted = 5, credits_pending = 1',
      'ledger_accounts_ceiling',
    ],
    ['a revision of none', 'revision = 0', 'ledger_accounts_version'],
  ]

  it.each(changes)('are refused with %s', async (_, set, constraint) => {
    const { database } = await setUp()
    expect(() => database.exec(`UPDATE ledger_accounts SET ${set} WHERE code = 'b'`)).toThrow(constraint)
  })

  it.each([
    ['below its floor', { type: 'asset', floor: 0n }, -1n],
    ['above its ceiling', { type: 'asset', ceiling: 10n }, 11n],
    ['below its floor', { type: 'expense', floor: 0n }, -1n],
    ['above its ceiling', { type: 'liability', ceiling: 10n }, -11n],
    ['below its floor', { type: 'income', floor: -3n }, 4n],
    ['below its floor', { type: 'equity', floor: 0n }, 1n],
  ] as const)('are refused %s: %o', async (_, limits, amount) => {
    const { storage, journal, database } = await setUp((fresh) => fresh.open('limited', limits))
    journal.post({
      lines: [
        { code: 'limited', amount },
        { code: 'a', amount: -amount },
      ],
    })
    const before = tell(database)
    const refused = await write(storage, journal.changes()).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(LedgerError)
    expect(refused).toMatchObject({ code: 'storage_refused', cause: { code: 'SQLITE_CONSTRAINT_CHECK' } })
    expect(tell(database)).toEqual(before)
  })

  it.each([
    ['at its floor', { type: 'asset', floor: -7n }, -7n],
    ['at its ceiling', { type: 'liability', ceiling: 7n }, -7n],
  ] as const)('are taken %s', async (_, limits, amount) => {
    const { storage, journal } = await setUp((fresh) => fresh.open('limited', limits))
    journal.post({
      lines: [
        { code: 'limited', amount },
        { code: 'a', amount: -amount },
      ],
    })
    await expect(write(storage, journal.changes())).resolves.toBe('persisted')
  })

  it('are refused with a type that is none', async () => {
    const { database } = await setUp()
    const insert = `INSERT INTO ledger_accounts SELECT 9, book, 'new', currency, 'loan', floor, ceiling, debits_posted,
      credits_posted, debits_pending, credits_pending, version, revision, frozen, closed, day, recorded_at, opened_at,
      latest_effective_at FROM ledger_accounts WHERE code = 'a'`
    expect(() => database.exec(insert)).toThrow('ledger_accounts_type')
  })
})

describe('other tables', () => {
  it('keep no negative day totals', async () => {
    const { storage, journal } = await setUp()
    const close = { account: 'USD:a', day: 1, debits: -1n, credits: 0n }
    journal.open('other')
    const known = journal.changes({ days: { closes: [close], backdates: [] } })
    const changes = { ...known, accounts: [...known.accounts, unchanged(journal, 'USD:a')] }
    await expect(write(storage, changes)).rejects.toMatchObject({ code: 'storage_refused' })
  })

  it('keep an entry or a result for a key, never both or neither', async () => {
    const { storage } = await setUp()
    const key = { key: 'other', fingerprint: new Uint8Array(16), entry: null, result: null }
    await expect(write(storage, { ...nothing, keys: [key] })).rejects.toMatchObject({ code: 'storage_refused' })
  })

  it('are strict about types', async () => {
    const { database } = await setUp()
    expect(() => database.exec(`UPDATE ledger_accounts SET version = 'many'`)).toThrow('cannot store TEXT value')
  })
})

function unchanged(journal: Journal, key: string) {
  const account = journal.accounts.get(key)
  if (!account) throw new Error(`${key} is not there`)
  return { key, before: account, after: account }
}
