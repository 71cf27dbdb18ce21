import { books } from '@escrow-ledger/sql'
import { newBook, type Reads } from 'escrow-ledger'
import { readAccount, readAccounts, readDayTotals } from './account-reads.js'
import { readAuditDays, readAuditPostings } from './audit-reads.js'
import { findBook, someBookIsLost } from './books.js'
import { readEntries, readEntryPage } from './entry-reads.js'
import { readByEffect, readByVersion, readEffectiveTotals, readLastRecorded } from './posting-reads.js'
import { readAuditRecords, readEvents, readRecords, readSum } from './record-reads.js'
import { loadRecord } from './records.js'
import type { Statements } from './statements.js'

const bookNames = `SELECT name FROM ${books.name} ORDER BY name`

/** The read side: each read is done without awaiting, so no statement of it stays open. */
export function createReads(run: <Result>(read: (statements: Statements) => Result) => Promise<Result>): Reads {
  function ofBook<Result>(name: string, none: Result, read: (statements: Statements, book: number) => Result) {
    return run((statements) => {
      const stored = findBook(statements, name)
      return stored ? read(statements, stored.number) : none
    })
  }

  return {
    book: (name) => run((statements) => findBook(statements, name)?.book ?? newBook(name)),
    books: () =>
      run((statements) =>
        statements
          .read(bookNames)
          .all()
          .map(([name]) => name as string),
      ),

    account: (name, ref) => ofBook(name, null, (statements, book) => readAccount(statements, book, ref)),
    accounts: (name, page) => ofBook(name, [], (statements, book) => readAccounts(statements, book, page)),

    entries: (name, ids) => ofBook(name, [], (statements, book) => readEntries(statements, book, ids)),
    entryPage: (name, page) => ofBook(name, [], (statements, book) => readEntryPage(statements, book, page)),

    postingsByVersion: (name, ref, page) =>
      ofBook(name, [], (statements, book) => readByVersion(statements, book, { ...ref, page })),
    postingsByEffect: (name, ref, page) =>
      ofBook(name, [], (statements, book) => readByEffect(statements, book, { ...ref, page })),
    lastRecorded: (name, ref, through) =>
      ofBook(name, null, (statements, book) => readLastRecorded(statements, book, { ...ref, through })),
    dayTotals: (name, ref, through) =>
      ofBook(name, nothing, (statements, book) => readDayTotals(statements, book, { ...ref, through })),
    effectiveTotals: (name, ref, range) =>
      ofBook(name, nothing, (statements, book) => readEffectiveTotals(statements, book, { ...ref, ...range })),

    record: (name, kind, key) => ofBook(name, null, (statements, book) => loadRecord(statements, { book, kind, key })),
    records: (name, query) => ofBook(name, [], (statements, book) => readRecords(statements, book, query)),
    sum: (name, query, field) => ofBook(name, [], (statements, book) => readSum(statements, book, { query, field })),
    events: (name, page) => ofBook(name, [], (statements, book) => readEvents(statements, book, page)),

    auditPostings: (name, page) => ofBook(name, [], (statements, book) => readAuditPostings(statements, book, page)),
    auditDays: (name, page) => ofBook(name, [], (statements, book) => readAuditDays(statements, book, page)),
    bookIsLost: (name) => run((statements) => findBook(statements, name) === null && someBookIsLost(statements)),
    auditRecords: (name, page) => ofBook(name, [], (statements, book) => readAuditRecords(statements, book, page)),
  }
}

const nothing = { debits: 0n, credits: 0n }
