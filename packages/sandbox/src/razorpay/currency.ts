import { badRequest } from './refusal.js'
import type { Settings } from './settings.js'

const withoutDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ')
const withThree = ['BHD', 'IQD', 'JOD', 'KWD', 'OMR', 'TND']

const decimalsOf = (currency: string): number =>
  withoutDecimals.includes(currency) ? 0 : withThree.includes(currency) ? 3 : 2

/** Throws unless an order can be in this currency and of this amount. */
export function checkCurrency({ rates }: Settings, currency: string, amountMinor: bigint): void {
  if (currency !== 'INR' && rates[currency] === undefined) {
    throw badRequest('Currency is not supported', { field: 'currency' })
  }
  if (currency === 'INR' && amountMinor < 100n) {
    throw badRequest('The amount must be at least INR 1.00', { field: 'amount' })
  }
  if (amountMinor < 1n) throw badRequest('The amount must be at least 1.', { field: 'amount' })
  if (withThree.includes(currency) && amountMinor % 10n !== 0n) {
    throw badRequest('The last digit of the amount must be 0 for three decimal currencies.', { field: 'amount' })
  }
}

/** What an amount is in paise, by the rate of the settings, rounded down. */
export function toPaise({ rates }: Settings, currency: string, amountMinor: bigint): bigint {
  if (currency === 'INR') return amountMinor
  const [whole = '', fraction = ''] = (rates[currency] ?? '').split('.')
  if (!/^\d+$/.test(whole + fraction)) throw new RangeError(`The rate of ${currency} must be a decimal text.`)
  const scale = 10n ** BigInt(fraction.length + decimalsOf(currency))
  return (amountMinor * BigInt(whole + fraction) * 100n) / scale
}
