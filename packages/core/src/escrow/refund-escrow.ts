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
import { fromMinor, type Money } from '../money/index.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Escrow, escrows, type Funding } from './escrow.js'
import { checkCurrency } from './fund-from-credit.js'
import { heldAmount } from './held-amount.js'
import { checkHolds, checkNotEndedOrHoldsAgain, keepEscrow, requireEscrow } from './life.js'
import { fundingBy, instructReturns, planReturns, returnableMinor, returnNeeds, returnsExceeded } from './returns.js'

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
    const amount = refundAmount(draft, escrow, { asked: input.amount, named })
    const returns = planReturns(draft, escrow, { amountMinor: amount.minor, only: named })
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
  const named = fundingBy(escrow, payment)
  if (named) return named
  const message = `Payment ${payment.reference} of ${payment.gateway} did not fund escrow ${escrow.id}. Name one that did, or none.`
  throw ledgerError('payment_not_found', message)
}

/** What is refunded when nothing is said: all that is held, or what of it the named payment can give back. */
function refundAmount(
  draft: Draft,
  escrow: Escrow,
  { asked, named }: { readonly asked: Money | undefined; readonly named: Funding | undefined },
): Money {
  if (!named) return heldAmount(escrow, asked)
  const availableMinor = returnableMinor(draft, escrow, named)
  const mostMinor = availableMinor < escrow.heldMinor ? availableMinor : escrow.heldMinor
  const amount = heldAmount(escrow, asked ?? fromMinor(mostMinor, escrow.currency))
  if (amount.minor > 0n) return amount
  throw returnsExceeded(draft, escrow, { amountMinor: escrow.heldMinor, availableMinor, only: named })
}
