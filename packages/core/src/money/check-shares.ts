import type { InputIssue } from '../errors/index.js'
import { commonDenominator } from './ratio.js'
import { type ShareRule, wantedOf } from './split.js'

/**
 * Whether shares can be agreed to for an escrow of `whole` minor units: every problem found, none if they are sound.
 * Sound shares own all of every amount from zero to the whole, since a release may be of any part of it, and no party's
 * part shrinks while more is released. Paths read `shares.0.cap`, `amount`, `step`.
 */
export function checkShares(shares: readonly ShareRule[], whole: bigint, step: bigint): InputIssue[] {
  const issues: InputIssue[] = []
  if (step <= 0n) return [{ path: 'step', message: 'A step is at least one minor unit.' }]
  if (whole <= 0n) issues.push({ path: 'amount', message: 'The amount must be more than zero.' })
  if (whole % step !== 0n) issues.push({ path: 'amount', message: `${whole} is no multiple of the step, ${step}.` })
  if (shares.length === 0) issues.push({ path: 'shares', message: 'At least one share is needed.' })
  issues.push(...shares.flatMap((share, index) => checkShare(share, `shares.${index}`, step)))
  if (shares.filter((share) => share.remainder).length > 1) {
    issues.push({ path: 'shares', message: 'Only one share can take the remainder.' })
  }
  // What follows reckons with shares that are sound one by one.
  if (issues.length > 0) return issues
  if (percentagesExceedWhole(shares)) {
    return [{ path: 'shares', message: 'The percentages of the shares sum to more than 100.' }]
  }
  if (leaveMoneyWithoutOwner(shares, whole)) {
    const message = `A part of ${whole} minor units would belong to nobody: let one share take the remainder.`
    return [{ path: 'shares', message }]
  }
  return []
}

function checkShare(share: ShareRule, path: string, step: bigint): InputIssue[] {
  const issues: InputIssue[] = []
  const { percent, fixed, remainder, floor, cap } = share
  if ([percent, fixed, remainder].filter((rule) => rule !== undefined).length !== 1) {
    issues.push({ path, message: 'A share is exactly one of a percentage, a fixed amount and the remainder.' })
  }
  if (remainder && (floor !== undefined || cap !== undefined)) {
    issues.push({ path, message: 'The remainder is what the others leave: it can have neither floor nor cap.' })
  }
  if (percent && (percent.numerator < 0n || percent.numerator > percent.denominator)) {
    issues.push({ path: `${path}.percent`, message: 'A percentage is from 0 to 100.' })
  }
  for (const [name, amount] of Object.entries({ fixed, floor, cap })) {
    if (amount === undefined) continue
    const at = `${path}.${name}`
    if (amount < 0n) issues.push({ path: at, message: `${amount} is below zero.` })
    if (amount % step !== 0n) issues.push({ path: at, message: `${amount} is no multiple of the step, ${step}.` })
  }
  if (floor !== undefined && cap !== undefined && floor > cap) {
    issues.push({ path: `${path}.floor`, message: `The floor, ${floor}, is above the cap, ${cap}.` })
  }
  return issues
}

function percentagesExceedWhole(shares: readonly ShareRule[]): boolean {
  const percentages = shares.flatMap(({ percent }) => percent ?? [])
  const denominator = commonDenominator(percentages)
  const total = percentages.reduce((sum, percent) => sum + percent.numerator * (denominator / percent.denominator), 0n)
  return total > denominator
}

/**
 * Whether the shares do not take all of the whole. Where they take all of it, they take all of any part of it too: what
 * they want grows no faster than the amount, since percentages sum to at most 100.
 */
function leaveMoneyWithoutOwner(shares: readonly ShareRule[], whole: bigint): boolean {
  if (shares.some((share) => share.remainder)) return false
  const denominator = commonDenominator(shares.flatMap(({ percent }) => percent ?? []))
  const wanted = shares.reduce((sum, share) => sum + wantedOf(share, whole, denominator), 0n)
  return wanted < whole * denominator
}
