import type { Books } from './books.js'
import {
  dueAt,
  type Escrow,
  frozen,
  fullyFundedAt,
  funded,
  held,
  inspectionEndsAt,
  refunded,
  released,
  type Status,
  statusOf,
} from './escrow.js'
import { assert } from './refusal.js'
import type { Release } from './release.js'

/** Everything that can be compared of an escrow, in minor units of its currency. */
export interface EscrowView {
  readonly status: Status
  readonly currency: string
  readonly amount: bigint
  readonly funded: bigint
  readonly held: bigint
  readonly frozen: bigint
  readonly released: bigint
  /** What went back to the payer without being released; the payer's part of deductions is within `released`. */
  readonly refunded: bigint
  readonly openedAt: number
  readonly fundedAt: number | undefined
  readonly deliveredAt: number | undefined
  readonly completedAt: number | undefined
  readonly cancelledAt: number | undefined
  readonly dueAt: number | undefined
  /** When an inspection that is running ends without an answer. */
  readonly inspectionEndsAt: number | undefined
  readonly attempt: Escrow['attempt']
  /** By party name: released = allotted − deducted. */
  readonly parties: ReadonlyMap<
    string,
    { readonly allotted: bigint; readonly deducted: bigint; readonly released: bigint }
  >
  readonly releases: readonly Release[]
  readonly disputes: readonly { readonly id: string; readonly amount: bigint; readonly resolvedAt?: number }[]
}

export function viewOf(books: Books, escrow: Escrow): EscrowView {
  const parties = escrow.terms.shares.map(({ party }, index) => {
    let allotted = 0n
    let deducted = 0n
    for (const release of escrow.releases) {
      allotted += release.shares[index]?.allotted ?? 0n
      deducted += release.shares[index]?.deducted ?? 0n
    }
    return [party, { allotted, deducted, released: allotted - deducted }] as const
  })
  return {
    status: statusOf(books, escrow),
    currency: escrow.currency,
    amount: escrow.amount,
    funded: funded(escrow),
    held: held(books, escrow),
    frozen: frozen(books, escrow),
    released: released(escrow),
    refunded: refunded(escrow),
    openedAt: escrow.openedAt,
    fundedAt: fullyFundedAt(escrow),
    deliveredAt: escrow.deliveredAt,
    completedAt: escrow.completedAt,
    cancelledAt: escrow.cancelledAt,
    dueAt: dueAt(books, escrow),
    inspectionEndsAt: inspectionEndsAt(books, escrow),
    attempt: escrow.attempt,
    parties: new Map(parties),
    releases: escrow.releases,
    disputes: escrow.disputes,
  }
}

/** At all times: funded = held + frozen + released + refunded, and what was released is what the parties were allotted. */
export function checkConservation(books: Books, escrow: Escrow): void {
  const accounted = held(books, escrow) + frozen(books, escrow) + released(escrow) + refunded(escrow)
  assert(funded(escrow) === accounted, `escrow ${escrow.id} was funded ${funded(escrow)} and accounts for ${accounted}`)
  for (const { amount, shares } of escrow.releases) {
    const allotted = shares.reduce((all, share) => all + share.allotted, 0n)
    assert(allotted === amount, `a release of escrow ${escrow.id} allots ${allotted} of ${amount}`)
  }
}
