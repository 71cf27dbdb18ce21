import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import type { Command } from '../journal/command.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { type Movement, movementKey, movements } from './movement.js'
import { contradicted, type MovementAnswer, movementAnswer, sameAmount } from './movement-answer.js'
import { accountsIn, entryIds, postMovement } from './post-movement.js'

const schema = z.strictObject({
  gateway: nameSchema,
  bank: nameSchema,
  reference: idSchema,
  amount: positiveAmountSchema,
  at: instantSchema.optional(),
})

/**
 * Money that went from our bank to the balance that a gateway's payouts leave from. A fact: refused only as
 * `movement_mismatch`.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:payouts 700.00 | bank:hdfc 700.00 |
 */
export const recordTopUpCommand: Command<z.output<typeof schema>, MovementAnswer> = {
  name: 'movements.topped-up',
  parse: parserOf(schema),
  direct: ({ gateway, reference }) => ({ records: { movements: [movementKey('top_up', gateway, reference)] } }),
  further: ({ gateway, reference, bank, amount }, view) => ({
    accounts: accountsIn(amount.currency, [
      view.gateway(gateway).payouts,
      accountCodes.bank(bank),
      accountCodes.suspense(gateway),
    ]),
    entries: entryIds(view.get(movements, movementKey('top_up', gateway, reference))?.entry),
  }),
  decide({ gateway, reference, bank, amount, at }, draft) {
    const known = draft.get(movements, movementKey('top_up', gateway, reference))
    if (known) {
      if (known.bank !== bank || !sameAmount(known, amount)) throw contradicted(known)
      const entry = known.entry === null ? null : draft.entry(known.entry)
      draft.repeat([entry].filter((each): each is Entry => each !== null))
      return movementAnswer(draft, known)
    }

    const lines = [debit(draft.gateway(gateway).payouts, amount), credit(accountCodes.bank(bank), amount)]
    const entry = postMovement(draft, { kind: 'top_up', gateway, reference, lines, at })
    const toppedUp: Movement = {
      kind: 'top_up',
      gateway,
      reference,
      bank,
      matches: null,
      currency: amount.currency,
      amountMinor: amount.minor,
      feeMinor: 0n,
      taxMinor: 0n,
      state: 'done',
      entry: entry.id,
      lastEntry: entry.id,
      recordedAt: draft.now,
      revision: 1,
    }
    draft.put(movements, toppedUp)
    return movementAnswer(draft, toppedUp)
  },
}
