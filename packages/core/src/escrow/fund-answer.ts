import type { Draft } from '../journal/draft.js'
import type { Entry } from '../journal/entry.js'
import { fromMinor, type Money } from '../money/index.js'
import type { Allocation, Unplaced } from '../payments/payment.js'
import { type SuspenseReason, suspenseIdOf, suspenseItems } from '../payments/suspense.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Escrow, escrows } from './escrow.js'
import { withFunding } from './funding.js'
import { keepEscrow } from './life.js'

/** What of a funding did not fit, and why; it is in suspense. */
export interface Excess {
  readonly amount: Money
  readonly reason: SuspenseReason
  /** The item in `suspense.list`. */
  readonly suspense: string
}

export interface FundAnswer {
  readonly allocated: Money
  readonly excess: Excess | null
  /** Where the escrow stands now; null where there is no such escrow. */
  readonly escrow: EscrowAnswer | null
}

/** What a funding by payment says: which escrow, which payment, and how much of it. */
export interface Stated {
  readonly id: string
  readonly gateway: string
  readonly reference: string
  readonly amount: Money
}

/** The answer to a funding of which so much went to the escrow. */
export function fundAnswer(draft: Draft, stated: Stated, allocatedMinor: bigint): FundAnswer {
  const escrow = draft.get(escrows, stated.id)
  const { currency } = stated.amount
  const excessMinor = stated.amount.minor - allocatedMinor
  return {
    allocated: fromMinor(allocatedMinor, currency),
    excess: excessMinor > 0n ? excessOf(draft, stated, fromMinor(excessMinor, currency)) : null,
    escrow: escrow ? escrowAnswer(escrow) : null,
  }
}

function excessOf(draft: Draft, stated: Stated, amount: Money): Excess {
  const suspense = suspenseIdOf(stated)
  return { amount, reason: draft.get(suspenseItems, suspense)?.reason ?? 'unallocated', suspense }
}

/** What a payment keeps of an allocation. */
export function allocationOf(stated: Stated, fits: Money, entry: Entry): Allocation {
  const { id: escrow, amount } = stated
  const excessMinor = amount.minor - fits.minor
  return { escrow, amountMinor: fits.minor, entry: entry.id, feeEntry: null, excessMinor, statedMinor: amount.minor }
}

/** What a payment keeps of a funding of which nothing fitted. `entry` is what took the payment to suspense by this call. */
export function unplacedOf({ id: escrow, amount }: Stated, entry: Entry | null): Unplaced {
  return { escrow, statedMinor: amount.minor, entry: entry?.id ?? null, feeEntry: null }
}

/** Adds to an escrow what fits of a payment. */
export function keepFunded(draft: Draft, escrow: Escrow, funded: { stated: Stated; fits: Money; entry: Entry }): void {
  const { fits, entry } = funded
  const { gateway, reference } = funded.stated
  const after = withFunding(escrow, { gateway, reference, from: null, amountMinor: fits.minor }, entry.effectiveAt)
  keepEscrow(draft, after, { command: 'fund', at: entry.effectiveAt, detail: { gateway, reference, amount: fits } })
}
