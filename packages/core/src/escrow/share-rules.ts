import { compareScores, type DeductionRule, parsePercent, type ShareRule } from '../money/index.js'
import type { DeductionRate, DeductionTerm, ShareTerm } from './terms.js'

/** A share of the terms as the arithmetic takes it. */
export function shareRuleOf(share: ShareTerm): ShareRule {
  return {
    percent: share.percent === undefined ? undefined : parsePercent(share.percent),
    fixed: share.fixedMinor,
    remainder: share.remainder,
    floor: share.floorMinor,
    cap: share.capMinor,
  }
}

const NOTHING: DeductionRule = { fixed: 0n }

/** What a deduction takes for the scores that were given: its first tier that matches, or nothing. */
export function deductionRuleOf(deduction: DeductionTerm, measures: Readonly<Record<string, string>>): DeductionRule {
  const score = Object.hasOwn(measures, deduction.measure) ? measures[deduction.measure] : undefined
  if (score === undefined) return rateRule(deduction.whenMissing)
  const tier = deduction.tiers.find(
    ({ below, atLeast }) =>
      (below !== undefined && compareScores(score, below) < 0) ||
      (atLeast !== undefined && compareScores(score, atLeast) >= 0),
  )
  return rateRule(tier ?? null)
}

function rateRule(rate: DeductionRate | null): DeductionRule {
  if (!rate) return NOTHING
  if (rate.percent !== undefined) return { percent: parsePercent(rate.percent) }
  return { fixed: rate.fixedMinor ?? 0n }
}
