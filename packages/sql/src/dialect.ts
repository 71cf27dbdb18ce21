import type { Knex } from 'knex'
import type { Column } from './columns.js'
import type { Table } from './table.js'

/** A value as a driver takes it and gives it. */
export type SqlValue = null | string | number | bigint | boolean | Uint8Array

/** A book's number inside the database; as a decimal text where it may pass what JavaScript numbers hold. */
export type BookNumber = number | string

/** What differs between the databases. */
export interface Dialect {
  /** Writes queries in this database's SQL; it has no connection of its own. */
  readonly knex: Knex
  readonly journalTables: readonly Table[]
  /** The column that postings name their entry by. */
  readonly entryKey: 'seq' | 'id'
  /** The entries that a query gives the keys of, as `entry`: looked up one by one, not looked for in the whole book. */
  entriesByKey(book: BookNumber, keys: Knex.QueryBuilder): Knex.QueryBuilder
  /** The same entries, read in an order that an index has, whatever is asked of them further. */
  entriesInOrder(query: Knex.QueryBuilder, order: string): Knex.QueryBuilder
  /** The table's name as queries say it. */
  nameOf(table: Table): string
  /** CREATE TABLE with its keys and checks, then its indexes. */
  createTable(table: Table): readonly string[]
  /** The rules that the database itself enforces, append-only entries first of all, as of a migration. */
  rules(migration: string): readonly string[]
  /** A field's value as its column keeps it, and back. */
  encode(column: Column, value: unknown): SqlValue
  decode(column: Column, value: SqlValue): unknown
  /** A condition that a text ends so: takes the column, and the ending twice. */
  readonly endsWith: string
  /** A condition that a JSON object has a name, and that it has a name with a value: take the column, the name, the value. */
  readonly hasName: string
  readonly hasNameAndValue: string
  /** The exact sum of amounts, which may pass 64 bits: what to select, and how to read it. */
  exactSum(column: string): { readonly select: readonly string[]; read(values: readonly SqlValue[]): bigint }
}
