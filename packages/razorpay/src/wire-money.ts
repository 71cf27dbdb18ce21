import { exponentOf, fromMinor, type Money } from 'escrow-ledger'
import { Unsendable } from './razorpay-error.js'

/** Decimal places on Razorpay's wire, where they are not two: https://razorpay.com/docs/payments/international-payments */
const withoutDecimals = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '))
/** Three, of which the last must be 0. */
const withThree = new Set('BHD IQD JOD KWD OMR TND'.split(' '))

/** Decimal places of a currency on Razorpay's wire. */
export const wireExponentOf = (currency: string): number =>
  withoutDecimals.has(currency) ? 0 : withThree.has(currency) ? 3 : 2

/** The smallest amount that Razorpay can be told, in minor units. */
export function stepMinor(currency: string): bigint {
  const more = exponentOf(currency) - wireExponentOf(currency)
  return (withThree.has(currency) ? 10n : 1n) * (more > 0 ? 10n ** BigInt(more) : 1n)
}

/** One rupee, for payments, refunds, transfers and payouts alike. */
export const minimumMinor = (currency: string): bigint => (currency === 'INR' ? 100n : stepMinor(currency))

/** An amount as Razorpay's JSON has it: subunits, a whole number. Throws `Unsendable` for what a number cannot hold. */
export function toWire({ minor, currency }: Money): number {
  const shift = wireExponentOf(currency) - exponentOf(currency)
  const scale = 10n ** BigInt(Math.abs(shift))
  if (shift < 0 && minor % scale !== 0n) {
    throw new Unsendable('amount_off_step', `Razorpay takes ${currency} with ${wireExponentOf(currency)} decimals`)
  }
  const subunits = shift < 0 ? minor / scale : minor * scale
  const wire = Number(subunits)
  if (Number.isSafeInteger(wire)) return wire
  throw new Unsendable('amount_out_of_range', `${subunits} ${currency} is more than Razorpay's JSON can carry`)
}

/** Subunits of Razorpay as money. */
export function fromWire(subunits: bigint, currency: string): Money {
  const shift = exponentOf(currency) - wireExponentOf(currency)
  const scale = 10n ** BigInt(Math.abs(shift))
  if (shift >= 0) return fromMinor(subunits * scale, currency)
  if (subunits % scale !== 0n) throw new Error(`Razorpay told of ${subunits} subunits of ${currency}.`)
  return fromMinor(subunits / scale, currency)
}
