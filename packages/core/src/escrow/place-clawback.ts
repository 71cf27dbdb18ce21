import { accountCodes } from '../accounts/chart.js'
import type { Draft, View } from '../journal/draft.js'
import { debit } from '../journal/entry.js'
import type { Money } from '../money/index.js'
import { refusalOf } from '../payments/facts.js'
import type { Payment } from '../payments/payment.js'
import { type Escrow, escrows, type Funding } from './escrow.js'
import { keepEscrow } from './life.js'
import { fundingBy, notReturnedMinor, withReturned } from './returns.js'

/** An escrow that a refund is taken from, and the funding in it that went back. */
interface Place {
  readonly escrow: Escrow
  readonly funding: Funding
}

/** The escrow that a payment was allocated to as a whole; null where it was to none or to several. */
export function onlyEscrowOf({ allocations, suspenseMinor }: Payment): string | null {
  const [only, ...others] = allocations
  return only && others.length === 0 && suspenseMinor === 0n ? only.escrow : null
}

/**
 * Where a refund that was made at the gateway by hand is taken from: the one escrow that its payment went to, where that
 * still holds as much, not frozen, and the rest of it can be split by its terms. Null where there is none.
 */
export function placeOf(view: View, payment: Payment, amount: Money): Place | null {
  const id = onlyEscrowOf(payment)
  const escrow = id === null ? null : view.get(escrows, id)
  if (escrow?.currency !== amount.currency || escrow.heldMinor < amount.minor) return null
  if (amount.minor % escrow.terms.stepMinor !== 0n && amount.minor !== escrow.heldMinor) return null
  if (refusalOf(view, debit(accountCodes.held(escrow.id), amount))) return null
  const funding = fundingBy(escrow, payment)
  return funding && notReturnedMinor(funding) >= amount.minor ? { escrow, funding } : null
}

/** What was taken, and how it is told in the escrow's timeline. */
interface Taken {
  readonly command: 'gateway-refund' | 'chargeback'
  readonly amount: Money
  readonly at: number
  readonly detail: Readonly<Record<string, string>>
}

/** The money that was refunded is not held any more: the payer has it. */
export function takeFromEscrow(draft: Draft, { escrow, funding }: Place, { command, amount, at, detail }: Taken): void {
  const refunded = {
    ...escrow,
    heldMinor: escrow.heldMinor - amount.minor,
    refundedMinor: escrow.refundedMinor + amount.minor,
    fundings: escrow.fundings.map((each) => (each === funding ? withReturned(each, amount.minor) : each)),
    lastAt: at,
  }
  keepEscrow(draft, refunded, { command, at, detail: { ...detail, amount } })
}
