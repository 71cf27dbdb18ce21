import { auditRecordOf, eventColumns, events, recordPageQuery, recordSumQuery, rowReader } from '@escrow-ledger/sql'
import type { AuditRecord, AuditRecordPage, LifeEvent, RecordQuery, RecordSum, Versioned } from 'escrow-ledger'
import { quoted } from './column-sql.js'
import { columnList, postgresDialect } from './dialect.js'
import { limitTo, pageRows, rowsOf } from './query.js'
import { recordStatements } from './records.js'
import { SCHEMA } from './schema-name.js'
import type { Row, Statements } from './statements.js'

export async function readRecords(statements: Statements, book: string, query: RecordQuery): Promise<Versioned[]> {
  const { selection, read } = recordStatements[query.kind]
  const built = recordPageQuery(postgresDialect, { book, query }).select(postgresDialect.knex.raw(selection))
  return (await pageRows(statements, built, query.limit)).map(read)
}

export async function readAuditRecords(
  statements: Statements,
  book: string,
  page: AuditRecordPage,
): Promise<AuditRecord[]> {
  const { selection, read, table } = recordStatements[page.kind]
  const query = { ...page, order: [], after: page.after === null ? null : [page.after] }
  const columns = postgresDialect.knex.raw(`${quoted(table.keyColumn)} AS stands_under, ${selection}`)
  const built = recordPageQuery(postgresDialect, { book, query }).select(columns)
  return (await pageRows(statements, built, query.limit)).map((row) => auditRecordOf(row, read))
}

export async function readSum(
  statements: Statements,
  book: string,
  { query, field }: { query: Pick<RecordQuery, 'kind' | 'where' | 'atMost'>; field: string },
): Promise<RecordSum[]> {
  const { read } = postgresDialect.exactSum(field)
  const rows = await rowsOf(statements, recordSumQuery(postgresDialect, { book, query, field }))
  return rows.map(([currency, count, ...sums]) => ({
    currency: currency as string,
    count: Number(count),
    sum: read(sums),
  }))
}

const eventPage = `SELECT ${columnList(eventColumns)} FROM ${SCHEMA}.${events.name}
  WHERE book = $1 AND escrow = $2 AND sequence > $3 ORDER BY sequence ${limitTo(4)}`
const readEvent = rowReader(eventColumns, postgresDialect) as (row: Row) => unknown as (row: Row) => LifeEvent

export async function readEvents(
  statements: Statements,
  book: string,
  page: { escrow: string; after: number; limit: number },
): Promise<LifeEvent[]> {
  return (await statements.rows(eventPage, [book, page.escrow, page.after, page.limit])).map(readEvent)
}
