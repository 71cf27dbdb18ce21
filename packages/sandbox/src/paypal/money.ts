/** An amount in the smallest unit of its currency. */
export interface Money {
  readonly currency: string
  readonly minor: bigint
}

/** The currencies that PayPal takes, by the decimals that it takes them with: it has none for HUF and TWD. */
const decimals = new Map([
  ...['AUD', 'BRL', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK', 'EUR', 'GBP', 'HKD', 'ILS', 'INR'].map(two),
  ...['MXN', 'MYR', 'NOK', 'NZD', 'PHP', 'PLN', 'RUB', 'SEK', 'SGD', 'THB', 'USD'].map(two),
  ...['HUF', 'JPY', 'TWD'].map((currency): [string, number] => [currency, 0]),
])

function two(currency: string): [string, number] {
  return [currency, 2]
}

/** What an amount may say wrongly, in PayPal's words. */
export type AmountIssue =
  | 'INVALID_CURRENCY_CODE'
  | 'INVALID_PARAMETER_SYNTAX'
  | 'DECIMALS_NOT_SUPPORTED'
  | 'DECIMAL_PRECISION'
  | 'MAX_VALUE_EXCEEDED'

/** Reads a decimal text such as `10.99`, or tells what is wrong with it. */
export function parseAmount(currency: string, value: string): Money | AmountIssue {
  const places = decimals.get(currency)
  if (places === undefined) return 'INVALID_CURRENCY_CODE'
  const parts = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(value)
  if (parts === null) return 'INVALID_PARAMETER_SYNTAX'
  const [, sign, whole = '', fraction = ''] = parts
  if (fraction.length > places && (places > 0 || /[1-9]/.test(fraction))) {
    return places === 0 ? 'DECIMALS_NOT_SUPPORTED' : 'DECIMAL_PRECISION'
  }
  if (whole.length > 15) return 'MAX_VALUE_EXCEEDED'
  const minor = BigInt(`${whole}${fraction.slice(0, places).padEnd(places, '0')}`)
  return { currency, minor: sign === '-' ? -minor : minor }
}

/** An amount as decimal text: `10.99`, `1099`. */
export function decimalText({ currency, minor }: Money): string {
  const places = decimals.get(currency) ?? 2
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0')
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return minor < 0n ? `-${text}` : text
}

/** An amount as most of PayPal's APIs write it. */
export const onWire = (money: Money) => ({ currency_code: money.currency, value: decimalText(money) })

/** A part of an amount, `numerator / denominator` of it, halves away from zero; nothing here is negative. */
export const share = (minor: bigint, numerator: bigint, denominator: bigint): bigint =>
  (minor * numerator * 2n + denominator) / (denominator * 2n)

/** How one currency is changed into another: a decimal text of up to 15 decimals. */
export interface ExchangeRate {
  readonly from: string
  readonly to: string
  readonly value: string
}

/** What an amount is worth in the other currency of a rate, rounded down. */
export function exchange({ minor }: Money, { from, to, value }: ExchangeRate): Money {
  const [whole = '0', fraction = ''] = value.split('.')
  const scale = 10n ** BigInt(fraction.length + (decimals.get(from) ?? 2))
  const rate = BigInt(`${whole}${fraction}`) * 10n ** BigInt(decimals.get(to) ?? 2)
  return { currency: to, minor: (minor * rate) / scale }
}

export const rateOnWire = ({ from, to, value }: ExchangeRate) => ({
  source_currency: from,
  target_currency: to,
  value,
})
