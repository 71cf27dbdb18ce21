import type { Escrow } from '../../escrow/escrow.js'
import type { Judge } from './deviations.js'
import type { EscrowSums } from './escrow-sums.js'
import { instantInWords } from './in-words.js'

/**
 * When the steps of an escrow's life happened: where an entry came with one, at the time of that entry; and none before
 * the one that it follows.
 */
export function judgeSteps(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  const { openedAt, deliveredAt, completedAt, cancelledAt, settledAt, resolvedAt, fundedAt } = escrow
  const same = (what: string, expected: number | null, actual: number | null) => {
    if (expected === actual) return
    const differ = { expected: instantInWords(expected), actual: instantInWords(actual) }
    judge.finds('escrow_times_differ', `${what} is at another time than its entry.`, differ)
  }
  // Whether there should be one at all is judged with the amounts.
  if (fundedAt !== null && sums.fundedAt !== null) same('The full funding', sums.fundedAt, fundedAt)
  // Nothing moves an escrow once it is settled.
  if (settledAt !== null) same('The settlement', sums.lastAt, settledAt)
  same('The last resolution', sums.resolvedAt, resolvedAt)
  // What holds nothing is cancelled without an entry.
  if (sums.cancelledAt !== null) same('The cancellation', sums.cancelledAt, cancelledAt)
  judgeCancelled(escrow, judge)
  const follows = (what: string, at: number | null, before: number) => {
    if (at === null || at >= before) return
    const differ = { expected: `${instantInWords(before)} or later`, actual: instantInWords(at) }
    judge.finds('escrow_times_differ', `${what} lies before the step that it follows.`, differ)
  }
  follows('The delivery', deliveredAt, openedAt)
  follows('The completion', completedAt, deliveredAt ?? openedAt)
  if (sums.cancelledAt === null) follows('The cancellation', cancelledAt, openedAt)
}

/** A cancelled escrow gave back all that was not frozen, and is never completed. */
function judgeCancelled({ cancelledAt, completedAt, heldMinor, resolvedAt }: Escrow, judge: Judge): void {
  if (cancelledAt === null) return
  if (completedAt !== null) judge.finds('escrow_times_differ', 'It is both completed and cancelled.')
  if (heldMinor === 0n || resolvedAt !== null) return
  judge.finds('escrow_times_differ', 'It is cancelled and holds something, though no dispute was resolved.')
}
