import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { descriptionSchema, idSchema, parserOf } from '../journal/schema.js'
import { fromMinor, isZero } from '../money/index.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { checkNotCompleted } from './deliver-escrow.js'
import { escrows } from './escrow.js'
import { checkNotEnded, keepEscrow, requireEscrow } from './life.js'
import { refundNeeds } from './refund-escrow.js'
import { instructReturns, planReturns } from './returns.js'
import { stepTime } from './step-time.js'

const schema = z.strictObject({ id: idSchema, reason: descriptionSchema.optional(), at: instantSchema.optional() })

/**
 * Calls a deal off before it is completed: all that is not frozen goes back to where it came from.
 *
 * | debit | credit |
 * | --- | --- |
 * | escrow:s1 1000.00 | payer:c1:refunds 1000.00 |
 */
export const cancelEscrowCommand: Command<z.output<typeof schema>, EscrowAnswer> = {
  name: 'escrows.cancel',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  further: (input, view) => refundNeeds(view.get(escrows, input.id)),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    checkNotCompleted(escrow)
    const held = fromMinor(escrow.heldMinor, escrow.currency)
    const returns = planReturns(draft, escrow, { amountMinor: held.minor })
    const effectiveAt = isZero(held)
      ? stepTime(draft, { at: input.at, notBefore: Math.max(escrow.openedAt, escrow.lastAt ?? 0) })
      : effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt }).effectiveAt
    const reason = input.reason ?? null
    if (!isZero(held)) {
      const lines = [debit(accountCodes.held(escrow.id), held), ...returns.lines]
      postEntry(draft, { kind: 'cancellation', lines, effectiveAt, escrow: escrow.id, reason })
    }
    const refunds = instructReturns(draft, escrow, returns, effectiveAt)
    const cancelled = {
      ...escrow,
      heldMinor: 0n,
      refundedMinor: escrow.refundedMinor + held.minor,
      fundings: returns.fundings,
      cancelledAt: effectiveAt,
      lastAt: isZero(held) ? escrow.lastAt : effectiveAt,
    }
    const detail = { reason, refunded: held, refunds: refunds.map((refund) => refund.id) }
    return escrowAnswer(keepEscrow(draft, cancelled, { command: 'cancel', at: effectiveAt, detail }))
  },
}
