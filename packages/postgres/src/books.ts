import { accounts, bookColumns, books, columnName, rowReader } from '@escrow-ledger/sql'
import { type Book, ledgerError, newBook } from 'escrow-ledger'
import { postgresDialect } from './dialect.js'
import { SCHEMA } from './schema-name.js'
import type { Row, Statements } from './statements.js'
import type { Unit } from './unit.js'

const fields = Object.keys(bookColumns) as (keyof Book)[]
const table = `${SCHEMA}.${books.name}`
const selection = fields.map(columnName).join(', ')
const readRow = rowReader(bookColumns, postgresDialect) as (row: Row) => unknown as (row: Row) => Book

const byNumber = `SELECT ${selection} FROM ${table} WHERE book = $1`
const shared = `${byNumber} AND has_entries FOR SHARE`
const alone = `${byNumber} FOR NO KEY UPDATE`
const insert = `INSERT INTO ${table} (book, ${selection}) VALUES ($1, $2, $3, NULL, false, 0) ON CONFLICT (book) DO NOTHING`

export async function findBook(
  statements: Statements,
  { book, bookName }: { readonly book: string; readonly bookName: string },
): Promise<Book | null> {
  const [row] = await statements.rows(byNumber, [book])
  return row ? readBook(row, bookName) : null
}

/** Two names whose hashes begin alike have one number: the book of the second is nobody's to read or to write. */
function readBook(row: Row, name: string): Book {
  const book = readRow(row)
  if (book.name === name) return book
  const message = `The book "${name}" has the number of the book "${book.name}", which was there first. Give it another name.`
  throw ledgerError('storage_refused', message)
}

/**
 * Locks the book: shared with every other unit of work, or alone. Before its first entry it is taken alone, since that
 * entry changes it, and two who share it could not both.
 */
export async function lockBook(unit: Unit, wholeBook: boolean): Promise<Book> {
  const { statements, book, bookName } = unit
  if (!wholeBook) {
    const [row] = await statements.rows(shared, [book])
    if (row) return readBook(row, bookName)
  }
  const fresh = newBook(bookName)
  const [row] = await statements.rows(alone, [book])
  if (row) return readBook(row, bookName)
  await statements.rows(insert, [book, fresh.name, fresh.timeZone])
  const [made] = await statements.rows(alone, [book])
  return made ? readBook(made, bookName) : fresh
}

const lost = `SELECT NOT EXISTS (SELECT FROM ${table} WHERE book = $1)
  AND EXISTS (SELECT FROM ${SCHEMA}.${accounts.name} WHERE book = $1)`

/** Whether accounts are kept under a book's number, and no book. */
export async function bookIsLost(statements: Statements, book: string): Promise<boolean> {
  const [row] = await statements.rows(lost, [book])
  return row?.[0] === 't'
}
