import { type Money, share } from './money.js'
import type { FeeRule } from './settings.js'

/** The fee of an amount: its part, half a minor unit counting as one, and the fixed sum. */
export function feeOf(
  { currency, minor }: Money,
  rule: FeeRule & { readonly maximumMinor?: Readonly<Record<string, bigint>> | undefined },
): Money {
  const fee = share(minor, BigInt(rule.basisPoints), 10_000n) + (rule.fixedMinor?.[currency] ?? 0n)
  const maximum = rule.maximumMinor?.[currency]
  return { currency, minor: maximum !== undefined && fee > maximum ? maximum : fee }
}
