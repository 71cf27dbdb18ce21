import type {
  Clawback,
  Escrow,
  Fee,
  Instruction,
  KeptExchange,
  KeptWebhook,
  Movement,
  Payment,
  RecordKindName,
  Restriction,
  Reversal,
  SuspenseItem,
  Versioned,
} from 'escrow-ledger'
import { type Column, columnName, integer, namedColumns, text } from './columns.js'
import { escrows, fees, payments, restrictions, reversals, suspense } from './deal-tables.js'
import { clawbacks, exchanges, instructions, movements, webhooks } from './gateway-tables.js'
import { type Declaration, OWN_KEY, type RecordIndex } from './record-declaration.js'
import type { Table } from './table.js'

/** The record type behind each kind's name. A kind that core gains does not compile until it stands here. */
interface RecordOf {
  escrows: Escrow
  payments: Payment
  instructions: Instruction
  fees: Fee
  suspense: SuspenseItem
  restrictions: Restriction
  reversals: Reversal
  exchanges: KeptExchange
  webhooks: KeptWebhook
  movements: Movement
  clawbacks: Clawback
}

const declarations: { readonly [Name in RecordKindName]: Declaration<RecordOf[Name]> } = {
  escrows,
  payments,
  instructions,
  fees,
  suspense,
  restrictions,
  reversals,
  exchanges,
  webhooks,
  movements,
  clawbacks,
}

/** A kind's table, as storages use it. */
export interface RecordTable {
  readonly table: Table
  /** The column that holds the record's key. */
  readonly keyColumn: string
  /** Columns by field, in the order in which they are written and read. */
  readonly columns: Readonly<Record<string, Column>>
  readonly fields: readonly string[]
}

function recordTable(declared: {
  readonly name: string
  readonly key: string | null
  readonly columns: Readonly<Record<string, Column>>
  readonly indexes: readonly RecordIndex<string>[]
}): RecordTable {
  const keyColumn = declared.key === null ? OWN_KEY : columnName(declared.key)
  const own: Record<string, Column> = declared.key === null ? { [OWN_KEY]: text } : {}
  return {
    keyColumn,
    columns: declared.columns,
    fields: Object.keys(declared.columns),
    table: {
      name: declared.name,
      columns: { book: integer, ...own, ...namedColumns(declared.columns) },
      primaryKey: ['book', keyColumn],
      indexes: declared.indexes.map(({ fields, present }) => ({
        columns: ['book', ...fields.map(columnName)],
        ...(present === undefined ? {} : { present: columnName(present) }),
      })),
    },
  }
}

/** The table of each kind of record. */
export const recordTables: Readonly<Record<RecordKindName, RecordTable>> = {
  escrows: recordTable(declarations.escrows),
  payments: recordTable(declarations.payments),
  instructions: recordTable(declarations.instructions),
  fees: recordTable(declarations.fees),
  suspense: recordTable(declarations.suspense),
  restrictions: recordTable(declarations.restrictions),
  reversals: recordTable(declarations.reversals),
  exchanges: recordTable(declarations.exchanges),
  webhooks: recordTable(declarations.webhooks),
  movements: recordTable(declarations.movements),
  clawbacks: recordTable(declarations.clawbacks),
}

/** The values of a record's fields, by name. */
export function fieldsOf(record: Versioned): Readonly<Record<string, unknown>> {
  return record as unknown as Readonly<Record<string, unknown>>
}
