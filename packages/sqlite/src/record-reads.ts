import { auditRecordOf, eventColumns, events, recordPageQuery, recordSumQuery, rowReader } from '@escrow-ledger/sql'
import type { AuditRecord, AuditRecordPage, LifeEvent, RecordQuery, RecordSum, Versioned } from 'escrow-ledger'
import { columnList, quoted, sqliteDialect } from './dialect.js'
import { rowsOf } from './query.js'
import { recordStatements } from './records.js'
import type { Row, Statements } from './statements.js'

export function readRecords(statements: Statements, book: number, query: RecordQuery): Versioned[] {
  const { selection, read } = recordStatements[query.kind]
  const built = recordPageQuery(sqliteDialect, { book, query }).select(sqliteDialect.knex.raw(selection))
  return rowsOf(statements, built).map(read)
}

export function readAuditRecords(statements: Statements, book: number, page: AuditRecordPage): AuditRecord[] {
  const { selection, read, table } = recordStatements[page.kind]
  const query = { ...page, order: [], after: page.after === null ? null : [page.after] }
  const columns = sqliteDialect.knex.raw(`${quoted(table.keyColumn)}, ${selection}`)
  const built = recordPageQuery(sqliteDialect, { book, query }).select(columns)
  return rowsOf(statements, built).map((row) => auditRecordOf(row, read))
}

export function readSum(
  statements: Statements,
  book: number,
  { query, field }: { query: Pick<RecordQuery, 'kind' | 'where' | 'atMost'>; field: string },
): RecordSum[] {
  const { read } = sqliteDialect.exactSum(field)
  return rowsOf(statements, recordSumQuery(sqliteDialect, { book, query, field })).map(
    ([currency, count, ...sums]) => ({
      currency: currency as string,
      count: Number(count),
      sum: read(sums),
    }),
  )
}

const eventPage = `SELECT ${columnList(eventColumns)} FROM ${events.name}
  WHERE book = ? AND escrow = ? AND sequence > ? ORDER BY sequence LIMIT ?`
const readEvent = rowReader(eventColumns, sqliteDialect) as (row: Row) => unknown as (row: Row) => LifeEvent

export function readEvents(
  statements: Statements,
  book: number,
  page: { escrow: string; after: number; limit: number },
): LifeEvent[] {
  return statements.read(eventPage).all(book, page.escrow, page.after, page.limit).map(readEvent)
}
