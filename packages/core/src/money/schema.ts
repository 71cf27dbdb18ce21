import { z } from 'zod'
import { LedgerError, ledgerError } from '../errors/index.js'
import { shown } from './decimal-text.js'
import { fromMinor, type Money, money } from './money.js'

/** Money as it stands in JSON: `{ amount: '1000.00', currency: 'INR' }`. */
export interface WireMoney {
  readonly amount: string
  readonly currency: string
}

/** What every command takes for an amount: `money('1000.00', 'INR')`, or the same as JSON. */
export type MoneyInput = Money | WireMoney

/**
 * An amount from whatever came in, in either form, as a frozen `Money`.
 *
 * @throws `invalid_amount`, `currency_unknown`, `amount_out_of_range`
 */
export function parseMoney(value: unknown): Money {
  if (typeof value !== 'object' || value === null) throw notMoney(value)
  const { minor, amount, currency } = value as Partial<Money & WireMoney>
  // With both, one of the two would have to be ignored, and nobody could know which the caller meant.
  if ((minor === undefined) === (amount === undefined)) throw notMoney(value)
  return minor === undefined ? money(amount as string, currency as string) : fromMinor(minor, currency as string)
}

/**
 * zod's schema of an amount, for the inputs of commands. It is one call of `parseMoney` rather than a union of object
 * schemas, since it runs for every posting. The issue it adds carries the ledger's own code in `params.code`.
 */
export const moneySchema: z.ZodType<Money, MoneyInput> = z.transform((value: MoneyInput, context): Money => {
  try {
    return parseMoney(value)
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    context.issues.push({ code: 'custom', message: error.message, params: { code: error.code }, input: value })
    return z.NEVER
  }
})

function notMoney(value: unknown) {
  const forms = "money('1000.00', 'INR') or { amount: '1000.00', currency: 'INR' }"
  return ledgerError('invalid_amount', `${shown(value)} is not an amount of money: pass ${forms}.`)
}
