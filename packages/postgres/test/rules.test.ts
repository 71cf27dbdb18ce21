import type { PoolClient } from 'pg'
import { describe, expect, it } from 'vitest'
import { type BareBooks, openBareBooks } from './fixtures/bare-books.js'
import { copyIn } from './fixtures/copy-in.js'

const ID = '0199d2c0-0000-7000-8000-fffffffffff1'

type Amounts = readonly (readonly [account: string, amount: bigint])[]

interface PlainEntry {
  readonly amounts: Amounts
  /** How many postings it says it has. */
  readonly postings?: number
  readonly id?: string
  readonly firstLine?: number
  readonly firstVersion?: number
}

function valuesOf(rows: readonly (readonly (string | number | bigint)[])[]): string {
  return rows.map((row) => `(${row.join(', ')})`).join(', ')
}

function entryRow({ book }: BareBooks, { amounts, postings = amounts.length, id = ID }: PlainEntry): string {
  return `INSERT INTO {s}.ledger_entries (book, id, postings, kind, description, effective_at, recorded_at)
    VALUES (${book}, '${id}', ${postings}, 'journal', '', 1, 1)`
}

function postingRows({ book, numbers }: BareBooks, entry: PlainEntry): string {
  const { amounts, id = ID, firstLine = 0, firstVersion = 100 } = entry
  const rows = amounts.map(([code, amount], nth) => [
    book,
    `'${id}'`,
    firstLine + nth,
    numbers[code] ?? code,
    firstVersion + nth,
    amount,
    0,
  ])
  return `INSERT INTO {s}.ledger_postings (book, entry, line, account, version, amount, balance) VALUES ${valuesOf(rows)}`
}

/** The ways in which one statement can write an entry with its postings. */
const statements: Readonly<Record<string, (books: BareBooks, entry: PlainEntry) => string>> = {
  'the entry first': (books, entry) => `WITH written AS (${entryRow(books, entry)}) ${postingRows(books, entry)}`,
  'the postings first': (books, entry) => `WITH written AS (${postingRows(books, entry)}) ${entryRow(books, entry)}`,
}

/** The ways in which SQL can come: each runs it on a connection that ends with it. */
const ways: Readonly<
  Record<string, (client: PoolClient, books: BareBooks, run: () => Promise<unknown>) => Promise<void>>
> = {
  plainly: async (_client, _books, run) => void (await run()),
  'in a savepoint': async (client, _books, run) => {
    await client.query('BEGIN; SAVEPOINT here')
    try {
      await run()
    } finally {
      await client.query('ROLLBACK TO SAVEPOINT here; COMMIT')
    }
  },
  'with a search path of operators that lie': async (client, { evilPath }, run) => {
    await client.query(`SET search_path = ${evilPath}`)
    expect((await client.query('SELECT 1::numeric = 0 AS is_fooled')).rows).toEqual([{ is_fooled: true }])
    await run()
  },
  'as another role that may write everything': async (client, { writer }, run) => {
    await client.query(`SET ROLE ${writer}`)
    await run()
  },
}

/** Runs something in every way there is: each time it must be refused, and nothing be changed. */
async function refused(
  books: BareBooks,
  run: (client: PoolClient) => Promise<unknown>,
  as: string | RegExp,
): Promise<void> {
  const before = await books.tell()
  for (const [name, way] of Object.entries(ways)) {
    const client = await books.pool.connect()
    try {
      await expect(
        way(client, books, () => run(client)),
        name,
      ).rejects.toThrow(as)
    } finally {
      client.release(true)
    }
    expect(await books.tell(), name).toEqual(before)
  }
}

const entriesWritten = `SELECT count(*)::int AS count FROM {s}.ledger_entries WHERE id = '${ID}'`

describe('what is written stays', () => {
  const unchanging = {
    entries: { column: 'description', value: `'x'`, key: 'book, id' },
    postings: { column: 'amount', value: '7', key: 'book, entry, line' },
    events: { column: 'command', value: `'x'`, key: 'book, escrow, sequence' },
    idempotency_keys: { column: 'result', value: `'x'`, key: 'book, key_hash' },
  }
  const cases = Object.entries(unchanging).flatMap(([name, { column, value, key }]) => {
    const table = `{s}.ledger_${name}`
    const match = key
      .split(', ')
      .map((part) => `old.${part} = new.${part}`)
      .join(' AND ')
    return [
      `UPDATE ${table} SET ${column} = ${value}`,
      `UPDATE ${table} SET ${column} = ${column}`,
      `DELETE FROM ${table}`,
      `WITH gone AS (DELETE FROM ${table} RETURNING *) SELECT * FROM gone`,
      `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT (${key}) DO UPDATE SET ${column} = ${value}`,
      `MERGE INTO ${table} AS old USING ${table} AS new ON ${match} WHEN MATCHED THEN UPDATE SET ${column} = ${value}`,
      `MERGE INTO ${table} AS old USING ${table} AS new ON ${match} WHEN MATCHED THEN DELETE`,
      `TRUNCATE ${table}`,
      `TRUNCATE ONLY ${table} CASCADE`,
    ].map((sql) => [sql, `${name}_are_append_only`] as const)
  })
  const byTable = Object.keys(unchanging).map(
    (name) => [name, cases.filter(([, message]) => message.startsWith(name))] as const,
  )

  it.each(byTable)(
    'in %s, whatever is tried',
    async (_, each) => {
      const books = await openBareBooks()
      for (const [sql, message] of each) await refused(books, (client) => books.run(sql, client), message)
    },
    120_000,
  )

  it('in accounts, which are never deleted, nor called something else', async () => {
    const books = await openBareBooks()
    const table = '{s}.ledger_accounts'
    const merge = `MERGE INTO ${table} AS old USING ${table} AS new ON old.account = new.account WHEN MATCHED THEN`
    for (const [sql, message] of [
      [`DELETE FROM ${table}`, 'accounts_are_never_deleted'],
      [`TRUNCATE ${table}`, 'accounts_are_never_deleted'],
      [`${merge} DELETE`, 'accounts_are_never_deleted'],
      ...['account = account + 1', 'book = book + 1', `code = 'x'`, `currency = 'EUR'`, `type = 'asset'`].flatMap(
        (set) => [
          [`UPDATE ${table} SET ${set}`, 'account_identity_is_fixed'] as const,
          [
            `${merge} UPDATE SET ${set.replace('= account', '= old.account').replace('= book', '= old.book')}`,
            'account_identity_is_fixed',
          ] as const,
          [
            `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT (book, account) DO UPDATE SET ${set.replace(/= (account|book)/, '= excluded.$1')}`,
            'account_identity_is_fixed',
          ] as const,
        ],
      ),
    ] as const) {
      await refused(books, (client) => books.run(sql, client), message)
    }
  }, 120_000)

  it.each(['entries', 'postings', 'events', 'idempotency_keys', 'accounts', 'books', 'day_totals', 'escrows'])(
    'and is in %s once',
    async (name) => {
      const books = await openBareBooks()
      if (name === 'day_totals') {
        const { a } = books.numbers
        await books.run(`INSERT INTO {s}.ledger_day_totals VALUES (${books.book}, ${a}, 1, 1, 1)`)
      }
      const again = `INSERT INTO {s}.ledger_${name} SELECT * FROM {s}.ledger_${name}`
      await refused(books, (client) => books.run(again, client), `ledger_${name}_pkey`)
      const before = await books.tell()
      await books.run(`${again} ON CONFLICT DO NOTHING`)
      expect(await books.tell()).toEqual(before)
    },
  )
})

describe('entries', () => {
  it.each(Object.entries(statements))('are written whole, %s', async (_, statement) => {
    const books = await openBareBooks()
    const entry = {
      amounts: [
        ['a', 7n],
        ['b', -7n],
        ['c', 5n],
        ['c', -5n],
      ] as const,
    }
    await books.run(statement(books, entry))
    expect(await books.run(entriesWritten)).toEqual([{ count: 1 }])
  })

  it('balance though the sum passes 64 bits on the way', async () => {
    const books = await openBareBooks()
    const big = 2n ** 63n - 1n
    const amounts = [
      ['a', big],
      ['a', big],
      ['b', -big],
      ['b', -big],
    ] as const
    await books.run(statements['the entry first']?.(books, { amounts }) ?? '')
    expect(await books.run(entriesWritten)).toEqual([{ count: 1 }])
  })

  const half = 2n ** 62n
  const wrong: Readonly<Record<string, readonly [entry: PlainEntry, message: string]>> = {
    'do not balance by one unit': [
      {
        amounts: [
          ['a', 7n],
          ['b', -6n],
        ],
      },
      'entry_unbalanced',
    ],
    'are on one side': [
      {
        amounts: [
          ['a', 7n],
          ['b', 7n],
        ],
      },
      'entry_unbalanced',
    ],
    'do not balance by exactly 2^64': [
      {
        amounts: [
          ['a', half],
          ['b', half],
          ['a', half],
          ['b', half],
        ],
      },
      'entry_unbalanced',
    ],
    'do not balance by 2^32': [
      {
        amounts: [
          ['a', 2n ** 32n],
          ['b', -1n],
        ],
      },
      'entry_unbalanced',
    ],
    'balance across currencies': [
      {
        amounts: [
          ['a', 7n],
          ['c', -7n],
        ],
      },
      'entry_unbalanced',
    ],
    'balance in one of two currencies': [
      {
        amounts: [
          ['a', 7n],
          ['b', -7n],
          ['c', 5n],
          ['c', -4n],
        ],
      },
      'entry_unbalanced',
    ],
    'have fewer postings than they say': [
      {
        amounts: [
          ['a', 7n],
          ['b', -7n],
        ],
        postings: 3,
      },
      'entry_postings_missing',
    ],
    'have more postings than they say': [
      {
        amounts: [
          ['a', 7n],
          ['b', -7n],
          ['a', 1n],
          ['b', -1n],
        ],
        postings: 2,
      },
      'entry_postings_missing',
    ],
    'leave a line out': [
      {
        amounts: [
          ['a', 7n],
          ['b', -7n],
        ],
        firstLine: 1,
      },
      'entry_postings_missing',
    ],
    'begin below the first line': [
      {
        amounts: [
          ['a', 7n],
          ['b', -7n],
        ],
        firstLine: -1,
      },
      'entry_postings_missing',
    ],
    'have a posting to no account': [
      {
        amounts: [
          ['a', 7n],
          ['99', -7n],
        ],
      },
      'account_missing',
    ],
    'have a posting of zero': [
      {
        amounts: [
          ['a', 0n],
          ['b', 0n],
        ],
      },
      'ledger_postings_amount',
    ],
    'have one posting': [{ amounts: [['a', 7n]] }, 'ledger_entries_postings'],
    'use a version again': [
      {
        amounts: [
          ['a', 7n],
          ['a', -7n],
        ],
        firstVersion: 1,
      },
      'ledger_postings_account_version',
    ],
  }

  it.each(Object.entries(wrong))(
    'are refused when they %s',
    async (_, [entry, message]) => {
      const books = await openBareBooks()
      for (const statement of Object.values(statements)) {
        await refused(books, (client) => books.run(statement(books, entry), client), message)
      }
    },
    120_000,
  )

  it('are refused without postings, and postings without their entry', async () => {
    const books = await openBareBooks()
    const entry = {
      amounts: [
        ['a', 7n],
        ['b', -7n],
      ],
    } as const
    await refused(books, (client) => books.run(entryRow(books, entry), client), 'entry_postings_missing')
    await refused(books, (client) => books.run(postingRows(books, entry), client), 'entry_missing')
    const later = { ...entry, id: ID.replace('f1', 'f2') }
    const both = `WITH alone AS (${entryRow(books, later)}), written AS (${entryRow(books, entry)}) ${postingRows(books, entry)}`
    await refused(books, (client) => books.run(both, client), 'entry_postings_missing')
  })

  it('take no balanced postings afterwards, neither after nor in between nor by themselves', async () => {
    const books = await openBareBooks()
    const [{ id }] = (await books.run('SELECT id FROM {s}.ledger_entries WHERE escrow IS NULL')) as [{ id: string }]
    const amounts = [
      ['a', 1n],
      ['b', -1n],
    ] as const
    const join = (firstLine: number) => postingRows(books, { amounts, id, firstLine })
    await refused(books, (client) => books.run(join(2), client), 'entry_postings_missing')
    await refused(books, (client) => books.run(join(-2), client), 'entry_postings_missing')
    await refused(books, (client) => books.run(join(1), client), 'ledger_postings_pkey')
    await refused(books, (client) => books.run(`${join(1)} ON CONFLICT DO NOTHING`, client), 'entry_postings_missing')
    const others = statements['the entry first']?.(books, { amounts, firstVersion: 200 }) ?? ''
    const rows = join(2).split('VALUES ')[1]
    await refused(books, (client) => books.run(`${others}, ${rows}`, client), 'entry_postings_missing')
  }, 120_000)

  it('take no postings by COPY, and come by it neither', async () => {
    const books = await openBareBooks()
    const { book, numbers, schema } = books
    const [{ id }] = (await books.run('SELECT id FROM {s}.ledger_entries WHERE escrow IS NULL')) as [{ id: string }]
    const columns = '(book, entry, line, account, version, amount, balance)'
    const postings = (entry: string, firstLine: number) =>
      [`${firstLine}\t${numbers.a}\t100\t1`, `${firstLine + 1}\t${numbers.b}\t101\t-1`]
        .map((rest) => `${book}\t${entry}\t${rest}\t0\n`)
        .join('')
    const into = `"${schema}".ledger_postings ${columns}`
    await refused(books, (client) => copyIn(client, { into, lines: postings(id, 2) }), 'entry_postings_missing')
    await refused(books, (client) => copyIn(client, { into, lines: postings(ID, 0) }), 'entry_missing')
    const entries = `"${schema}".ledger_entries (book, id, postings, kind, description, effective_at, recorded_at)`
    const lines = `${book}\t${ID}\t2\tjournal\t\t1\t1\n`
    await refused(books, (client) => copyIn(client, { into: entries, lines }), 'entry_postings_missing')
  })

  it('have no postings in the accounts of another book', async () => {
    const books = await openBareBooks()
    await books.ledger.book('other').accounts.open({ code: 'x', currency: 'USD', type: 'asset' })
    const [{ account }] = (await books.run(`SELECT account FROM {s}.ledger_accounts WHERE code = 'x'`)) as [
      { account: string },
    ]
    const entry: PlainEntry = {
      amounts: [
        ['a', 7n],
        [account, -7n],
      ],
    }
    for (const statement of Object.values(statements)) {
      await refused(books, (client) => books.run(statement(books, entry), client), 'account_missing')
    }
  })
})

describe('accounts', () => {
  const changes: readonly (readonly [name: string, set: string, constraint: string])[] = [
    ['negative debits', 'debits_posted = -1', 'ledger_accounts_totals'],
    ['negative credits', 'credits_posted = -1', 'ledger_accounts_totals'],
    ['negative pending debits', 'debits_pending = -1', 'ledger_accounts_totals'],
    ['negative pending credits', 'credits_pending = -1', 'ledger_accounts_totals'],
    ['a balance below the floor', 'floor = 0, debits_posted = 6, credits_posted = 5', 'ledger_accounts_floor'],
    ['what is pending below the floor', 'floor = 0, debits_posted = 5, debits_pending = 1', 'ledger_accounts_floor'],
    ['a balance above the ceiling', 'ceiling = 4, credits_posted = 10', 'ledger_accounts_ceiling'],
    ['what is pending above the ceiling', 'ceiling = 5, credits_pending = 1', 'ledger_accounts_ceiling'],
    ['a limit past what it holds', 'floor = 6', 'ledger_accounts_floor'],
    ['a revision of none', 'revision = 0', 'ledger_accounts_version'],
    ['a negative version', 'version = -1', 'ledger_accounts_version'],
    ['totals past 64 bits', 'debits_posted = 9223372036854775807 + credits_posted', 'out of range'],
    ['no total', 'debits_posted = NULL', 'not-null'],
  ]

  it('are refused with totals, limits and versions that cannot be', async () => {
    const books = await openBareBooks()
    for (const [, set, constraint] of changes) {
      await refused(
        books,
        (client) => books.run(`UPDATE {s}.ledger_accounts SET ${set} WHERE code = 'b'`, client),
        constraint,
      )
    }
  }, 120_000)

  it('of assets and expenses have their limits the other way round', async () => {
    const books = await openBareBooks()
    await books.ledger.accounts.open({
      code: 'bank',
      currency: 'USD',
      type: 'asset',
      floor: { amount: '0.00', currency: 'USD' },
    })
    const set = (credits: number) => `UPDATE {s}.ledger_accounts SET credits_posted = ${credits} WHERE code = 'bank'`
    await refused(books, (client) => books.run(set(1), client), 'ledger_accounts_floor')
  })

  it('have one of the five types, and one row for a code and currency', async () => {
    const books = await openBareBooks()
    const copy = (code: string, type: string) => `INSERT INTO {s}.ledger_accounts (book, account, code, currency, type,
      debits_posted, credits_posted, debits_pending, credits_pending, version, revision, closed, recorded_at, opened_at)
      VALUES (${books.book}, 9, '${code}', 'USD', '${type}', 0, 0, 0, 0, 0, 1, false, 1, 1)`
    await refused(books, (client) => books.run(copy('new', 'loan'), client), 'ledger_accounts_type')
    await refused(books, (client) => books.run(copy('a', 'asset'), client), 'ledger_accounts_code_currency')
  })
})

describe('other tables', () => {
  it('keep no negative day totals, and an entry or a result for a key, never both or neither', async () => {
    const books = await openBareBooks()
    const { book, numbers } = books
    const day = `INSERT INTO {s}.ledger_day_totals (book, account, day, debits, credits) VALUES (${book}, ${numbers.a}, 1, -1, 0)`
    await refused(books, (client) => books.run(day, client), 'ledger_day_totals_totals')
    const key = (entry: string, result: string) => `INSERT INTO {s}.ledger_idempotency_keys
      (book, key_hash, fingerprint, entry, result) VALUES (${book}, '${ID}', '${ID}', ${entry}, ${result})`
    for (const sql of [key('NULL', 'NULL'), key(`'${ID}'`, `'{}'`)]) {
      await refused(books, (client) => books.run(sql, client), 'ledger_idempotency_keys_outcome')
    }
  })
})
