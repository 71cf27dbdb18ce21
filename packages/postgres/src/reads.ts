import { books } from '@escrow-ledger/sql'
import { newBook, type Reads } from 'escrow-ledger'
import { readAccount, readAccounts, readDayTotals } from './account-reads.js'
import { readAuditDays, readAuditPostings } from './audit-reads.js'
import { bookNumber } from './book-numbers.js'
import { bookIsLost, findBook } from './books.js'
import { readEntryPage } from './entry-reads.js'
import { loadEntries } from './entry-rows.js'
import { readByEffect, readByVersion, readEffectiveTotals, readLastRecorded } from './posting-reads.js'
import { readAuditRecords, readEvents, readRecords, readSum } from './record-reads.js'
import { loadRecord } from './records.js'
import { SCHEMA } from './schema-name.js'
import type { Statements } from './statements.js'

const bookNames = `SELECT name FROM ${SCHEMA}.${books.name} ORDER BY name`

/** The read side. What a read asks in several statements is right whatever was written between them. */
export function createReads(
  run: <Result>(read: (statements: Statements) => Promise<Result>) => Promise<Result>,
): Reads {
  function ofBook<Result>(name: string, read: (statements: Statements, book: string) => Promise<Result>) {
    return run((statements) => read(statements, bookNumber(name)))
  }

  return {
    book: (name) =>
      run(
        async (statements) => (await findBook(statements, { book: bookNumber(name), bookName: name })) ?? newBook(name),
      ),
    books: () => run(async (statements) => (await statements.rows(bookNames)).map(([name]) => name as string)),

    account: (name, ref) => ofBook(name, (statements, book) => readAccount(statements, book, ref)),
    accounts: (name, page) => ofBook(name, (statements, book) => readAccounts(statements, book, page)),

    entries: (name, ids) => ofBook(name, (statements, book) => loadEntries(statements, book, ids)),
    entryPage: (name, page) => ofBook(name, (statements, book) => readEntryPage(statements, book, page)),

    postingsByVersion: (name, ref, page) =>
      ofBook(name, (statements, book) => readByVersion(statements, book, { ...ref, page })),
    postingsByEffect: (name, ref, page) =>
      ofBook(name, (statements, book) => readByEffect(statements, book, { ...ref, page })),
    lastRecorded: (name, ref, through) =>
      ofBook(name, (statements, book) => readLastRecorded(statements, book, { ...ref, through })),
    dayTotals: (name, ref, through) =>
      ofBook(name, (statements, book) => readDayTotals(statements, book, { ...ref, through })),
    effectiveTotals: (name, ref, range) =>
      ofBook(name, (statements, book) => readEffectiveTotals(statements, book, { ...ref, ...range })),

    record: (name, kind, key) => ofBook(name, (statements, book) => loadRecord(statements, { book, kind, key })),
    records: (name, query) => ofBook(name, (statements, book) => readRecords(statements, book, query)),
    sum: (name, query, field) => ofBook(name, (statements, book) => readSum(statements, book, { query, field })),
    events: (name, page) => ofBook(name, (statements, book) => readEvents(statements, book, page)),

    auditPostings: (name, page) => ofBook(name, (statements, book) => readAuditPostings(statements, book, page)),
    auditDays: (name, page) => ofBook(name, (statements, book) => readAuditDays(statements, book, page)),
    bookIsLost: (name) => ofBook(name, bookIsLost),
    auditRecords: (name, page) => ofBook(name, (statements, book) => readAuditRecords(statements, book, page)),
  }
}
