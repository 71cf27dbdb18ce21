import { ledgerError } from '../errors/index.js'
import { assertOnStep, fromMinor, inWords, type Money } from '../money/index.js'
import type { Escrow } from './escrow.js'
import { checkCurrency } from './fund-from-credit.js'

/**
 * The part of what an escrow holds that a command is about: what was asked, or all of it. Refused:
 * `currency_mismatch`, `amount_off_step` (unless it is all), `insufficient_held`.
 */
export function heldAmount(escrow: Escrow, asked: Money | undefined): Money {
  const held = fromMinor(escrow.heldMinor, escrow.currency)
  return asked ? partOf(escrow, asked, held) : held
}

/** A part of an amount of the escrow, under the same refusals. */
export function partOf(escrow: Escrow, asked: Money, available: Money): Money {
  checkCurrency(escrow, asked)
  if (asked.minor !== available.minor) assertOnStep(asked, escrow.terms.stepMinor, 'The amount')
  if (asked.minor <= available.minor) return asked
  throw ledgerError(
    'insufficient_held',
    `Escrow ${escrow.id} has ${inWords(available)} for this, less than the ${inWords(asked)} asked. Ask at most that.`,
    { escrow: escrow.id, available, requested: asked },
  )
}
