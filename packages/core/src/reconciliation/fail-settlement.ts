import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { credit, debit } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, textSchema } from '../journal/schema.js'
import { type Movement, movementKey, movements } from './movement.js'
import { amountOf, contradicted, type MovementAnswer, movementAnswer } from './movement-answer.js'
import { accountsIn, entryIds, postMovement } from './post-movement.js'

const schema = z.strictObject({
  gateway: nameSchema,
  reference: idSchema,
  reason: textSchema({ min: 1, max: 500, lines: true }),
  at: instantSchema.optional(),
})

/**
 * A settlement did not reach our bank, or was returned by it. A fact: refused as `movement_not_found`, since only the
 * settlement says how much it was, and as `movement_mismatch`, when our bank has shown it.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:clearing 776.40 | settlements:in-transit:razorpay 776.40 |
 */
export const failSettlementCommand: Command<z.output<typeof schema>, MovementAnswer> = {
  name: 'movements.settlement-failed',
  parse: parserOf(schema),
  direct: ({ gateway, reference }) => ({ records: { movements: [movementKey('settlement', gateway, reference)] } }),
  further: ({ gateway, reference }, view) => {
    const known = view.get(movements, movementKey('settlement', gateway, reference))
    if (!known) return {}
    return {
      records: { movements: known.matches === null ? [] : [movementKey('credit', gateway, known.matches)] },
      accounts: accountsIn(known.currency, [
        view.gateway(gateway).clearing,
        accountCodes.settlementsInTransit(gateway),
        accountCodes.suspense(gateway),
      ]),
      entries: entryIds(known.lastEntry),
    }
  },
  decide({ gateway, reference, reason, at }, draft) {
    const known = draft.get(movements, movementKey('settlement', gateway, reference))
    if (!known) {
      const message = `There is no settlement ${reference} of ${gateway} in this book. Tell it with movements.settled first.`
      throw ledgerError('movement_not_found', message)
    }
    const last = known.lastEntry === null ? null : draft.entry(known.lastEntry)
    if (known.state === 'failed') {
      draft.repeat(last ? [last] : [])
      return movementAnswer(draft, known)
    }
    if (known.state !== 'in_transit') throw contradicted(known)

    const amount = amountOf(known)
    const entry = postMovement(draft, {
      kind: 'settlement_failed',
      gateway,
      reference,
      lines: [
        debit(draft.gateway(gateway).clearing, amount),
        credit(accountCodes.settlementsInTransit(gateway), amount),
      ],
      at,
      last: last?.effectiveAt,
      reason,
    })
    const failed: Movement = { ...known, state: 'failed', lastEntry: entry.id, revision: known.revision + 1 }
    draft.put(movements, failed)
    if (known.matches !== null) forgetCredit(draft, { gateway, utr: known.matches })
    return movementAnswer(draft, failed)
  },
}

/** The bank is not to show it any more; what it has shown of another amount stays in suspense, and belongs to nothing. */
function forgetCredit(draft: Draft, { gateway, utr }: { gateway: string; utr: string }): void {
  const credited = draft.get(movements, movementKey('credit', gateway, utr))
  if (!credited) return
  const state = credited.state === 'expected' ? 'failed' : credited.state
  draft.put(movements, { ...credited, matches: null, state, revision: credited.revision + 1 })
}
