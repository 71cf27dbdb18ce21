import { add, exponentOf, format, type Money, money, zero } from 'escrow-ledger'
import { textAt, valueAt } from './json-path.js'

/** Currencies that PayPal writes without the decimals that they have. https://developer.paypal.com/reference/currency-codes/ */
const withoutDecimals: ReadonlySet<string> = new Set(['HUF', 'JPY', 'TWD'])

/** The smallest amount that PayPal's wire can say, in minor units: 100 for HUF and TWD, which it takes in whole units. */
export const stepMinor = (currency: string): bigint =>
  withoutDecimals.has(currency) ? 10n ** BigInt(exponentOf(currency)) : 1n

/** An amount as the value of PayPal's wire: `10.99`, `1099`. Throws where the wire has no place for its decimals. */
export function decimalValue(amount: Money): string {
  const text = format(amount)
  if (!withoutDecimals.has(amount.currency)) return text
  const [whole = '', fraction = ''] = text.split('.')
  if (/[1-9]/.test(fraction)) throw new Error(`PayPal takes ${amount.currency} in whole units, not ${text}`)
  return whole
}

/** As most of PayPal's APIs read it. The official SDK has names of its own for it: see `sdkMoney`. */
export const wireMoney = (amount: Money) => ({ currency_code: amount.currency, value: decimalValue(amount) })

/** As the official SDK takes it. */
export const sdkMoney = (amount: Money) => ({ currencyCode: amount.currency, value: decimalValue(amount) })

/** As the Payouts API reads it. */
export const payoutMoney = (amount: Money) => ({ currency: amount.currency, value: decimalValue(amount) })

/** The amount at a path of an answer; null where there is none. Throws for one that cannot be read exactly. */
export function moneyAt(value: unknown, ...path: readonly (string | number)[]): Money | null {
  const found = valueAt(value, ...path)
  if (found === undefined || found === null) return null
  const currency = textAt(found, 'currency_code') ?? textAt(found, 'currency')
  const text = textAt(found, 'value')
  if (currency === null || text === null) throw new Error(`the answer of PayPal has no amount in ${path.join('.')}`)
  return money(text, currency)
}

/** The same, of what an answer must have. */
export function requiredMoney(value: unknown, ...path: readonly (string | number)[]): Money {
  const found = moneyAt(value, ...path)
  if (found !== null) return found
  throw new Error(`the answer of PayPal has no ${path.join('.')}`)
}

/** The sum of amounts of one currency. */
export const sumOf = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, zero(currency))
