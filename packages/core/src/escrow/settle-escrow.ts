import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Command, Needs } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfRequest, firstOpenInstant } from '../journal/effective.js'
import { instantSchema, type ParsedInstant, postingInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { idSchema, parserOf, positiveAmountSchema, textSchema } from '../journal/schema.js'
import { fromMinor, type Money } from '../money/index.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Escrow, escrows } from './escrow.js'
import { heldAmount } from './held-amount.js'
import { checkHolds, checkNotEndedOrHoldsAgain, dueAt, keepEscrow, requireEscrow } from './life.js'
import { accountOfParty, planRelease } from './release.js'
import { instructReturns, planReturns, returnNeeds } from './returns.js'

const schema = z.strictObject({
  id: idSchema,
  early: z
    .strictObject({ reason: textSchema({ min: 1, max: 500, lines: true }), amount: positiveAmountSchema.optional() })
    .optional(),
  at: instantSchema.optional(),
})
type Input = z.output<typeof schema>

export interface SettleAnswer extends EscrowAnswer {
  /** What of this release goes back to the payer, by deductions. */
  readonly toPayer: Money
}

/**
 * Releases what an escrow holds (or `early.amount` of it) by its terms. Effective when it fell due, unless `at` or
 * `early` says otherwise.
 *
 * | debit | credit |
 * | --- | --- |
 * | escrow:s1 1000.00 | platform:fees 200.00, payee:p1:payable 600.00, payer:c1:refunds 200.00 |
 */
export const settleEscrowCommand: Command<Input, SettleAnswer> = {
  name: 'escrows.settle',
  parse: parserOf(schema),
  direct: (input) => ({ records: { escrows: [input.id] } }),
  further: (input, view) => releaseNeeds(view.get(escrows, input.id)),
  decide(input, draft) {
    const escrow = requireEscrow(draft, input.id)
    checkNotEndedOrHoldsAgain(escrow)
    checkHolds(escrow)
    if (!input.early) checkDue(draft, escrow, input.at)
    const amount = heldAmount(escrow, input.early?.amount)
    const plan = planRelease(escrow, amount.minor)
    const returns = planReturns(draft, escrow, { amountMinor: plan.toPayerMinor })
    const effectiveAt = releaseTime(input, draft, escrow)

    const release = escrow.releases + 1
    const reason = input.early?.reason ?? null
    const lines = [...plan.lines, ...returns.lines]
    postEntry(draft, { kind: 'release', lines, effectiveAt, escrow: escrow.id, release, reason })
    const refunds = instructReturns(draft, escrow, returns, effectiveAt)
    const released: Escrow = {
      ...escrow,
      heldMinor: escrow.heldMinor - amount.minor,
      releasedMinor: escrow.releasedMinor + amount.minor,
      fundings: returns.fundings,
      partyTotals: plan.partyTotals,
      deductionTotals: plan.deductionTotals,
      releases: release,
      failedAttempt: null,
      lastAt: effectiveAt,
    }
    const detail = { release, amount, early: reason, refunds: refunds.map((refund) => refund.id) }
    const kept = keepEscrow(draft, released, { command: 'settle', at: effectiveAt, detail })
    return { ...escrowAnswer(kept), toPayer: fromMinor(plan.toPayerMinor, escrow.currency) }
  },
}

/** Everything that a release may touch. */
function releaseNeeds(escrow: Escrow | null): Needs {
  if (!escrow) return {}
  const { currency } = escrow
  const back = returnNeeds(escrow)
  const codes = [
    accountCodes.held(escrow.id),
    ...escrow.terms.shares.map((share) => accountOfParty(escrow, share.party)),
    ...(escrow.terms.deductions.length > 0 ? [accountCodes.platformPenalties] : []),
  ]
  return {
    accounts: [...codes.map((code) => ({ code, currency })), ...back.accounts],
    records: { payments: back.payments },
  }
}

function checkDue(draft: Draft, escrow: Escrow, at: ParsedInstant | undefined): void {
  const due = dueAt(escrow)
  const asked = at ? postingInstant(at, draft.book.timeZone) : draft.now
  if (due !== null && due <= draft.now && due <= asked) return
  const when =
    due === null ? 'it is not completed and fully funded yet' : `it falls due at ${new Date(due).toISOString()}`
  throw ledgerError(
    'escrow_not_due',
    `Escrow ${escrow.id} is not due: ${when}. Wait until then, or give a reason to settle it early.`,
    {
      escrow: escrow.id,
      dueAt: due,
    },
  )
}

function releaseTime(input: Input, draft: Draft, escrow: Escrow): number {
  if (input.at || input.early) {
    return effectiveOfRequest(draft, { at: input.at, now: draft.now, last: escrow.lastAt }).effectiveAt
  }
  return Math.max(dueAt(escrow) ?? draft.now, escrow.lastAt ?? 0, firstOpenInstant(draft))
}
