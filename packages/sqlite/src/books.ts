import { accounts, bookColumns, books, columnName, rowReader } from '@escrow-ledger/sql'
import { type Book, newBook } from 'escrow-ledger'
import { sqliteDialect } from './dialect.js'
import type { Row, Statements } from './statements.js'
import type { Unit } from './unit.js'

const fields = Object.keys(bookColumns) as (keyof Book)[]
const columns = fields.map(columnName).join(', ')
const readBook = rowReader(bookColumns, sqliteDialect) as (row: Row) => unknown as (row: Row) => Book

const byName = `SELECT book, ${columns} FROM ${books.name} WHERE name = ?`
const insert = `INSERT INTO ${books.name} (${columns}) VALUES (${fields.map(() => '?').join(', ')})`
const update = `UPDATE ${books.name} SET ${fields.map((field) => `${columnName(field)} = ?`).join(', ')} WHERE book = ?`

export interface StoredBook {
  readonly number: number
  readonly book: Book
}

export function findBook(statements: Statements, name: string): StoredBook | null {
  const row = statements.read(byName).get(name)
  return row ? { number: Number(row[0]), book: readBook(row.slice(1)) } : null
}

/** The book of a unit of work, looked up once; null before its first row. */
export function bookOf(unit: Unit): StoredBook | null {
  if (unit.book === undefined) unit.book = findBook(unit.statements, unit.bookName)
  return unit.book
}

/** Writes the book where it changed, gives it a row where it has none yet, and returns its number. */
export function writeBook(unit: Unit, changed: Book | null): number {
  const known = bookOf(unit)
  const book = changed ?? known?.book ?? newBook(unit.bookName)
  const values = fields.map((field) => sqliteDialect.encode(bookColumns[field], book[field]))
  if (known === null) unit.statements.write(insert).run(...values)
  else if (changed !== null) unit.statements.write(update).run(...values, known.number)
  else return known.number
  unit.book = findBook(unit.statements, unit.bookName)
  return (unit.book as StoredBook).number
}

// The one statement that looks past a book: what is gone is the row that told the number of one. From each number to the
// next, by the index of accounts, which leads with the book.
const lost = `WITH RECURSIVE used (book) AS (
  SELECT min(book) FROM ${accounts.name}
  UNION ALL
  SELECT (SELECT min(book) FROM ${accounts.name} AS account WHERE account.book > used.book) FROM used
    WHERE used.book IS NOT NULL
) SELECT EXISTS (SELECT 1 FROM used WHERE book IS NOT NULL AND book NOT IN (SELECT book FROM ${books.name}))`

/** Whether accounts are kept under a number that is no book's. Whose they were is not known: of any book that has no row. */
export function someBookIsLost(statements: Statements): boolean {
  return Number(statements.read(lost).get()?.[0]) === 1
}
