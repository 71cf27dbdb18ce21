export {
  add,
  assertOnStep,
  assertPositive,
  compare,
  isNegative,
  isPositive,
  isZero,
  negate,
  subtract,
  sum,
} from './arithmetic.js'
export { checkShares } from './check-shares.js'
export { currencies, exponentOf, isCurrency, registerUnit, type Unit } from './currencies.js'
export { shown } from './decimal-text.js'
export { type DeductionRule, deductRates } from './deduct.js'
export { format, fromMinor, inWords, isMoney, type Money, money, sumFromMinor, zero } from './money.js'
export { canonicalPercent, compareScores, parsePercent, parseRate, parseScore, RateDecimal } from './rate.js'
export type { Ratio } from './ratio.js'
export { releaseByWeights, releaseShares } from './release.js'
export { type MoneyInput, moneySchema, parseMoney, type WireMoney } from './schema.js'
export { type ShareRule, splitByWeights, splitShares } from './split.js'
