import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Command, Needs } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { descriptionSchema, idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { checkReturnable } from '../payments/returnable.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Escrow, escrows, type Funding } from './escrow.js'
import { checkCurrency } from './fund-from-credit.js'
import { heldAmount } from './held-amount.js'
import { checkHolds, checkNotEndedOrHoldsAgain, keepEscrow, requireEscrow } from './life.js'
import { instructReturns, planReturns, returnableMinor, returnNeeds } from './returns.js'

const schema = z.strictObject({
  id: idSchema,
  amount: positiveAmountSchema.optional(),
  payment: z.strictObject({ gateway: nameSchema, reference: idSchema }).optional(),
  reason: descriptionSchema.optional(),
  at: instantSchema.optional(),
})
type Input = z.output<typeof schema>

/**
 * Gives held money back before settlement: all of it, or a part; to the newest funding first, or to a named payment.
 *
 * | debit | credit |
 * | --- | --- |
 * | escrow:s1 100.00 | payer:c1:refunds 100.00 |
 */
export const refundEscrowCommand: Command<Input, EscrowAnswer> = {
  name: 'escrows.refund',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  further: (input, view) => refundNeeds(view.get(escrows, input.id)),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEndedOrHoldsAgain(escrow)
    checkHolds(escrow)
    if (input.amount) checkCurrency(escrow, input.amount)
    const named = namedFunding(escrow, input.payment)
    const amount = refundAmount(escrow, input.amount, named)
    const returns = planReturns(escrow, amount.minor, named && ((funding) => funding === named))
    for (const each of returns.list) checkPayment(draft, each.funding, fromMinor(each.amountMinor, escrow.currency))
    const { effectiveAt } = effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt })

    const reason = input.reason ?? null
    const lines = [debit(accountCodes.held(escrow.id), amount), ...returns.lines]
    postEntry(draft, { kind: 'refund', lines, effectiveAt, escrow: escrow.id, reason })
    const refunds = instructReturns(draft, escrow, returns, effectiveAt)
    const refunded = {
      ...escrow,
      heldMinor: escrow.heldMinor - amount.minor,
      refundedMinor: escrow.refundedMinor + amount.minor,
      fundings: returns.fundings,
      lastAt: effectiveAt,
    }
    const detail = { amount, reason, refunds: refunds.map((refund) => refund.id) }
    return escrowAnswer(keepEscrow(draft, refunded, { command: 'refund', at: effectiveAt, detail }))
  },
}

/** Throws `refund_exceeds_payment` where the payer has got it already, by a refund at the gateway or a dispute. */
function checkPayment(draft: Draft, { gateway, reference }: Funding, amount: Money): void {
  if (gateway !== null && reference !== null) checkReturnable(draft, { gateway, reference, amount })
}

/** Everything that giving money back may touch. */
export function refundNeeds(escrow: Escrow | null): Needs {
  if (!escrow) return {}
  const back = returnNeeds(escrow)
  const codes = [accountCodes.held(escrow.id), accountCodes.frozen(escrow.id)]
  const own = codes.map((code) => ({ code, currency: escrow.currency }))
  return { accounts: [...own, ...back.accounts], records: { payments: back.payments } }
}

function namedFunding(escrow: Escrow, payment: Input['payment']): Funding | undefined {
  if (!payment) return undefined
  const named = escrow.fundings.find(
    (funding) => funding.gateway === payment.gateway && funding.reference === payment.reference,
  )
  if (named) return named
  const message = `Payment ${payment.reference} of ${payment.gateway} did not fund escrow ${escrow.id}. Name one that did, or none.`
  throw ledgerError('payment_not_found', message)
}

/** What is refunded when nothing is said: all that is held, or what of it the named payment can take back. */
function refundAmount(escrow: Escrow, asked: Money | undefined, named: Funding | undefined): Money {
  if (!named) return heldAmount(escrow, asked)
  const available = fromMinor(returnableMinor(named), escrow.currency)
  const most = available.minor < escrow.heldMinor ? available : fromMinor(escrow.heldMinor, escrow.currency)
  const amount = heldAmount(escrow, asked ?? most)
  if (amount.minor <= available.minor && amount.minor > 0n) return amount
  throw ledgerError(
    'refund_exceeds_payment',
    `${inWords(available)} of payment ${named.reference} of ${named.gateway} can go back, less than the ${inWords(amount)} asked. Refund the rest to another.`,
    { available, requested: amount },
  )
}
