import type { Column } from './columns.js'

/** A table as both databases keep it; how it is written in SQL is the dialect's business. */
export interface Table {
  readonly name: string
  /** By column name. */
  readonly columns: Readonly<Record<string, Column>>
  readonly primaryKey: readonly string[]
  /** The rows lie in the order of the primary key, where the database can do that. */
  readonly clustered?: boolean
  readonly unique?: readonly (readonly string[])[]
  readonly indexes?: readonly Index[]
  /** Conditions on a row, in SQL that both databases read. */
  readonly checks?: Readonly<Record<string, string>>
}

export interface Index {
  readonly columns: readonly string[]
  /** Only rows where this column is not null are in the index, so that the others pay nothing for it. */
  readonly present?: string
}

/** The name of an index: the table's, and the columns' that tell it apart (`book` leads everywhere). */
export function indexName(table: Table, columns: readonly string[]): string {
  return [table.name, ...columns.filter((column) => column !== 'book')].join('_')
}
