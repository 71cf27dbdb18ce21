import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { fromMinor, inWords, isZero, type Money } from '../money/index.js'
import { takeFromSuspense } from '../payments/facts.js'
import { type Allocation, type Payment, payments, type Unplaced } from '../payments/payment.js'
import { suspenseIdOf } from '../payments/suspense.js'
import { escrows } from './escrow.js'
import { allocationOf, type FundAnswer, fundAnswer, keepFunded, type Stated, unplacedOf } from './fund-answer.js'
import { capacityOf } from './funding.js'

/** What a funding by payment says of the payment as a whole, besides which escrow gets how much of it. */
interface Told extends Stated {
  readonly paymentAmount?: Money | undefined
  readonly received?: Money | undefined
}

/** A funding that was told before: its first result. */
interface Known {
  readonly answer: FundAnswer
  readonly entries: readonly Entry[]
}

/**
 * The first result of a funding that is known: told again it is neither refused nor posted, whatever an operator did
 * meanwhile with what was in suspense of it. Null for one that is new, or of which something fits only now. Throws
 * `payment_mismatch` for what contradicts the payment that is known, and `payment_exceeded` for more than is left of it.
 */
export function knownFunding(draft: Draft, payment: Payment, told: Told): Known | null {
  const ofEscrow = payment.allocations.find(({ escrow }) => escrow === told.id)
  const first =
    payment.unplaced.find((each) => isSaid(each, told)) ?? (ofEscrow && isSaid(ofEscrow, told) ? ofEscrow : undefined)
  if (contradicts(payment, told) || (ofEscrow && !first)) throw mismatch(payment, ofEscrow)
  const isEnough = payment.suspenseMinor >= told.amount.minor
  if (first && (ofEscrow || !isEnough || isZero(whatFits(draft, told)))) return knownFrom(draft, first, told)
  if (isEnough) return null
  throw exceeded(payment, { available: fromMinor(payment.suspenseMinor, payment.currency), requested: told.amount })
}

const isSaid = ({ escrow, statedMinor }: Allocation | Unplaced, { id, amount }: Stated) =>
  escrow === id && statedMinor === amount.minor

/** What is left out is not stated, and contradicts nothing. */
function contradicts(payment: Payment, { amount, paymentAmount, received }: Told): boolean {
  return (
    payment.currency !== amount.currency ||
    (paymentAmount !== undefined && paymentAmount.minor !== payment.amountMinor) ||
    (received !== undefined &&
      (received.currency !== payment.receivedCurrency || received.minor !== payment.receivedMinor))
  )
}

function mismatch({ gateway, reference, currency, ...payment }: Payment, ofEscrow: Allocation | undefined) {
  const words = (minor: bigint) => inWords(fromMinor(minor, currency))
  const { receivedCurrency, receivedMinor } = payment
  const arrived =
    receivedCurrency === null ? '' : ` (received as ${inWords(fromMinor(receivedMinor ?? 0n, receivedCurrency))})`
  const given = ofEscrow ? `, ${words(ofEscrow.statedMinor)} of it for escrow ${ofEscrow.escrow}` : ''
  return ledgerError(
    'payment_mismatch',
    `Payment ${reference} of ${gateway} is known with ${words(payment.amountMinor)}${arrived}${given}, which is not what is stated now. Look at payments.get before repeating.`,
  )
}

function knownFrom(draft: Draft, first: Allocation | Unplaced, told: Told): Known {
  const excessMinor = 'excessMinor' in first ? first.excessMinor : first.statedMinor
  const posted = [first.entry, first.feeEntry].flatMap((id) => (id === null ? [] : [draft.entry(id)]))
  return {
    answer: fundAnswer(draft, told, first.statedMinor - excessMinor),
    entries: posted.filter((entry): entry is Entry => entry !== null),
  }
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
  const { gateway, reference } = stated
  const escrow = draft.get(escrows, stated.id)
  const fits = whatFits(draft, stated)
  const unplaced = payment.unplaced.filter((each) => !isSaid(each, stated))
  if (isZero(fits) || !escrow) {
    draft.put(payments, {
      ...payment,
      unplaced: [...unplaced, unplacedOf(stated, null)],
      revision: payment.revision + 1,
    })
    return fundAnswer(draft, stated, 0n)
  }
  const time = effectiveOfFact(draft, { at: stated.at, now: draft.now, last: escrow.lastAt })
  const lines = [debit(accountCodes.suspense(gateway), fits), credit(accountCodes.held(escrow.id), fits)]
  const entry = postEntry(draft, { kind: 'funding', lines, ...time, gateway, payment: reference, escrow: escrow.id })
  takeFromSuspense(draft, suspenseIdOf(stated), fits)
  draft.put(payments, {
    ...payment,
    allocatedMinor: payment.allocatedMinor + fits.minor,
    suspenseMinor: payment.suspenseMinor - fits.minor,
    allocations: [...payment.allocations, allocationOf(stated, fits, entry)],
    unplaced,
    revision: payment.revision + 1,
  })
  keepFunded(draft, escrow, { stated, fits, entry })
  return fundAnswer(draft, stated, fits.minor)
}

function whatFits(draft: Draft, { id, amount }: Stated): Money {
  return capacityOf(draft, draft.get(escrows, id), { id, amount }).fits
}
