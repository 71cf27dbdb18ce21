import { add, compare, type Fraction, sum, whole, zero } from './fraction.js'
import { exactShares } from './shares.js'
import {
  type AmountTexts,
  listOf,
  maximumPercent,
  mustBe,
  object,
  readAmountText,
  readDecimal,
  readDuration,
  readPercent,
} from './terms-text.js'

export interface Share {
  readonly party: string
  /** Hundredths of the whole, an amount in minor units, or the rest. */
  readonly wants: { readonly percent: Fraction } | { readonly fixed: bigint } | 'remainder'
  readonly floor?: bigint
  readonly cap?: bigint
}

/** What is taken: hundredths of the share, or an amount in minor units. */
export type Rate = { readonly percent: Fraction } | { readonly fixed: bigint }

interface Tier {
  readonly bound: 'below' | 'atLeast'
  readonly threshold: Fraction
  readonly rate: Rate
}

export interface Target {
  readonly to: 'payer' | 'platform'
  readonly weight: bigint
}

export interface Deduction {
  readonly name: string
  readonly measure: string
  readonly scale: { readonly min: Fraction; readonly max: Fraction }
  readonly tiers: readonly Tier[]
  readonly whenMissing?: Rate
  readonly from: string
  readonly to: readonly Target[]
}

/** Terms with every text made exact: amounts in minor units, times in milliseconds. */
export interface Terms {
  readonly holdMs: number
  readonly inspectionMs?: number
  readonly step: bigint
  readonly shares: readonly Share[]
  readonly deductions: readonly Deduction[]
}

/** Reads terms for an amount of a currency with that many decimals, or refuses them as `invalid_terms`. */
export function readTerms(
  value: unknown,
  escrow: { readonly exponent: number; readonly amountMinor: bigint; readonly parties: readonly string[] },
): Terms {
  const fields = object(value)
  const step = fields.step === undefined ? 1n : readAmountText(fields.step, { exponent: escrow.exponent, step: 1n })
  mustBe(step > 0n)
  const texts: AmountTexts = { exponent: escrow.exponent, step }
  const shares = listOf(fields.shares).map((share) => readShare(share, texts))
  mustBe(shares.length > 0)
  const deductions = fields.deductions === undefined ? [] : listOf(fields.deductions)
  const terms: Terms = {
    holdMs: fields.hold === undefined ? readDuration({ hours: 24 }) : readDuration(fields.hold),
    ...(fields.inspection === undefined ? {} : { inspectionMs: readDuration(fields.inspection) }),
    step,
    shares,
    deductions: deductions.map((deduction) => readDeduction(deduction, texts)),
  }
  checkParties(terms, escrow.parties)
  checkOwners(terms, escrow.amountMinor)
  return terms
}

function readShare(value: unknown, texts: AmountTexts): Share {
  const fields = object(value)
  const { party, percent, fixed, remainder, floor, cap } = fields
  mustBe(typeof party === 'string' && /^[a-z][a-z0-9-]*$/.test(party))
  mustBe(party !== 'payer')
  mustBe([percent, fixed, remainder].filter((each) => each !== undefined).length === 1)
  const clamps = {
    ...(floor === undefined ? {} : { floor: readAmountText(floor, texts) }),
    ...(cap === undefined ? {} : { cap: readAmountText(cap, texts) }),
  }
  mustBe(clamps.floor === undefined || clamps.cap === undefined || clamps.floor <= clamps.cap)
  if (percent !== undefined) return { party, wants: { percent: readPercent(percent) }, ...clamps }
  if (fixed !== undefined) return { party, wants: { fixed: readAmountText(fixed, texts) }, ...clamps }
  mustBe(remainder === true)
  mustBe(floor === undefined && cap === undefined)
  return { party, wants: 'remainder' }
}

function readDeduction(value: unknown, texts: AmountTexts): Deduction {
  const fields = object(value)
  mustBe(fields.kind === 'penalty')
  mustBe(typeof fields.name === 'string' && fields.name !== '')
  mustBe(typeof fields.measure === 'string' && fields.measure !== '')
  mustBe(typeof fields.from === 'string')
  const scaleFields = object(fields.scale)
  const scale = { min: readDecimal(scaleFields.min), max: readDecimal(scaleFields.max) }
  mustBe(compare(scale.min, scale.max) <= 0)
  const tiers = listOf(fields.tiers).map((tier) => readTier(tier, texts))
  mustBe(tiers.length > 0)
  for (const { threshold } of tiers) mustBe(isOnScale(scale, threshold))
  const whenMissing = fields.whenMissing === undefined ? undefined : readRate(fields.whenMissing, texts)
  return {
    name: fields.name,
    measure: fields.measure,
    scale,
    tiers,
    ...(whenMissing === undefined ? {} : { whenMissing }),
    from: fields.from,
    to: readTargets(fields.to),
  }
}

function readTier(value: unknown, texts: AmountTexts): Tier {
  const { below, atLeast } = object(value)
  mustBe((below === undefined) !== (atLeast === undefined))
  const rate = readRate(value, texts)
  if (below !== undefined) return { bound: 'below', threshold: readDecimal(below), rate }
  return { bound: 'atLeast', threshold: readDecimal(atLeast), rate }
}

function readRate(value: unknown, texts: AmountTexts): Rate {
  const { percent, fixed } = object(value)
  mustBe((percent === undefined) !== (fixed === undefined))
  return percent === undefined ? { fixed: readAmountText(fixed, texts) } : { percent: readPercent(percent) }
}

function readTargets(value: unknown): readonly Target[] {
  if (value === 'payer' || value === 'platform') return [{ to: value, weight: 1n }]
  const targets = listOf(value).map((each): Target => {
    const { to, weight } = object(each)
    mustBe(to === 'payer' || to === 'platform')
    mustBe(typeof weight === 'number' && Number.isSafeInteger(weight) && weight > 0)
    return { to, weight: BigInt(weight) }
  })
  mustBe(targets.length > 0)
  mustBe(new Set(targets.map(({ to }) => to)).size === targets.length)
  return targets
}

/** Everyone in the terms is somebody, once: each party but the platform has an id, and no id is left over. */
function checkParties(terms: Terms, named: readonly string[]): void {
  const sharing = terms.shares.map((share) => share.party)
  mustBe(new Set(sharing).size === sharing.length)
  for (const party of sharing) mustBe(party === 'platform' || named.includes(party))
  for (const party of named) mustBe(party !== 'platform' && sharing.includes(party))
  for (const deduction of terms.deductions) mustBe(sharing.includes(deduction.from))
}

/** The shares come to the whole: percentages to no more than 100, and nothing is left that nobody owns. */
function checkOwners(terms: Terms, amountMinor: bigint): void {
  const remainders = terms.shares.filter((share) => share.wants === 'remainder').length
  mustBe(remainders <= 1)
  let percent = zero
  for (const { wants } of terms.shares)
    if (wants !== 'remainder' && 'percent' in wants) percent = add(percent, wants.percent)
  mustBe(compare(percent, maximumPercent) <= 0)
  const owned = sum(exactShares(terms.shares, amountMinor))
  mustBe(compare(owned, whole(amountMinor)) === 0)
}

/** Whether a score lies within a scale, both ends included. */
export function isOnScale(scale: Deduction['scale'], score: Fraction): boolean {
  return compare(score, scale.min) >= 0 && compare(score, scale.max) <= 0
}
