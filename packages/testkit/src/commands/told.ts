import { type EntryView, format, fromMinor } from 'escrow-ledger'
import type { OracleCommand, OracleEntry } from '../oracle/index.js'

/** An entry in the words that both the oracle and a ledger have for it. */
export interface ToldEntry {
  readonly kind: string
  readonly effectiveAt: number
  readonly occurredAt: number | null
  /** Whose entry it is; nothing is said of a fee's, which belongs to its payment. */
  readonly escrow: string | null
  /** `code currency amount`, debits above zero; one line for each account and side, in order. */
  readonly lines: readonly string[]
}

export function toldByOracle({ kind, effectiveAt, occurredAt, escrow, lines }: OracleEntry): ToldEntry {
  const told = lines.map(([code, currency, minor]) => ({ code, currency, minor }))
  return { kind, effectiveAt, occurredAt: occurredAt ?? null, escrow: escrow ?? null, lines: linesOf(told) }
}

export function toldByLedger({ kind, effectiveAt, occurredAt, escrow, postings }: EntryView): ToldEntry {
  const told = postings.map(({ account, debit, credit }) => {
    const amount = debit ?? credit
    const minor = amount?.minor ?? 0n
    return { code: account, currency: amount?.currency ?? '', minor: debit ? minor : -minor }
  })
  return { kind, effectiveAt, occurredAt, escrow: kind === 'fee' ? null : escrow, lines: linesOf(told) }
}

interface Line {
  readonly code: string
  readonly currency: string
  readonly minor: bigint
}

/** Several lines of one account on one side say the same as their sum, and order says nothing. */
function linesOf(lines: readonly Line[]): readonly string[] {
  const sums = new Map<string, Line>()
  for (const line of lines) {
    const key = `${line.minor > 0n ? 'debit' : 'credit'} ${line.currency} ${line.code}`
    sums.set(key, { ...line, minor: (sums.get(key)?.minor ?? 0n) + line.minor })
  }
  return [...sums.values()].map(({ code, currency, minor }) => `${code} ${currency} ${minor}`).sort()
}

/** A command on one line, for the account of a rehearsal that failed. */
export function toldCommand({ command, input, idempotencyKey }: OracleCommand, now: number): string {
  const key = idempotencyKey === undefined ? '' : ` key=${idempotencyKey}`
  return `${new Date(now).toISOString()} ${command}${key} ${JSON.stringify(input, briefly)}`
}

/** Amounts as people write them, and no list longer than a screen. */
function briefly(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string' && value.length > 200) return `${value.slice(0, 20)}… (${value.length} characters)`
  if (Array.isArray(value) && value.length > 20) return `… (${value.length} items)`
  if (typeof value !== 'object' || value === null) return value
  const { amount, currency, minor, ...rest } = value as Readonly<Record<string, unknown>>
  if (Object.keys(rest).length > 0 || typeof currency !== 'string') return value
  return typeof minor === 'bigint' ? `${format(fromMinor(minor, currency))} ${currency}` : `${amount} ${currency}`
}
