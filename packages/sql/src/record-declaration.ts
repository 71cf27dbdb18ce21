import type { ColumnsOf } from './columns.js'

/**
 * Fields that a query names, then those that order its answer, the key last: so the index gives the page as it is asked
 * for. `key` stands for the key that is made of several fields.
 */
export interface RecordIndex<Field> {
  readonly fields: readonly (Field | typeof OWN_KEY)[]
  readonly present?: Field
}

/** The column of a key that is made of several fields. */
export const OWN_KEY = 'key'

/** Where records of one kind are kept: a column for every field, declared here and nowhere else. */
export interface Declaration<Record> {
  readonly name: string
  /** The field that is the record's key, or null where the key is made of several and kept in a column of its own. */
  readonly key: (keyof Record & string) | null
  readonly columns: ColumnsOf<Record>
  /** Beside the key. */
  readonly indexes: readonly RecordIndex<keyof Record & string>[]
}
