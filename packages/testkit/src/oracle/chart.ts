export type AccountType = 'asset' | 'liability' | 'equity' | 'income' | 'expense'

export const accountTypes: readonly AccountType[] = ['asset', 'liability', 'equity', 'income', 'expense']

export interface ChartRule {
  readonly type: AccountType
  /** Whether the balance, in the account's own direction, is never below zero. */
  readonly neverBelowZero: boolean
}

/** One row for each row of the design's chart of accounts. `*` stands for an escaped id or name. */
const chart: readonly (readonly [pattern: string, type: AccountType, limit: 'none' | 'never below zero'])[] = [
  ['gateway:*:clearing', 'asset', 'none'],
  ['settlements:in-transit:*', 'asset', 'never below zero'],
  ['gateway:*:payouts', 'asset', 'none'],
  ['gateway:*:linked:*', 'asset', 'never below zero'],
  ['gateway:*:fees', 'expense', 'none'],
  ['gateway:*:fee-tax', 'asset', 'none'],
  ['bank:*', 'asset', 'none'],
  ['escrow:*', 'liability', 'never below zero'],
  ['escrow:*:frozen', 'liability', 'never below zero'],
  ['payee:*:payable', 'liability', 'never below zero'],
  ['payee:*:reserve', 'liability', 'never below zero'],
  ['payee:*:receivable', 'asset', 'never below zero'],
  ['payer:*:refunds', 'liability', 'never below zero'],
  ['refunds:in-transit:*', 'liability', 'never below zero'],
  ['payouts:in-transit:*', 'liability', 'never below zero'],
  ['platform:fees', 'income', 'none'],
  ['platform:penalties', 'income', 'none'],
  ['platform:losses', 'expense', 'none'],
  ['platform:promotions', 'expense', 'none'],
  ['tax:*:payable', 'liability', 'never below zero'],
  ['fx:*', 'equity', 'none'],
  ['opening-balances', 'equity', 'none'],
  ['suspense:*', 'liability', 'none'],
]

/** An id or name as one segment of an account's code. */
export const escapeId = (id: string): string => id.replaceAll('%', '%25').replaceAll(':', '%3A')

/** An id or name from a segment of a code. */
export const unescapeId = (segment: string): string => segment.replaceAll('%3A', ':').replaceAll('%25', '%')

/** The chart's rule for a code, or undefined for an account of the host's own. */
export function chartRule(code: string): ChartRule | undefined {
  const segments = code.split(':')
  for (const [pattern, type, limit] of chart) {
    const expected = pattern.split(':')
    const matches =
      expected.length === segments.length &&
      expected.every((each, index) => (each === '*' ? isEscaped(segments[index] ?? '') : each === segments[index]))
    if (matches) return { type, neverBelowZero: limit === 'never below zero' }
  }
  return undefined
}

const isEscaped = (segment: string): boolean => /^([^%]|%25|%3A)+$/u.test(segment)

/** Accounts that move only by their own commands: `escrow:*`, `payer:*:refunds`, `*:in-transit:*` and `suspense:*`. */
export function isReserved(code: string): boolean {
  const segments = code.split(':')
  if (segments[0] === 'escrow' && segments.length > 1) return true
  if (segments[0] === 'payer' && segments.length === 3 && segments[2] === 'refunds') return true
  if (segments[0] === 'suspense' && segments.length === 2) return true
  return segments.length === 3 && segments[1] === 'in-transit'
}

/** Debits raise assets and expenses; credits raise the others. */
export const risesByDebit = (type: AccountType): boolean => type === 'asset' || type === 'expense'
