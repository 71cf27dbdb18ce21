import { z } from 'zod'
import { accountCodes, checkNotReserved } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { accountCodeSchema, idSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { assertOnStep, fromMinor, inWords, type Money } from '../money/index.js'
import { escrowAnswer } from './answer.js'
import type { Escrow } from './escrow.js'
import type { FundAnswer } from './fund-answer.js'
import { remainingMinor, withFunding } from './funding.js'
import { checkNotEnded, keepEscrow, requireEscrow } from './life.js'

const schema = z.strictObject({
  id: idSchema,
  amount: positiveAmountSchema,
  from: accountCodeSchema,
  at: instantSchema.optional(),
})

/**
 * Funds an escrow from credit that the payer has in an account, to which it also goes back. A request.
 *
 * | debit | credit |
 * | --- | --- |
 * | wallet:chen 1000.00 | escrow:s1 1000.00 |
 */
export const fundFromCreditCommand: Command<z.output<typeof schema>, FundAnswer> = {
  name: 'escrows.fund-from-credit',
  parse: parserOf(schema),
  direct: (input) => ({
    records: { escrows: [input.id] },
    accounts: [input.from, accountCodes.held(input.id)].map((code) => ({ code, currency: input.amount.currency })),
  }),
  decide(input, draft) {
    const { amount, from } = input
    checkNotReserved(from)
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    checkFits(escrow, amount)
    const { effectiveAt } = effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt })
    const lines = [debit(from, amount), credit(accountCodes.held(escrow.id), amount)]
    postEntry(draft, { kind: 'funding', lines, effectiveAt, escrow: escrow.id })
    const funded = withFunding(escrow, { gateway: null, reference: null, from, amountMinor: amount.minor }, effectiveAt)
    const kept = keepEscrow(draft, funded, { command: 'fund', at: effectiveAt, detail: { from, amount } })
    return { allocated: amount, excess: null, escrow: escrowAnswer(kept) }
  },
}

/** Refuses an amount that an escrow cannot take whole: `currency_mismatch`, `amount_off_step`, `escrow_overfunded`. */
export function checkFits(escrow: Escrow, amount: Money): void {
  checkCurrency(escrow, amount)
  assertOnStep(amount, escrow.terms.stepMinor, 'The amount')
  const available = fromMinor(remainingMinor(escrow), escrow.currency)
  if (amount.minor <= available.minor) return
  throw ledgerError(
    'escrow_overfunded',
    `Escrow ${escrow.id} waits for ${inWords(available)}, less than the ${inWords(amount)} offered. Offer at most that.`,
    { escrow: escrow.id, available, requested: amount },
  )
}

/** Throws `currency_mismatch` for an amount that is not in the escrow's currency. */
export function checkCurrency(escrow: Escrow, amount: Money): void {
  if (amount.currency === escrow.currency) return
  throw ledgerError(
    'currency_mismatch',
    `Escrow ${escrow.id} is in ${escrow.currency}, not in ${amount.currency}. Convert it first.`,
  )
}
