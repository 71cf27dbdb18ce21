import { isNegative, isPositive, LedgerError, type Money, money } from 'escrow-ledger'
import { showCount } from './amounts.js'
import { type CsvRow, readCsv } from './csv-rows.js'
import { parseInstant } from './instant.js'
import { satisfactionScale } from './terms.js'

/** A finished session. Times are milliseconds. */
export interface Session {
  readonly line: number
  readonly id: string
  readonly payer: string
  readonly payee: string
  readonly amount: Money
  /** What the gateway charged, tax included; zero where it charged nothing. */
  readonly fee: Money
  readonly tax: Money
  readonly capturedAt: number
  readonly completedAt: number
  /** A decimal text; null where nobody gave a score. */
  readonly satisfaction: string | null
}

/** A row that cannot be taken, and why. */
export interface RefusedRow {
  readonly line: number
  readonly reason: string
}

const columns = [
  'session',
  'payer',
  'payee',
  'amount',
  'currency',
  'gateway_fee',
  'gateway_fee_tax',
  'captured_at',
  'completed_at',
  'satisfaction',
] as const
type Column = (typeof columns)[number]

/** The file as a whole is not what it should be. */
export class SessionsFileError extends Error {}

/**
 * Reads sessions in blocks. All that can be wrong with a row by itself is found here, before any of it is posted. Throws
 * `SessionsFileError` for a file without the columns.
 */
export async function* readSessions(
  file: string,
  { now }: { now: number },
): AsyncGenerator<readonly (Session | RefusedRow)[]> {
  let header: readonly string[] | null = null
  for await (const rows of readCsv(file)) {
    const names: readonly string[] = header ?? headerOf(rows[0])
    const body = header === null ? rows.slice(1) : rows
    header = names
    yield body.map((row) => readRow(row, names, now))
  }
  if (header === null) throw new SessionsFileError('The file is empty: its first line must name the columns.')
}

/** Reads no further than the columns. Throws `SessionsFileError` for a file without them. */
export async function checkColumns(file: string): Promise<void> {
  for await (const _ of readSessions(file, { now: 0 })) return
}

function headerOf(row: CsvRow | undefined): readonly string[] {
  const names = row !== undefined && 'fields' in row ? row.fields : []
  const wrong = columns.filter((column) => names.filter((name) => name === column).length !== 1)
  if (wrong.length === 0) return names
  throw new SessionsFileError(`The first line must name each of these columns once: ${wrong.join(', ')}.`)
}

function readRow(row: CsvRow, header: readonly string[], now: number): Session | RefusedRow {
  const { line } = row
  if ('problem' in row) return { line, reason: row.problem }
  if (row.fields.length !== header.length) {
    return { line, reason: `has ${showCount(row.fields.length, 'column')} where the first line has ${header.length}` }
  }
  try {
    return sessionOf(line, (column) => row.fields[header.indexOf(column)] ?? '', now)
  } catch (error) {
    if (error instanceof RowError) return { line, reason: error.message }
    throw error
  }
}

class RowError extends Error {}

function sessionOf(line: number, field: (column: Column) => string, now: number): Session {
  const missing = columns.filter((column) => column !== 'satisfaction' && field(column) === '')
  if (missing.length > 0) throw new RowError(`${missing.join(', ')} must not be empty`)
  for (const column of ['session', 'payer', 'payee'] as const) checkId(column, field(column))

  const amounts = { amount: moneyIn('amount', field), fee: moneyIn('gateway_fee', field) }
  const tax = moneyIn('gateway_fee_tax', field)
  if (!isPositive(amounts.amount)) throw new RowError('amount must be more than zero')
  if (isNegative(amounts.fee)) throw new RowError('gateway_fee must not be less than zero')
  if (isNegative(tax) || tax.minor > amounts.fee.minor) {
    throw new RowError('gateway_fee_tax must be between zero and gateway_fee, of which it is a part')
  }

  const capturedAt = timeIn('captured_at', field, now)
  const completedAt = timeIn('completed_at', field, now)
  if (completedAt < capturedAt) throw new RowError('completed_at lies before captured_at')

  const satisfaction = scoreIn(field)
  const about = { id: field('session'), payer: field('payer'), payee: field('payee') }
  return { line, ...about, ...amounts, tax, capturedAt, completedAt, satisfaction }
}

/** What the ledger takes for an id: nearly anything, as it is. */
function checkId(column: Column, id: string): void {
  const { length } = [...id]
  if (length > 128) throw new RowError(`${column} must have at most 128 characters, not ${length}`)
  if (/\p{Cc}/u.test(id)) throw new RowError(`${column} must not have control characters`)
}

function moneyIn(column: Column, field: (column: Column) => string): Money {
  try {
    return money(field(column), field('currency'))
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    throw new RowError(`${error.code === 'currency_unknown' ? 'currency' : column}: ${error.message}`)
  }
}

function timeIn(column: Column, field: (column: Column) => string, now: number): number {
  const text = field(column)
  const instant = parseInstant(text)
  if (instant === null) {
    const wanted =
      'a time with its offset, from 1970 on and to the millisecond at most, such as 2026-10-05T09:30:00+05:30'
    throw new RowError(`${column} must be ${wanted}, not ${shown(text)}`)
  }
  if (instant > now) throw new RowError(`${column} lies in the future: it is ${new Date(now).toISOString()}`)
  return instant
}

function scoreIn(field: (column: Column) => string): string | null {
  const text = field('satisfaction')
  if (text === '') return null
  const { min, max } = satisfactionScale
  // A score is no money, so a JavaScript number may compare it.
  const isScore = /^\d(\.\d{1,6})?$/.test(text) && Number(text) >= Number(min) && Number(text) <= Number(max)
  if (isScore) return text
  throw new RowError(`satisfaction must be a number from ${min} to ${max} with at most 6 decimals, not ${shown(text)}`)
}

/** A text from the file as a message may show it: escaped, and not too long. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
