import {
  accountColumns,
  type Column,
  eventColumns,
  namedColumns,
  type RecordTable,
  recordTables,
} from '@escrow-ledger/sql'
import { type RecordKindName, recordKindNames } from 'escrow-ledger'
import { list, quoted } from './column-sql.js'
import {
  type ColumnArrays,
  dayArrays,
  entryArrays,
  keyArrays,
  persistParameters,
  postedAccounts,
  postingArrays,
} from './persist-parameters.js'
import { SCHEMA } from './schema-name.js'
import { STALE } from './stale-state.js'

const accountsTable = `${SCHEMA}.ledger_accounts`
const booksTable = `${SCHEMA}.ledger_books`
const daysTable = `${SCHEMA}.ledger_day_totals`

/**
 * A statement that looks rows up is planned anew each time: all indexes lead with the book, and a plan that was made
 * while the tables were empty, when any of them would do, would outlive that moment.
 */
function planned(sql: string, into?: string): string {
  const names = [...new Set(sql.match(/\b_[a-z_]+\b/g) ?? [])]
  const numbered = names.reduce(
    (text, name, index) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `$${index + 1}`),
    sql,
  )
  return `EXECUTE $sql$${numbered}$sql$${into ? ` INTO ${into}` : ''} USING ${names.join(', ')};`
}

/** Takes back what was written so far: the statement fails, and whoever called knows the state. */
const stale = `RAISE EXCEPTION 'stale' USING ERRCODE = '${STALE}';`

/** The rows that came as one array a column. */
function unnested({ parameters }: ColumnArrays, alias: string, columns: readonly string[]): string {
  return `unnest(${parameters.map(({ name }) => name).join(', ')}) AS ${alias}(${list(columns)})`
}

function rowsOf({ parameters }: ColumnArrays): string {
  return `cardinality(${parameters[0]?.name})`
}

function insertArrays(table: string, arrays: ColumnArrays): string {
  const columns = arrays.columns
  return `INSERT INTO ${SCHEMA}.${table} (book, ${list(columns)})
      SELECT _book, ${columns.map((column) => `added.${quoted(column)}`).join(', ')} FROM ${unnested(arrays, 'added', columns)}`
}

function insertJson(table: string, { columns, from }: { columns: readonly string[]; from: string }): string {
  const values = columns.map((column) => `added.${quoted(column)}`).join(', ')
  return `INSERT INTO ${SCHEMA}.${table} (book, ${list(columns)})
      SELECT _book, ${values} FROM json_populate_recordset(NULL::${SCHEMA}.${table}, ${from}) AS added;`
}

/** What is left out of a row stays as it is, where it cannot be null. */
function setFrom(columns: Readonly<Record<string, Column>>, table: string): string {
  return Object.entries(columns)
    .map(([name, { nullable }]) => {
      const column = quoted(name)
      return nullable ? `${column} = changed.${column}` : `${column} = coalesce(changed.${column}, ${table}.${column})`
    })
    .join(', ')
}

const checkCount = (expected: string, what: string) => `GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> ${expected} THEN
      RAISE EXCEPTION '${what}_missing' USING ERRCODE = 'no_data_found';
    END IF;`

/** Nobody changes the book meanwhile; who changes it has it alone, from the start, since two who share it could not both. */
const lockBook = `IF _book_revision IS NULL THEN
    SELECT name, revision INTO _known_name, _revision FROM ${booksTable} WHERE book = _book FOR SHARE;
  ELSE
    SELECT name, revision INTO _known_name, _revision FROM ${booksTable} WHERE book = _book FOR NO KEY UPDATE;
  END IF;
  IF _known_name <> _book_name THEN
    RAISE EXCEPTION 'book_number_taken' USING ERRCODE = 'integrity_constraint_violation';
  END IF;`

/** Locks the records of a kind in the order of their keys; those that are there must have the revisions assumed. */
function lockRecords(kind: RecordKindName, index: number): string {
  const { table, keyColumn } = recordTables[kind]
  const key = quoted(keyColumn)
  const lock = `SELECT array_agg(locked.revision ORDER BY locked.${key}) FROM (
        SELECT ${key}, revision FROM ${SCHEMA}.${table.name}
          WHERE book = _book AND ${key} = ANY (_keys) ORDER BY ${key} FOR NO KEY UPDATE) AS locked`
  const startOf = (ends: string) => (index === 0 ? '0' : `${ends}[${index}]`)
  const slice = (array: string, ends: string) => `${array}[${startOf(ends)} + 1 : ${ends}[${index + 1}]]`
  return `IF _assumed_key_ends[${index + 1}] > ${startOf('_assumed_key_ends')} THEN
      _keys := ${slice('_assumed_keys', '_assumed_key_ends')};
      ${planned(lock, '_revisions')}
      IF coalesce(_revisions, '{}') <> ${slice('_assumed_revisions', '_assumed_revision_ends')} THEN
        ${stale}
      END IF;
    END IF;`
}

const lockAccountRows = `SELECT array_agg(locked.revision ORDER BY locked.account) FROM (
      SELECT account, revision FROM ${accountsTable}
        WHERE book = _book AND account = ANY (_assumed_accounts) ORDER BY account FOR NO KEY UPDATE) AS locked`

const findAbsent = `SELECT EXISTS (
      SELECT FROM unnest(_absent_codes, _absent_currencies) AS absent(code, currency) CROSS JOIN LATERAL (
        SELECT 1 FROM ${accountsTable} AS account WHERE account.book = _book AND account.code = absent.code
          AND account.currency = absent.currency LIMIT 1) AS account)`

/** Looked for once the locks are held: who wrote it and is not done yet holds the rows that it changed. */
const countEntries = `SELECT count(*) FROM unnest(_assumed_entries) AS assumed(id) CROSS JOIN LATERAL (
        SELECT 1 FROM ${SCHEMA}.ledger_entries AS entry WHERE entry.book = _book AND entry.id = assumed.id LIMIT 1) AS entry`

const checkEntries = `IF cardinality(_assumed_entries) > 0 THEN
    ${planned(countEntries, '_count')}
    IF _count <> cardinality(_assumed_entries) THEN
      ${stale}
    END IF;
  END IF;`

const lockAccounts = `IF _assumed_accounts IS NOT NULL THEN
      ${planned(lockAccountRows, '_revisions')}
      IF coalesce(_revisions, '{}') <> _assumed_account_revisions THEN
        ${stale}
      END IF;
    END IF;
    IF cardinality(_absent_codes) > 0 THEN
      ${planned(findAbsent, '_found')}
      IF _found THEN
        ${stale}
      END IF;
    END IF;`

const checkAssumed = `IF _assumed_book IS NOT NULL THEN
    IF coalesce(_revision, 0) <> _assumed_book THEN
      ${stale}
    END IF;
    ${recordKindNames.map(lockRecords).join('\n    ')}
    ${lockAccounts}
  END IF;`

const writeBook = `IF _known_name IS NULL THEN
    INSERT INTO ${booksTable} (book, name, time_zone, closed_through, has_entries, revision) VALUES
      (_book, _book_name, coalesce(_time_zone, 'UTC'), _closed_through, coalesce(_has_entries, false), coalesce(_book_revision, 0));
  ELSIF _book_revision IS NOT NULL THEN
    UPDATE ${booksTable} SET time_zone = _time_zone, closed_through = _closed_through, has_entries = _has_entries,
      revision = _book_revision WHERE book = _book;
  END IF;`

const ownAccountColumns = namedColumns(accountColumns)
const identity = new Set(['code', 'currency', 'type'])
const alterable = Object.fromEntries(Object.entries(ownAccountColumns).filter(([name]) => !identity.has(name)))

const alterAccounts = `UPDATE ${accountsTable} AS account SET ${setFrom(alterable, 'account')}
      FROM json_populate_recordset(NULL::${accountsTable}, _altered_accounts) AS changed
      WHERE account.book = _book AND account.account = changed.account`

const postToAccounts = `UPDATE ${accountsTable} AS account
      SET ${postedAccounts.columns
        .slice(2)
        .map((column) => `${quoted(column)} = changed.${quoted(column)}`)
        .join(', ')}
      FROM ${unnested(postedAccounts, 'changed', postedAccounts.columns)}
      WHERE account.book = _book AND account.account = ANY (_posted_account)
        AND account.account = changed.account AND account.revision = changed.before`

/** Locks, compares and writes in one pass, in the order of the accounts' numbers, in which the index gives them. */
const writePosted = `IF ${rowsOf(postedAccounts)} > 0 THEN
    ${planned(postToAccounts)}
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> ${rowsOf(postedAccounts)} THEN
      ${stale}
    END IF;
  END IF;`

const writeAccounts = `IF _opened_accounts IS NOT NULL THEN
    ${insertJson('ledger_accounts', { columns: ['account', ...Object.keys(ownAccountColumns)], from: '_opened_accounts' })}
  END IF;
  IF _altered_accounts IS NOT NULL THEN
    ${planned(alterAccounts)}
    ${checkCount('json_array_length(_altered_accounts)', 'account')}
  END IF;`

const writeEntries = `IF ${rowsOf(entryArrays)} > 0 THEN
    WITH written AS (
      ${insertArrays('ledger_entries', entryArrays)})
    ${insertArrays('ledger_postings', postingArrays)};
  END IF;`

const backdated = dayArrays.backdated.columns

/** In the order that `DayChanges` of core asks for. */
const writeDays = `IF ${rowsOf(dayArrays.backdated)} > 0 THEN
    FOR _day IN SELECT * FROM ${unnested(dayArrays.backdated, 'backdated', backdated)} LOOP
      UPDATE ${daysTable} AS total SET debits = total.debits + _day.debits, credits = total.credits + _day.credits
        WHERE total.book = _book AND total.account = _day.account AND total.day >= _day.day;
    END LOOP;
  END IF;
  IF ${rowsOf(dayArrays.closed)} > 0 THEN
    ${insertArrays('ledger_day_totals', dayArrays.closed)};
  END IF;
  IF ${rowsOf(dayArrays.backdated)} > 0 THEN
    FOR _day IN SELECT * FROM ${unnested(dayArrays.backdated, 'backdated', backdated)} LOOP
      CONTINUE WHEN EXISTS (
        SELECT FROM ${daysTable} WHERE book = _book AND account = _day.account AND day = _day.day);
      SELECT debits, credits INTO _before FROM ${daysTable}
        WHERE book = _book AND account = _day.account AND day < _day.day ORDER BY day DESC LIMIT 1;
      INSERT INTO ${daysTable} (book, account, day, debits, credits) VALUES (_book, _day.account, _day.day,
        coalesce(_before.debits, 0) + _day.debits, coalesce(_before.credits, 0) + _day.credits);
    END LOOP;
  END IF;`

function rowColumns({ keyColumn, columns, table }: RecordTable): Record<string, Column> {
  return { [keyColumn]: table.columns[keyColumn] as Column, ...namedColumns(columns) }
}

function writeRecords(kind: RecordKindName): string {
  const own = recordTables[kind]
  const { name } = own.table
  const { [own.keyColumn]: _key, ...changing } = rowColumns(own)
  const change = `UPDATE ${SCHEMA}.${name} AS record SET ${setFrom(changing, 'record')}
      FROM json_populate_recordset(NULL::${SCHEMA}.${name}, _changed_${kind}) AS changed
      WHERE record.book = _book AND record.${quoted(own.keyColumn)} = changed.${quoted(own.keyColumn)}`
  return `IF _new_${kind} IS NOT NULL THEN
    ${insertJson(name, { columns: Object.keys(rowColumns(own)), from: `_new_${kind}` })}
  END IF;
  IF _changed_${kind} IS NOT NULL THEN
    ${planned(change)}
    ${checkCount(`json_array_length(_changed_${kind})`, kind)}
  END IF;`
}

const writeEvents = `IF _events IS NOT NULL THEN
    ${insertJson('ledger_events', { columns: Object.keys(namedColumns(eventColumns)), from: '_events' })}
  END IF;`

const writeKeys = `IF ${rowsOf(keyArrays)} > 0 THEN
    ${insertArrays('ledger_idempotency_keys', keyArrays)};
  END IF;`

/**
 * Checks what was assumed, under locks in the one order that everybody keeps (the book, records by kind and key,
 * accounts by number), and writes a change set: one round trip for a whole unit of work. What does not hold any more
 * fails the statement, so that nothing of it is left.
 */
export const persistFunction = `CREATE FUNCTION ${SCHEMA}.ledger_persist(
  ${persistParameters.map(({ name, type }) => `${name} ${type}`).join(',\n  ')}
) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET lock_timeout = 0 SET enable_seqscan = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _known_name text;
  _revision bigint;
  _keys text[];
  _revisions bigint[];
  _count bigint;
  _found boolean;
  _day record;
  _before record;
BEGIN
  PERFORM set_config('lock_timeout', _lock_timeout, true);
  ${lockBook}
  ${checkAssumed}
  ${writePosted}
  ${checkEntries}
  ${writeBook}
  ${writeAccounts}
  ${writeEntries}
  ${writeDays}
  ${recordKindNames.map(writeRecords).join('\n  ')}
  ${writeEvents}
  ${writeKeys}
  RETURN 'persisted';
END
$$`
