import * as iso4217 from 'dinero.js/currencies'
import { invariant, ledgerError } from '../errors/index.js'
import { shown } from './decimal-text.js'

/**
 * dinero.js describes the two currencies whose minor unit is a fifth by that base. Their amounts are written, and ISO
 * 4217 lists them, with two decimals.
 */
const decimalPlacesOfFifths: Readonly<Record<string, number>> = { MGA: 2, MRU: 2 }

const exponents = new Map<string, number>()
for (const { code, base, exponent } of Object.values(iso4217)) {
  const places = base === 10 ? exponent : decimalPlacesOfFifths[code]
  invariant(places !== undefined, `the currency data gives ${code} a base that is not ten`)
  exponents.set(code, places)
}

/** A unit of the host's own: loyalty points, tokens, vouchers, or a currency that ISO 4217 has withdrawn. */
export interface Unit {
  /** 2 to 24 characters: a capital letter, then capital letters, digits or underscores, such as `POINTS`. */
  readonly code: string
  /** Decimal places, 0 to 18. */
  readonly exponent: number
}

const unitCodePattern = /^[A-Z][A-Z0-9_]{1,23}$/

/**
 * Makes a unit of the host's own known, for this process. Registering the same unit again changes nothing, so it may
 * stand at the top of any module; a registered unit is never redefined, since amounts already stored would change.
 *
 * @throws `invalid_input` for a code or an exponent out of shape; `unit_conflict` if the code belongs to an ISO 4217
 * currency, or to a unit with another exponent.
 */
export function registerUnit({ code, exponent }: Unit): void {
  if (typeof code !== 'string' || !unitCodePattern.test(code)) {
    const message = `A unit's code is 2 to 24 capital letters, digits or underscores, a letter first: ${shown(code)} is not.`
    throw ledgerError('invalid_input', message, { issues: [{ path: 'code', message }] })
  }
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > 18) {
    const message = `The exponent of ${code} must be a whole number from 0 to 18: ${shown(exponent)} is not.`
    throw ledgerError('invalid_input', message, { issues: [{ path: 'exponent', message }] })
  }
  const known = exponents.get(code)
  if (known !== undefined && (code in iso4217 || known !== exponent)) {
    const owner = code in iso4217 ? 'ISO 4217' : 'an earlier registration'
    throw ledgerError('unit_conflict', `${code} belongs to ${owner}, with ${known} decimals: choose another code.`)
  }
  exponents.set(code, exponent)
}

/**
 * Decimal places of a currency or registered unit: 2 for INR, 0 for JPY, 3 for KWD.
 *
 * @throws `currency_unknown`
 */
export function exponentOf(currency: string): number {
  const exponent = exponents.get(currency)
  if (exponent === undefined) throw unknownCurrency(currency)
  return exponent
}

/** Whether the code is that of an ISO 4217 currency or of a registered unit. Case matters: `inr` is neither. */
export function isCurrency(code: unknown): code is string {
  return exponents.has(code as string)
}

/** The codes of all currencies and registered units that can be used, sorted. */
export function currencies(): readonly string[] {
  return [...exponents.keys()].sort()
}

function unknownCurrency(currency: unknown) {
  const capitals = typeof currency === 'string' ? currency.trim().toUpperCase() : ''
  const advice = exponents.has(capitals)
    ? `write it as '${capitals}'`
    : 'use an ISO 4217 code such as INR, or make your own unit known with registerUnit'
  return ledgerError('currency_unknown', `${shown(currency)} is not a known currency: ${advice}.`)
}
