import type { SqlValue } from '@escrow-ledger/sql'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { openPostgres } from '../../../test/postgres/open-postgres.js'
import { columnOf } from '../src/arrays.js'

const self = (value: SqlValue) => value
const optional = <Value extends SqlValue>(value: fc.Arbitrary<Value>) => fc.array(fc.option(value), { maxLength: 40 })
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('', 'NULL', '{"a":"b\\\\c"}', 'é😀'.repeat(9_000)),
  )
  .map((given) => given.replaceAll('\u0000', ''))

/** Nulls at the end are left out of a column. */
function withoutLastNulls(values: readonly SqlValue[]): SqlValue[] {
  return values.slice(0, values.findLastIndex((value) => value !== null) + 1)
}

it.each([
  { type: 'bigint[]', values: optional(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })) },
  { type: 'bigint[]', values: optional(fc.maxSafeInteger()) },
  { type: 'bigint[]', values: optional(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)) },
  { type: 'integer[]', values: optional(fc.integer()) },
  { type: 'uuid[]', values: optional(fc.uuid()) },
  { type: 'text[]', values: optional(text) },
])('a column of $type arrives at the server as it was sent', async ({ type, values }) => {
  const { pool } = await openPostgres()
  await fc.assert(
    fc.asyncProperty(values as fc.Arbitrary<readonly SqlValue[]>, async (sent) => {
      const sql = `SELECT value::text FROM unnest($1::${type}) WITH ORDINALITY AS sent(value, nth) ORDER BY nth`
      const { rows } = await pool.query(sql, [columnOf(sent, self, type)])
      const arrived = rows.map(({ value }) => value)
      expect(arrived).toEqual(withoutLastNulls(sent).map((value) => (value === null ? null : String(value))))
    }),
    { numRuns: 50 },
  )
})

it('a UUID may come as its sixteen bytes', async () => {
  const { pool } = await openPostgres()
  const bytes = Buffer.from('0193f1c2aabb7ccd8eef001122334455', 'hex')
  const { rows } = await pool.query('SELECT $1::uuid[]::text AS sent', [columnOf([bytes], self, 'uuid[]')])
  expect(rows[0]).toEqual({ sent: '{0193f1c2-aabb-7ccd-8eef-001122334455}' })
})

it.each(['', '0193f1c2-aabb-7ccd-8eef', 'not-a-uuid', '0193f1c2-aabb-7ccd-8eef-00112233445566'])(
  'refuses %j where a UUID is wanted',
  (id) => {
    expect(() => columnOf([id], self, 'uuid[]')).toThrow('is a UUID')
  },
)

it.each([
  { type: 'bigint[]', value: 2n ** 63n },
  { type: 'bigint[]', value: -(2n ** 63n) - 1n },
  { type: 'integer[]', value: 2 ** 31 },
])('refuses $value in a column of $type rather than let it wrap around', ({ type, value }) => {
  expect(() => columnOf([value], self, type)).toThrow('out of range')
})
