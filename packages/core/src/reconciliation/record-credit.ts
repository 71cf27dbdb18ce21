import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import type { Money } from '../money/index.js'
import { suspend } from '../payments/facts.js'
import type { SuspenseReason } from '../payments/suspense.js'
import { close } from './match-credit.js'
import { creditItemId, type Movement, movementKey, movements } from './movement.js'
import { contradicted, type MovementAnswer, movementAnswer, sameAmount } from './movement-answer.js'
import { accountsIn, entryIds, postMovement } from './post-movement.js'

const schema = z.strictObject({
  bank: nameSchema,
  utr: idSchema,
  gateway: nameSchema,
  amount: positiveAmountSchema,
  at: instantSchema.optional(),
})
type CreditInput = z.output<typeof schema>

/**
 * A bank's statement shows money from a gateway, by its reference (UTR). A fact: refused only as `movement_mismatch`, when
 * the same UTR of the gateway is known at another bank, or with another amount. What no settlement in transit explains is in
 * suspense until one becomes known.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | of a settlement in transit | bank:hdfc 776.40 | settlements:in-transit:razorpay 776.40 |
 * | `settlement_unknown`, `amount_differs` | bank:hdfc 776.40 | suspense:razorpay 776.40 |
 */
export const recordCreditCommand: Command<CreditInput, MovementAnswer> = {
  name: 'movements.credited',
  parse: parserOf(schema),
  direct: ({ gateway, utr }) => ({
    records: { movements: [movementKey('credit', gateway, utr)], suspense: [creditItemId({ gateway, utr })] },
  }),
  further: ({ gateway, utr, bank, amount }, view) => {
    const known = view.get(movements, movementKey('credit', gateway, utr))
    const matches = known?.matches ?? null
    return {
      records: { movements: matches === null ? [] : [movementKey('settlement', gateway, matches)] },
      accounts: accountsIn(amount.currency, [
        accountCodes.bank(bank),
        accountCodes.settlementsInTransit(gateway),
        accountCodes.suspense(gateway),
      ]),
      entries: entryIds(known?.entry),
    }
  },
  decide(input, draft) {
    const { gateway, utr, bank, amount } = input
    const known = draft.get(movements, movementKey('credit', gateway, utr))
    if (known?.entry) {
      if (known.bank !== bank || !sameAmount(known, amount)) throw contradicted(known)
      draft.repeat([draft.entry(known.entry)].filter((entry): entry is Entry => entry !== null))
      return movementAnswer(draft, known)
    }

    const matches = known?.matches ?? null
    const settlement = matches === null ? null : draft.get(movements, movementKey('settlement', gateway, matches))
    const reason = reasonOf(settlement, amount)
    const from = reason === null ? accountCodes.settlementsInTransit(gateway) : accountCodes.suspense(gateway)
    const lines = [debit(accountCodes.bank(bank), amount), credit(from, amount)]
    const entry = postMovement(draft, { kind: 'bank_credit', gateway, reference: utr, lines, at: input.at })
    const shown = keepShown(draft, input, { known, entry, state: reason === null ? 'done' : 'unmatched' })
    if (reason === null && settlement) close(draft, settlement, { matches: utr, entry })
    if (reason !== null) suspendCredit(draft, input, { reason, entry })
    return movementAnswer(draft, shown)
  },
}

/** Why no settlement explains an amount; null where one does. */
function reasonOf(settlement: Movement | null, amount: Money): SuspenseReason | null {
  if (settlement?.state !== 'in_transit') return 'settlement_unknown'
  return sameAmount(settlement, amount) ? null : 'amount_differs'
}

function keepShown(
  draft: Draft,
  { gateway, utr, bank, amount }: CreditInput,
  { known, entry, state }: { known: Movement | null; entry: Entry; state: Movement['state'] },
): Movement {
  const shown: Movement = {
    kind: 'credit',
    gateway,
    reference: utr,
    bank,
    matches: known?.matches ?? null,
    currency: amount.currency,
    amountMinor: amount.minor,
    feeMinor: 0n,
    taxMinor: 0n,
    state,
    entry: entry.id,
    lastEntry: entry.id,
    recordedAt: known?.recordedAt ?? draft.now,
    revision: (known?.revision ?? 0) + 1,
  }
  draft.put(movements, shown)
  return shown
}

function suspendCredit(
  draft: Draft,
  { gateway, utr, amount }: CreditInput,
  { reason, entry }: { reason: SuspenseReason; entry: Entry },
): void {
  const about = { gateway, reference: null, escrow: null, instruction: null, entry: entry.id }
  const { currency, minor: amountMinor } = amount
  suspend(draft, { ...about, currency, amountMinor, reason }, creditItemId({ gateway, utr }))
}
