import type { EntryPage, Reads, RecordQuery } from 'escrow-ledger'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedPostgres } from '../../../test/postgres/open-postgres.js'
import { fillBook, HOT, nthId } from './fixtures/fill-book.js'
import { type Asked, createLedgerSchema, type LedgerSchema } from './fixtures/ledger-schema.js'

const ROWS = 100_000
const BOOK = 'main'

type Read = (reads: Reads, limit: number) => Promise<unknown>

/** Each read in the middle of its history, and the indexes that its statements use. */
const reads: Readonly<Record<string, readonly [read: Read, uses: readonly string[]]>> = {
  'an account': [(from) => from.account(BOOK, HOT), ['ledger_accounts_code_currency']],
  accounts: [
    (from, limit) => from.accounts(BOOK, { after: { code: 'payee:3', currency: 'USD' }, limit }),
    ['ledger_accounts_code_currency'],
  ],
  'accounts by prefix': [
    (from, limit) => from.accounts(BOOK, { after: null, limit, prefix: 'payee:2' }),
    ['ledger_accounts_code_currency'],
  ],
  'entries by their ids': [
    (from, limit) =>
      from.entries(
        BOOK,
        Array.from({ length: limit }, (_, nth) => nthId(nth * 3 + 1)),
      ),
    ['ledger_entries_pkey', 'ledger_postings_pkey', 'ledger_accounts_pkey'],
  ],
  ...entriesBy('nothing', {}, 'recorded_at'),
  ...entriesBy('a currency', { currency: 'USD' }, 'recorded_at'),
  ...entriesBy('a kind', { kind: 'release' }, 'recorded_at'),
  ...entriesBy('a time', { recordedFrom: 40_000, recordedThrough: 60_000 }, 'recorded_at'),
  ...entriesBy('an escrow', { escrow: 's7' }, 'escrow'),
  ...entriesBy('a payment', { payment: { gateway: 'g', reference: 'r7' } }, 'gateway_payment'),
  ...entriesBy('an instruction', { instruction: 'i7' }, 'instruction'),
  ...entriesBy('a reference', { reference: 'r7', recordedFrom: 1, recordedThrough: ROWS }, 'reference'),
  'entries of an account': [
    (from, limit) =>
      from.entryPage(BOOK, { account: HOT.code, currency: 'USD', after: { recordedAt: 500, id: nthId(500) }, limit }),
    [
      'ledger_accounts_code_currency',
      'ledger_postings_account_version',
      'ledger_entries_pkey',
      'ledger_postings_pkey',
      'ledger_accounts_pkey',
    ],
  ],
  'postings by version': [
    (from, limit) => from.postingsByVersion(BOOK, HOT, { after: 500, limit, recordedThrough: 90_000 }),
    ['ledger_accounts_code_currency', 'ledger_postings_account_version', 'ledger_entries_pkey'],
  ],
  'postings by effect': [
    (from, limit) =>
      from.postingsByEffect(BOOK, HOT, { after: { effectiveAt: 500_000, version: 50_000 }, limit, from: 100_000 }),
    [
      'ledger_accounts_code_currency',
      'ledger_postings_account_version',
      'ledger_postings_account_late_at_version',
      'ledger_entries_pkey',
    ],
  ],
  'the last posting recorded': [
    (from) => from.lastRecorded(BOOK, HOT, 50_000),
    ['ledger_accounts_code_currency', 'ledger_postings_account_version', 'ledger_entries_pkey'],
  ],
  'totals of a time': [
    (from) => from.effectiveTotals(BOOK, HOT, { from: 500_000, through: 502_000 }),
    ['ledger_accounts_code_currency', 'ledger_postings_account_version', 'ledger_postings_account_late_at_version'],
  ],
  'the day totals of an account': [
    (from) => from.dayTotals(BOOK, HOT, 50_000),
    ['ledger_accounts_code_currency', 'ledger_day_totals_pkey'],
  ],
  'all postings': [
    (from, limit) => from.auditPostings(BOOK, { after: { ...HOT, version: 50_000 }, limit }),
    ['ledger_accounts_code_currency', 'ledger_postings_account_version', 'ledger_entries_pkey'],
  ],
  'all postings, of small accounts': [
    (from, limit) => from.auditPostings(BOOK, { after: { code: 'payee:200', currency: 'EUR', version: 3 }, limit }),
    ['ledger_accounts_code_currency', 'ledger_postings_account_version', 'ledger_entries_pkey'],
  ],
  'all day totals': [
    (from, limit) => from.auditDays(BOOK, { after: { code: 'payee:200', currency: 'EUR', day: 3 }, limit }),
    ['ledger_accounts_code_currency', 'ledger_day_totals_pkey'],
  ],
  'the events of an escrow': [
    (from, limit) => from.events(BOOK, { escrow: 's0', after: 20_000, limit }),
    ['ledger_events_pkey'],
  ],
  'a record': [(from) => from.record(BOOK, 'escrows', 's7'), ['ledger_escrows_pkey']],
  ...recordsBy('all escrows', { kind: 'escrows', after: ['s3'] }, 'ledger_escrows_pkey'),
  ...recordsBy('all restrictions', { kind: 'restrictions', after: ['c3'] }, 'ledger_restrictions_pkey'),
  ...recordsBy('all reversals', { kind: 'reversals', after: ['3'] }, 'ledger_reversals_pkey'),
  ...recordsBy(
    'escrows that a run has something to do with',
    { kind: 'escrows', atMost: { field: 'nextAt', value: 90_000 }, order: ['nextAt'], after: [500, 's500'] },
    'ledger_escrows_next_at_id',
  ),
  ...recordsBy(
    'the first escrows that a run has something to do with',
    { kind: 'escrows', atMost: { field: 'nextAt', value: 90_000 }, order: ['nextAt'] },
    'ledger_escrows_next_at_id',
  ),
  ...recordsBy(
    'escrows that are due',
    { kind: 'escrows', atMost: { field: 'fallsDueAt', value: 90_000 }, order: ['fallsDueAt'], after: [500, 's500'] },
    'ledger_escrows_falls_due_at_id',
  ),
  ...recordsBy(
    'escrows of a payer',
    { kind: 'escrows', where: { payer: 'c1' }, after: ['s3'] },
    'ledger_escrows_payer_id',
  ),
  ...recordsBy(
    'payments',
    { kind: 'payments', order: ['recordedAt'], after: [500, 'g:r500'] },
    'ledger_payments_recorded_at_key',
  ),
  ...recordsBy(
    'fees of a payment',
    { kind: 'fees', where: { gateway: 'g', reference: 'r1' }, after: ['g:f3'] },
    'ledger_fees_gateway_reference_key',
  ),
  ...recordsBy(
    'open suspense',
    { kind: 'suspense', where: { state: 'open' }, order: ['recordedAt'], after: [500, 's500'] },
    'ledger_suspense_state_recorded_at_id',
  ),
  ...recordsBy(
    'instructions to send',
    { kind: 'instructions', atMost: { field: 'nextAt', value: 90_000 }, order: ['nextAt'], after: [500, 'i500'] },
    'ledger_instructions_next_at_id',
  ),
  ...instructionsBy('nothing', {}, 'created_at_id'),
  ...instructionsBy('a state', { state: 'unknown' }, 'state_created_at_id'),
  ...instructionsBy('an escrow', { escrow: 's1' }, 'escrow_created_at_id'),
  ...instructionsBy('a party', { party: 'p1', kind: 'payout' }, 'party_created_at_id'),
  ...recordsBy(
    'the instruction that a gateway names',
    { kind: 'instructions', where: { gatewayReference: 'r7' } },
    'ledger_instructions_gateway_reference_id',
  ),
  ...recordsBy(
    'the instruction of a key',
    { kind: 'instructions', where: { gatewayKey: 'k7' } },
    'ledger_instructions_gateway_key_id',
  ),
  ...recordsBy(
    'the payouts of a batch',
    { kind: 'instructions', where: { batch: 'b7' } },
    'ledger_instructions_batch_id',
  ),
  ...recordsBy(
    'what goes on from a transfer',
    { kind: 'instructions', where: { about: 'a7' } },
    'ledger_instructions_about_id',
  ),
  ...recordsBy(
    'what was said about an instruction',
    { kind: 'exchanges', where: { instruction: 'i7' }, order: ['attempt', 'sequence'] },
    'ledger_exchanges_instruction_attempt_sequence_key',
  ),
  ...recordsBy(
    'webhooks to look at',
    { kind: 'webhooks', atMost: { field: 'nextAt', value: 90_000 }, order: ['nextAt'], after: [500, 'w500'] },
    'ledger_webhooks_next_at_id',
  ),
  ...recordsBy(
    'webhooks',
    { kind: 'webhooks', order: ['receivedAt'], after: [500, 'w500'] },
    'ledger_webhooks_received_at_id',
  ),
  ...recordsBy(
    'dead webhooks',
    { kind: 'webhooks', where: { state: 'dead' }, order: ['receivedAt'], after: [500, 'w500'] },
    'ledger_webhooks_state_received_at_id',
  ),
}

function entriesBy(name: string, page: Partial<EntryPage>, index: string) {
  const after = page.escrow === undefined && page.recordedFrom === undefined ? { recordedAt: 30, id: nthId(30) } : null
  const read: Read = (from, limit) => from.entryPage(BOOK, { after, limit, ...page })
  return {
    [`entries by ${name}`]: [
      read,
      [`ledger_entries_${index}`, 'ledger_postings_pkey', 'ledger_accounts_pkey'],
    ] as const,
  }
}

function recordsBy(name: string, query: Partial<RecordQuery> & Pick<RecordQuery, 'kind'>, index: string) {
  const read: Read = (from, limit) => from.records(BOOK, { order: [], after: null, limit, ...query })
  return { [name]: [read, [index]] as const }
}

function instructionsBy(name: string, where: NonNullable<RecordQuery['where']>, index: string) {
  const query = { kind: 'instructions', where, order: ['createdAt'], after: [500, 'i500'] } as const
  return recordsBy(`instructions by ${name}`, query, `ledger_instructions_${index}`)
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

describe('the reads of PostgreSQL', () => {
  let schema: LedgerSchema
  let tables: readonly string[] = []

  beforeAll(async () => {
    schema = await createLedgerSchema(await sharedPostgres())
    const { rows } = await schema.client.query(`SELECT relname FROM pg_class WHERE relkind = 'r'
      AND relnamespace = '"${schema.name}"'::regnamespace`)
    tables = rows.map(({ relname }) => `"${schema.name}".${relname}`)
    for (const table of tables) await schema.client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
    // A named statement keeps the plan that it gets first, which here is made while the tables are empty.
    await schema.client.query('SET plan_cache_mode = force_generic_plan')
  })
  afterAll(() => schema.drop())

  async function asked(read: Read, limit: number): Promise<readonly Asked[]> {
    schema.asked.length = 0
    await read(schema.reads, limit)
    return [...schema.asked]
  }

  async function planOf({ sql, values, name }: Asked, options: string): Promise<PlanNode[]> {
    const given = values.map((value) => (value === null ? 'NULL' : pg.escapeLiteral(String(value)))).join(', ')
    const query =
      name === null
        ? { text: `EXPLAIN (${options}, FORMAT JSON) ${sql}`, values: [...values] }
        : { text: `EXPLAIN (${options}, FORMAT JSON) EXECUTE ${name}${given && `(${given})`}` }
    const { rows } = await schema.client.query(query)
    return nodesOf(rows[0]['QUERY PLAN'][0].Plan)
  }

  async function plansOf(read: Read, { limit, options }: { limit: number; options: string }): Promise<PlanNode[]> {
    const nodes: PlanNode[] = []
    for (const each of await asked(read, limit)) nodes.push(...(await planOf(each, options)))
    return nodes
  }

  function checkIndexes(nodes: readonly PlanNode[], uses: readonly string[]): void {
    const indexes = nodes.flatMap((node) => node['Index Name'] ?? [])
    expect([...new Set(indexes)].sort()).toEqual([...uses].sort())
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([])
  }

  /**
   * However long the history, each step of the plan sees some rows for each one of the page. Where statistics say that
   * only so many more match, sorting them can be less work than fetching each by its index.
   */
  function checkBounded(nodes: readonly PlanNode[], limit: number): void {
    for (const node of nodes) {
      const each = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)
      const seen = each * (node['Actual Loops'] ?? 0)
      expect(seen, JSON.stringify({ ...node, Plans: undefined })).toBeLessThanOrEqual(25 * limit + 400)
    }
  }

  const each = Object.entries(reads)

  it.each(each)('give %s by indexes while there is nothing', async (name, [read, uses]) => {
    const nodes = await plansOf(read, { limit: 10, options: 'COSTS OFF' })
    // Of an account without postings no entry is asked for.
    checkIndexes(nodes, name === 'entries of an account' ? uses.slice(0, 1) : uses)
  })

  describe('of a book that grew', () => {
    beforeAll(() => fillBook(schema, BOOK, ROWS), 600_000)

    it.each(each)('give %s by the plans of an empty book', async (_, [read, uses]) => {
      for (const limit of [10, 1000]) {
        const nodes = await plansOf(read, { limit, options: 'ANALYZE' })
        checkIndexes(nodes, uses)
        checkBounded(nodes, limit)
      }
    })

    describe('once the tables were analysed', () => {
      beforeAll(async () => {
        await schema.client.query(`VACUUM ANALYZE ${tables.join(', ')}`)
        await schema.client.query('SET plan_cache_mode = auto')
      }, 600_000)

      it.each(each)('give %s by indexes', async (_, [read, uses]) => {
        for (const limit of [10, 1000]) {
          const nodes = await plansOf(read, { limit, options: 'ANALYZE' })
          checkIndexes(nodes, uses)
          checkBounded(nodes, limit)
        }
      })
    })
  })
})

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}
