import { accountCodes } from '../accounts/chart.js'
import { invariant } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { fromMinor, subtract } from '../money/index.js'
import { suspend, takeFromSuspense } from '../payments/facts.js'
import { suspenseItems } from '../payments/suspense.js'
import { creditItemId, type Movement, movements } from './movement.js'
import { amountOf } from './movement-answer.js'
import { postMovement } from './post-movement.js'

/**
 * The settlement of a credit that the bank showed first has become known: what was in suspense for it is what was in
 * transit. Where some of that has been resolved another way, it is missing in suspense now, and listed there.
 *
 * | debit | credit |
 * | --- | --- |
 * | suspense:razorpay 776.40 | settlements:in-transit:razorpay 776.40 |
 */
export function matchCredit(
  draft: Draft,
  {
    settlement,
    shown,
    at,
    last,
  }: { settlement: Movement; shown: Movement; at: ParsedInstant | undefined; last: number },
): Movement {
  const { gateway, currency } = settlement
  const amount = amountOf(settlement)
  const id = creditItemId({ gateway, utr: shown.reference })
  const item = draft.get(suspenseItems, id)
  invariant(item, `the credit ${shown.reference}, which nothing explained, is in suspense`)
  const left = fromMinor(item.remainingMinor < amount.minor ? item.remainingMinor : amount.minor, currency)
  const gone = subtract(amount, left)
  const suspense = accountCodes.suspense(gateway)
  const entry = postMovement(draft, {
    kind: 'credit_matched',
    gateway,
    reference: settlement.reference,
    lines: [debit(suspense, left), debit(suspense, gone), credit(accountCodes.settlementsInTransit(gateway), amount)],
    at,
    last,
  })
  if (left.minor > 0n) takeFromSuspense(draft, id, left)
  if (gone.minor > 0n) {
    const about = { gateway, reference: null, escrow: null, instruction: null, currency, entry: entry.id }
    suspend(draft, { ...about, amountMinor: -gone.minor, reason: 'already_resolved' })
  }
  close(draft, shown, { matches: settlement.reference, entry })
  return close(draft, settlement, { matches: shown.reference, entry })
}

/** Keeps that a movement needs nothing more. */
export function close(
  draft: Draft,
  movement: Movement,
  { matches, entry }: { matches: string; entry: Entry },
): Movement {
  const done: Movement = {
    ...movement,
    matches,
    state: 'done',
    lastEntry: entry.id,
    revision: movement.revision + 1,
  }
  draft.put(movements, done)
  return done
}
