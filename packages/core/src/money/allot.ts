import { invariant, ledgerError } from '../errors/index.js'
import type { Ratio } from './ratio.js'

/** What each party is due of one amount, as fractions over one denominator; the numerators sum to the whole amount. */
export interface ExactParts {
  readonly numerators: readonly bigint[]
  readonly denominator: bigint
}

/**
 * Pays `amount` to parties who already had something, so that each comes as near to its exact part as whole steps
 * allow. This is the one rounding rule of the library: a first split is the case in which nobody had anything, and then
 * it is the method of the largest remainder.
 *
 * First each party gets the whole steps it still lacks, up to floor(exact) − had. What is left goes, one step at a time,
 * to whoever lacks most of its exact part; ties go to the one declared first. Nobody ever pays back.
 *
 * The exact parts must sum to what all had together plus `amount`, and no exact part may shrink from one release to the
 * next. Then the result sums to `amount`, and:
 * - nobody ends a step or more above its exact part, so a party whose exact part is zero gets nothing, and where all
 *   exact parts are whole steps everybody has just that, in however many releases it came;
 * - nobody ends a step or more below it, as long as the whole steps fit in `amount`. They do in a first split, and with
 *   up to three parties in any number of releases. With five or more, releases of a handful of steps each can have spent
 *   on roundings what the whole steps now need (seen from the fourth release on, short by 1 to 1.3 steps); then those
 *   who lack least wait, the last declared first, and the next release makes up for it.
 */
export function allotSteps(exact: ExactParts, had: readonly bigint[], amount: bigint, step: bigint): bigint[] {
  const { numerators, denominator } = exact
  invariant(numerators.length === had.length, 'every party has a record of what it had')
  const due = numerators.reduce((total, numerator) => total + numerator, 0n)
  const paid = had.reduce((total, part) => total + part, 0n)
  invariant(due === (paid + amount) * denominator, 'the exact parts sum to the whole amount')

  const unit = denominator * step
  const gains = numerators.map((numerator, party) => {
    const lacking = (numerator / unit) * step - (had[party] ?? 0n)
    return lacking > 0n ? lacking : 0n
  })
  const lacks = numerators.map(
    (numerator, party) => numerator - ((had[party] ?? 0n) + (gains[party] ?? 0n)) * denominator,
  )
  let left = amount - gains.reduce((total, gain) => total + gain, 0n)
  for (; left < 0n; left += step) {
    const party = lastSmallest(lacks, (index) => (gains[index] ?? 0n) > 0n)
    gains[party] = (gains[party] ?? 0n) - step
    lacks[party] = (lacks[party] ?? 0n) + unit
  }
  while (left > 0n) {
    const party = firstLargest(lacks)
    gains[party] = (gains[party] ?? 0n) + step
    lacks[party] = (lacks[party] ?? 0n) - unit
    left -= step
  }
  return gains
}

/** The parts as ratios, in minor units. */
export function partsAsRatios({ numerators, denominator }: ExactParts): Ratio[] {
  return numerators.map((numerator) => ({ numerator, denominator }))
}

/** Refuses an amount that cannot be split: below zero (`amount_not_positive`) or off the step (`amount_off_step`). */
export function assertSplittable(amount: bigint, step: bigint): void {
  invariant(step > 0n, 'a step is at least one minor unit')
  if (amount < 0n)
    throw ledgerError(
      'amount_not_positive',
      `An amount to split cannot be ${amount} minor units: make it zero or more.`,
    )
  if (amount % step !== 0n) {
    const text = `${amount} minor units cannot be split in steps of ${step}: make the amount a multiple of the step.`
    throw ledgerError('amount_off_step', text)
  }
}

function firstLargest(values: readonly bigint[]): number {
  let largest = 0
  values.forEach((value, index) => {
    if (value > (values[largest] ?? 0n)) largest = index
  })
  return largest
}

function lastSmallest(values: readonly bigint[], eligible: (index: number) => boolean): number {
  let smallest = -1
  values.forEach((value, index) => {
    if (eligible(index) && (smallest < 0 || value <= (values[smallest] ?? 0n))) smallest = index
  })
  invariant(smallest >= 0, 'whoever waits has gained something')
  return smallest
}
