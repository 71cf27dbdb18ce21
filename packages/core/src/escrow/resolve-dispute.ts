import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { idSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { fromMinor, type Money, subtract, zero } from '../money/index.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Dispute, type Escrow, escrows } from './escrow.js'
import { partOf } from './held-amount.js'
import { keepEscrow, requireEscrow } from './life.js'
import { refundNeeds } from './refund-escrow.js'
import { instructReturns, planReturns } from './returns.js'

const schema = z.strictObject({
  id: idSchema,
  dispute: idSchema.optional(),
  outcome: z.union([z.enum(['payer', 'payee']), z.strictObject({ payer: positiveAmountSchema })]),
  at: instantSchema.optional(),
})
type Input = z.output<typeof schema>

/**
 * Ends a dispute: the payer gets all of it, nothing, or a part; the rest is held again and released by the terms.
 *
 * | debit | credit |
 * | --- | --- |
 * | escrow:s3:frozen 333.33 | payer:c1:refunds 100.00, escrow:s3 233.33 |
 */
export const resolveDisputeCommand: Command<Input, EscrowAnswer> = {
  name: 'escrows.resolve',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  further: (input, view) => refundNeeds(view.get(escrows, input.id)),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    const dispute = requireDispute(escrow, input.dispute)
    const disputed = fromMinor(dispute.amountMinor, escrow.currency)
    const toPayer = payerPart(escrow, input.outcome, disputed)
    const returns = planReturns(draft, escrow, { amountMinor: toPayer.minor })
    const { effectiveAt } = effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt })

    const heldAgain = subtract(disputed, toPayer)
    const lines = [
      debit(accountCodes.frozen(escrow.id), disputed),
      ...returns.lines,
      credit(accountCodes.held(escrow.id), heldAgain),
    ]
    postEntry(draft, { kind: 'resolution', lines, effectiveAt, escrow: escrow.id })
    const refunds = instructReturns(draft, escrow, returns, effectiveAt)
    const resolved = { ...dispute, resolvedAt: effectiveAt, payerMinor: toPayer.minor }
    const kept = keepEscrow(
      draft,
      {
        ...escrow,
        heldMinor: escrow.heldMinor + heldAgain.minor,
        frozenMinor: escrow.frozenMinor - disputed.minor,
        refundedMinor: escrow.refundedMinor + toPayer.minor,
        fundings: returns.fundings,
        disputes: escrow.disputes.map((each) => (each === dispute ? resolved : each)),
        resolvedAt: effectiveAt,
        lastAt: effectiveAt,
      },
      {
        command: 'resolve',
        at: effectiveAt,
        detail: { dispute: dispute.id, toPayer, heldAgain, refunds: refunds.map((refund) => refund.id) },
      },
    )
    return escrowAnswer(kept)
  },
}

/** The dispute that is meant: the named one, or the only open one. */
function requireDispute(escrow: Escrow, id: string | undefined): Dispute {
  const open = escrow.disputes.filter((dispute) => dispute.resolvedAt === null)
  const dispute =
    id === undefined ? (open.length === 1 ? open[0] : undefined) : escrow.disputes.find((each) => each.id === id)
  if (!dispute) {
    const which = id === undefined ? openOnes(open.length) : `no dispute ${id}; see escrows.get`
    throw ledgerError('dispute_not_found', `Escrow ${escrow.id} has ${which}.`)
  }
  if (dispute.resolvedAt === null) return dispute
  throw ledgerError(
    'dispute_already_resolved',
    `Dispute ${dispute.id} of escrow ${escrow.id} was resolved already. See escrows.get.`,
  )
}

const openOnes = (count: number): string =>
  count === 0 ? 'no open dispute; see escrows.get' : `${count} open disputes; name the one that is meant`

function payerPart(escrow: Escrow, outcome: Input['outcome'], disputed: Money): Money {
  if (outcome === 'payer') return disputed
  if (outcome === 'payee') return zero(escrow.currency)
  return partOf(escrow, outcome.payer, disputed)
}
