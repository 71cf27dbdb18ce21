import { decodeRecordPart, type Entry, encodeRecordPart } from 'escrow-ledger'
import type { Column } from './columns.js'
import type { Dialect, SqlValue } from './dialect.js'

/** What both databases do alike; the rest (ids, booleans) is the dialect's. */
export function encodeCommon(column: Column, value: unknown): SqlValue {
  if (value === null || value === undefined) return null
  if (column.type === 'texts') return JSON.stringify(value)
  return column.type === 'json' ? encodeRecordPart(value) : (value as SqlValue)
}

export function decodeCommon(column: Column, value: SqlValue): unknown {
  if (value === null) return null
  switch (column.type) {
    case 'integer':
    case 'count':
      return Number(value)
    case 'amount':
      return BigInt(value as bigint | string | number)
    case 'texts':
      return JSON.parse(value as string)
    case 'json':
      return decodeRecordPart(value as string)
    default:
      return value
  }
}

/** The metadata of an entry, of which none is kept where there is none; null for a text that is no flat map of texts. */
export function decodeMetadata(text: string | null): Entry['metadata'] | null {
  if (text === null) return {}
  try {
    const metadata: unknown = JSON.parse(text)
    return isFlatMap(metadata) ? metadata : null
  } catch {
    return null
  }
}

function isFlatMap(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((text) => typeof text === 'string')
}

/** Reads a row, its values in the order of the columns, into an object by field. */
export function rowReader(
  columns: Readonly<Record<string, Column>>,
  dialect: Pick<Dialect, 'decode'>,
): (row: readonly SqlValue[]) => Record<string, unknown> {
  const list = Object.entries(columns)
  return (row) => {
    const fields: Record<string, unknown> = {}
    for (let index = 0; index < list.length; index++) {
      const [field, column] = list[index] as [string, Column]
      fields[field] = dialect.decode(column, row[index] ?? null)
    }
    return fields
  }
}
