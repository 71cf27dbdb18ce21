import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { fromMinor, inWords, isZero, type Money } from '../money/index.js'
import { takeFromSuspense } from '../payments/facts.js'
import { type Payment, payments } from '../payments/payment.js'
import { suspenseIdOf } from '../payments/suspense.js'
import { escrows } from './escrow.js'
import { allocationOf, type FundAnswer, fundAnswer, keepFunded, type Stated } from './fund-answer.js'
import { capacityOf } from './funding.js'

/**
 * Refuses what contradicts a payment that is known (`payment_mismatch`, `payment_exceeded`), and answers again what was
 * allocated to this escrow already. Null when the escrow has had nothing of it yet.
 */
export function answerAgain(
  draft: Draft,
  payment: Payment,
  stated: Stated & { readonly paymentAmount?: Money | undefined },
): FundAnswer | null {
  const earlier = payment.allocations.find((allocation) => allocation.escrow === stated.id)
  const contradicts =
    payment.currency !== stated.amount.currency ||
    (stated.paymentAmount && stated.paymentAmount.minor !== payment.amountMinor) ||
    (earlier && earlier.statedMinor !== stated.amount.minor)
  if (contradicts) {
    const words = (minor: bigint) => inWords(fromMinor(minor, payment.currency))
    const given = earlier ? `, ${words(earlier.statedMinor)} of it for escrow ${earlier.escrow}` : ''
    const known = `${words(payment.amountMinor)}${given}`
    throw ledgerError(
      'payment_mismatch',
      `Payment ${payment.reference} of ${payment.gateway} is known with ${known}, which is not what is stated now. Look at payments.get before repeating.`,
    )
  }
  if (earlier) {
    const posted = earlier.feeEntry === null ? [earlier.entry] : [earlier.entry, earlier.feeEntry]
    draft.repeat(posted.map((id) => draft.entry(id)).filter((entry): entry is Entry => entry !== null))
    return fundAnswer(draft, stated, earlier.statedMinor - earlier.excessMinor)
  }
  if (payment.suspenseMinor >= stated.amount.minor) return null
  const available = fromMinor(payment.suspenseMinor, payment.currency)
  throw exceeded(payment, { available, requested: stated.amount })
}

/** More was asked of a payment than it has to give. */
export function exceeded(
  payment: Pick<Payment, 'gateway' | 'reference'>,
  { available, requested }: { available: Money; requested: Money },
) {
  const named = `Payment ${payment.reference} of ${payment.gateway}`
  const message = `${named} has ${inWords(available)} to give to this escrow, less than the ${inWords(requested)} stated. See payments.get.`
  return ledgerError('payment_exceeded', message, { available, requested })
}

/**
 * A payment of which this escrow has had nothing yet: what fits moves out of suspense, and nothing is posted when
 * nothing fits.
 *
 * | debit | credit |
 * | --- | --- |
 * | suspense:razorpay 400.00 | escrow:s2 400.00 |
 */
export function allocateRest(
  draft: Draft,
  payment: Payment,
  stated: Stated & { readonly at?: ParsedInstant | undefined },
): FundAnswer {
  const { gateway, reference, amount } = stated
  const escrow = draft.get(escrows, stated.id)
  const { fits } = capacityOf(draft, escrow, { id: stated.id, amount })
  if (isZero(fits) || !escrow) return fundAnswer(draft, stated, 0n)
  const time = effectiveOfFact(draft, { at: stated.at, now: draft.now, last: escrow.lastAt })
  const lines = [debit(accountCodes.suspense(gateway), fits), credit(accountCodes.held(escrow.id), fits)]
  const entry = postEntry(draft, { kind: 'funding', lines, ...time, gateway, payment: reference, escrow: escrow.id })
  takeFromSuspense(draft, suspenseIdOf(stated), fits)
  draft.put(payments, {
    ...payment,
    allocatedMinor: payment.allocatedMinor + fits.minor,
    suspenseMinor: payment.suspenseMinor - fits.minor,
    allocations: [...payment.allocations, allocationOf(stated, fits, entry)],
    revision: payment.revision + 1,
  })
  keepFunded(draft, escrow, { stated, fits, entry })
  return fundAnswer(draft, stated, fits.minor)
}
