import type { Draft } from '../journal/draft.js'
import type { ParsedInstant } from '../journal/instant.js'
import { suspenseItems } from '../payments/suspense.js'
import { matchCredit } from './match-credit.js'
import { creditItemId, type Movement, movementKey, movements } from './movement.js'
import { amountOf, contradicted, sameAmount } from './movement-answer.js'

/** Throws `movement_mismatch` where the bank's reference is known to be that of another settlement. */
export function checkNotClaimed(
  draft: Draft,
  { gateway, reference }: Pick<Movement, 'gateway' | 'reference'>,
  utr: string,
): void {
  const shown = draft.get(movements, movementKey('credit', gateway, utr))
  if (shown && shown.matches !== null && shown.matches !== reference) throw contradicted(shown)
}

/**
 * A settlement says by which reference the bank will show it. What the bank has shown already is matched at once, if it is
 * the same amount; otherwise the credit is expected.
 */
export function announceCredit(
  draft: Draft,
  settlement: Movement,
  { utr, at, settledAt }: { utr: string; at: ParsedInstant | undefined; settledAt: number },
): Movement {
  const { gateway } = settlement
  const shown = draft.get(movements, movementKey('credit', gateway, utr))
  const told: Movement = { ...settlement, matches: utr, revision: settlement.revision + 1 }
  draft.put(movements, told)
  if (told.state !== 'in_transit') return told
  if (shown?.state !== 'unmatched') {
    expectCredit(draft, told, { utr, known: shown })
    return told
  }
  if (sameAmount(shown, amountOf(told))) {
    const entry = shown.entry === null ? null : draft.entry(shown.entry)
    return matchCredit(draft, { settlement: told, shown, at, last: Math.max(settledAt, entry?.effectiveAt ?? 0) })
  }
  draft.put(movements, { ...shown, matches: told.reference, revision: shown.revision + 1 })
  const item = draft.get(suspenseItems, creditItemId({ gateway, utr }))
  if (item) draft.put(suspenseItems, { ...item, reason: 'amount_differs', revision: item.revision + 1 })
  return told
}

/** The bank is to show what a settlement names, or names again after another settlement of that UTR came to nothing. */
function expectCredit(
  draft: Draft,
  settlement: Movement,
  { utr, known }: { utr: string; known: Movement | null },
): void {
  const { gateway, reference, currency, amountMinor } = settlement
  draft.put(movements, {
    kind: 'credit',
    gateway,
    reference: utr,
    bank: null,
    matches: reference,
    currency,
    amountMinor,
    feeMinor: 0n,
    taxMinor: 0n,
    state: 'expected',
    entry: null,
    lastEntry: null,
    recordedAt: known?.recordedAt ?? draft.now,
    revision: (known?.revision ?? 0) + 1,
  })
}
