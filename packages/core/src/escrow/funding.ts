import { accountCodes } from '../accounts/chart.js'
import type { View } from '../journal/draft.js'
import { credit } from '../journal/entry.js'
import { fromMinor, type Money, zero } from '../money/index.js'
import { refusalOf } from '../payments/facts.js'
import type { SuspenseReason } from '../payments/suspense.js'
import type { Escrow, Funding } from './escrow.js'
import { hasEnded } from './life.js'

/** What of an amount an escrow can take, and why not more. */
export interface Capacity {
  readonly fits: Money
  /** Why the rest does not fit; null when all of it does. */
  readonly reason: SuspenseReason | null
}

/** What an escrow still waits for, in minor units: its amount less all funding that ever counted. */
export function remainingMinor(escrow: Escrow): bigint {
  return escrow.amountMinor - escrow.fundedMinor
}

/** Reasons in documented precedence: the first that applies is the one that is kept. */
export function capacityOf(view: View, escrow: Escrow | null, { id, amount }: { id: string; amount: Money }): Capacity {
  const nothing = (reason: SuspenseReason) => ({ fits: zero(amount.currency), reason })
  if (!escrow) return nothing('escrow_not_found')
  if (escrow.currency !== amount.currency) return nothing('currency_mismatch')
  if (hasEnded(escrow)) return nothing('escrow_ended')
  const refusal = refusalOf(view, credit(accountCodes.held(id), amount))
  if (refusal) return nothing(refusal)
  const remaining = remainingMinor(escrow)
  const most = amount.minor < remaining ? amount.minor : remaining
  const fits = fromMinor(most - (most % escrow.terms.stepMinor), amount.currency)
  if (fits.minor === amount.minor) return { fits, reason: null }
  return { fits, reason: amount.minor > remaining ? 'overfunded' : 'off_step' }
}

/** Adds money that arrived. The escrow is fully funded from the entry on that reaches its amount. */
export function withFunding(escrow: Escrow, funding: Omit<Funding, 'refundedMinor'>, effectiveAt: number): Escrow {
  const fundedMinor = escrow.fundedMinor + funding.amountMinor
  return {
    ...escrow,
    fundedMinor,
    heldMinor: escrow.heldMinor + funding.amountMinor,
    fundedAt: escrow.fundedAt ?? (fundedMinor >= escrow.amountMinor ? effectiveAt : null),
    fundings: joinFunding(escrow.fundings, funding),
    lastAt: effectiveAt,
  }
}

/** More of the same source is one funding: it goes back to one place. */
function joinFunding(fundings: readonly Funding[], more: Omit<Funding, 'refundedMinor'>): Funding[] {
  const same = (each: Funding) =>
    each.gateway === more.gateway && each.reference === more.reference && each.from === more.from
  const known = fundings.find(same)
  const rest = fundings.filter((each) => !same(each))
  const joined = {
    ...more,
    amountMinor: (known?.amountMinor ?? 0n) + more.amountMinor,
    refundedMinor: known?.refundedMinor ?? 0n,
  }
  return [...rest, joined]
}
