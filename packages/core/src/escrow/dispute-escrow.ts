import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { descriptionSchema, idSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import type { Dispute, Escrow } from './escrow.js'
import { escrows } from './escrow.js'
import { heldAmount } from './held-amount.js'
import { checkHolds, checkNotEnded, keepEscrow, requireEscrow } from './life.js'
import { refundNeeds } from './refund-escrow.js'

const schema = z.strictObject({
  id: idSchema,
  dispute: idSchema.optional(),
  amount: positiveAmountSchema.optional(),
  reason: descriptionSchema.optional(),
  at: instantSchema.optional(),
})

/**
 * Freezes a part of what is held, or all of it, until the dispute is resolved.
 *
 * | debit | credit |
 * | --- | --- |
 * | escrow:s3 333.33 | escrow:s3:frozen 333.33 |
 */
export const disputeEscrowCommand: Command<z.output<typeof schema>, EscrowAnswer> = {
  name: 'escrows.dispute',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  further: (input, view) => refundNeeds(view.get(escrows, input.id)),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEnded(escrow)
    if (escrow.fundedMinor === 0n) checkHolds(escrow)
    const id = input.dispute ?? nextName(escrow)
    if (escrow.disputes.some((dispute) => dispute.id === id)) {
      throw ledgerError('dispute_exists', `Escrow ${escrow.id} has a dispute ${id} already. Give each its own id.`)
    }
    checkHolds(escrow)
    const amount = heldAmount(escrow, input.amount)
    const { effectiveAt } = effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt })

    const reason = input.reason ?? null
    const lines = [debit(accountCodes.held(escrow.id), amount), credit(accountCodes.frozen(escrow.id), amount)]
    postEntry(draft, { kind: 'dispute', lines, effectiveAt, escrow: escrow.id, reason })
    const opened = { openedAt: effectiveAt, resolvedAt: null, payerMinor: null }
    const dispute: Dispute = { id, amountMinor: amount.minor, reason, ...opened }
    const disputed = {
      ...escrow,
      heldMinor: escrow.heldMinor - amount.minor,
      frozenMinor: escrow.frozenMinor + amount.minor,
      disputes: [...escrow.disputes, dispute],
      lastAt: effectiveAt,
    }
    const detail = { dispute: id, amount, reason }
    return escrowAnswer(keepEscrow(draft, disputed, { command: 'dispute', at: effectiveAt, detail }))
  },
}

/** `dispute-1`, `dispute-2` …: the next one, but for names that the host has given. */
function nextName({ disputes }: Escrow): string {
  let number = disputes.length + 1
  while (disputes.some((dispute) => dispute.id === `dispute-${number}`)) number += 1
  return `dispute-${number}`
}
