import { type InputIssue, ledgerError } from '../errors/index.js'

/** The version of the rules by which these terms are read; kept with every escrow. */
export const TERMS_VERSION = 1

/** What was agreed when an escrow was opened, in the form in which it is kept: checked, defaults filled in. */
export interface Terms {
  readonly version: number
  /** How long after completion the money is held, in milliseconds. */
  readonly holdMs: number
  /** How long after delivery an answer is waited for, in milliseconds; null where nothing is waited for. */
  readonly inspectionMs: number | null
  /** Every amount is a multiple of this many minor units. */
  readonly stepMinor: bigint
  readonly shares: readonly ShareTerm[]
  readonly deductions: readonly DeductionTerm[]
}

/** What one party is allotted: exactly one of `percent`, `fixedMinor` and `remainder`. */
export interface ShareTerm {
  readonly party: string
  /** A decimal text from 0 to 100 with at most 6 decimals, in its canonical form: `'12.5'`, never `'12.50'`. */
  readonly percent?: string | undefined
  readonly fixedMinor?: bigint | undefined
  readonly remainder?: true | undefined
  readonly floorMinor?: bigint | undefined
  readonly capMinor?: bigint | undefined
}

/** How much a deduction takes: a rate of the party's share as allotted, or a fixed amount. */
export interface DeductionRate {
  readonly percent?: string | undefined
  readonly fixedMinor?: bigint | undefined
}

/** One line of a deduction's scale. The first that matches counts. */
export interface Tier extends DeductionRate {
  readonly below?: string | undefined
  readonly atLeast?: string | undefined
}

/** What is taken from an allotment and given elsewhere. A penalty is the first kind. */
export interface DeductionTerm {
  readonly kind: 'penalty'
  readonly name: string
  readonly measure: string
  readonly scale: { readonly min: string; readonly max: string }
  readonly tiers: readonly Tier[]
  /** What a missing measure means; nothing unless it is said. */
  readonly whenMissing: DeductionRate | null
  readonly from: string
  readonly to: readonly { readonly to: 'payer' | 'platform'; readonly weight: number }[]
}

/** The one way to refuse terms: every issue at once. */
export function invalidTerms(issues: readonly InputIssue[]) {
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join(' ')
  return ledgerError('invalid_terms', `These terms cannot be agreed to. ${list}`, { issues })
}
