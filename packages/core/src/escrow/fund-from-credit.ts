import { z } from 'zod'
import { balanceMinor, balanceOf } from '../accounts/account.js'
import { accountCodes, chartRule, checkNotReserved } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
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
 * Funds an escrow from credit that the payer has in an account, to which it also goes back. A request. The account is a
 * liability of the host's own, or what is payable to somebody: money is in no other account because somebody is owed it.
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
    checkOwing(draft, from, amount.currency)
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    checkFits(escrow, amount)
    const { effectiveAt } = effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt })
    checkCovered(draft, from, amount)
    const lines = [debit(from, amount), credit(accountCodes.held(escrow.id), amount)]
    postEntry(draft, { kind: 'funding', lines, effectiveAt, escrow: escrow.id })
    const funded = withFunding(escrow, { gateway: null, reference: null, from, amountMinor: amount.minor }, effectiveAt)
    const kept = keepEscrow(draft, funded, { command: 'fund', at: effectiveAt, detail: { from, amount } })
    return { allocated: amount, excess: null, escrow: escrowAnswer(kept) }
  },
}

/**
 * Throws `invalid_input` for an account that owes nobody anything: without a payment, money would come from nowhere. One
 * that is not there is left to posting.
 */
function checkOwing(draft: Draft, code: string, currency: string): void {
  const rule = chartRule(code)
  const type = rule ? rule.type : (draft.account(code, currency)?.type ?? 'liability')
  if (type === 'liability' && (!rule || rule.pattern === 'payee:*:payable')) return
  const message = `must be credit that somebody has: an account of type liability that you opened, or payee:<id>:payable, not ${code}`
  throw invalidInput([{ path: 'from', message }])
}

/** Throws `insufficient_funds` for more than an account without a floor has. One with a floor is judged by that, as it is posted. */
function checkCovered(draft: Draft, code: string, amount: Money): void {
  const account = draft.account(code, amount.currency)
  if (!account || account.floor !== null || balanceMinor(account) >= amount.minor) return
  const available = balanceOf(account)
  throw ledgerError(
    'insufficient_funds',
    `Account ${code} has ${inWords(available)} of credit, less than the ${inWords(amount)} asked of it. Ask less, put more in first, or open it with a floor below zero.`,
    { account: code, available, requested: amount },
  )
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
