import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import type { Draft, View } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry, type Line } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { compare, fromMinor, isZero, type Money, subtract, zero } from '../money/index.js'
import {
  chargeFee,
  checkFee,
  type FeeCharge,
  feeAccounts,
  feeChargeOf,
  feeSchema,
  knownFee,
  knownFeeEntries,
} from '../payments/charge-fee.js'
import { placeFact, suspend, suspendRedirected } from '../payments/facts.js'
import { feeKey } from '../payments/fee.js'
import { type Payment, paymentKey, payments } from '../payments/payment.js'
import { type SuspenseReason, suspenseItems } from '../payments/suspense.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Escrow, escrows } from './escrow.js'
import { capacityOf, withFunding } from './funding.js'
import { keepEscrow } from './life.js'

const schema = z.strictObject({
  id: idSchema,
  amount: positiveAmountSchema,
  gateway: nameSchema,
  reference: idSchema,
  paymentAmount: positiveAmountSchema.optional(),
  received: positiveAmountSchema.optional(),
  fee: feeSchema.optional(),
  at: instantSchema.optional(),
})
export type FundInput = z.output<typeof schema>

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
  /** Where the escrow stands; null where there is no such escrow. */
  readonly escrow: EscrowAnswer | null
}

/**
 * Money that a gateway says arrived for an escrow. A fact: refused only as `payment_mismatch`, `payment_exceeded` or
 * `fee_mismatch`, when it contradicts what is known of the same payment; what does not fit goes to suspense.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:clearing 1000.00 | escrow:s1 900.00, suspense:razorpay 100.00 |
 */
export const fundEscrowCommand: Command<FundInput, FundAnswer> = {
  name: 'escrows.fund',
  parse: (input) => checkInput(parserOf(schema)(input)),
  direct: (input) => ({
    records: {
      escrows: [input.id],
      payments: [paymentKey(input.gateway, input.reference)],
      fees: input.fee ? [feeKey(input.gateway, input.fee.id ?? input.reference)] : [],
      suspense: [suspenseIdOf(input)],
    },
  }),
  further: (input, view) => ({
    accounts: [
      ...fundLines(input, view, input.amount).map(({ code, currency }) => ({ code, currency })),
      ...(input.fee ? feeAccounts(chargeOf(input, view)) : []),
    ],
    entries: [
      ...(view.get(payments, paymentKey(input.gateway, input.reference))?.allocations ?? []).map((each) => each.entry),
      ...(input.fee ? knownFeeEntries(view, input.gateway, input.fee.id ?? input.reference) : []),
    ],
  }),
  decide(input, draft) {
    const payment = draft.get(payments, paymentKey(input.gateway, input.reference))
    const answer = payment ? fundFromKnown(input, draft, payment) : null
    if (answer) return answer
    const charge = input.fee ? chargeOf(input, draft) : null
    const chargedBefore = charge ? knownFee(draft, charge) : null
    const funded = payment ? allocateRest(input, draft, payment) : fundFromNew(input, draft)
    if (charge && !chargedBefore)
      chargeFee(draft, charge, { at: input.at, last: null, escrow: funded.escrow ? input.id : null })
    return funded
  },
}

function checkInput(input: FundInput): FundInput {
  const { amount, paymentAmount, received, fee } = input
  if (paymentAmount && paymentAmount.currency !== amount.currency) {
    throw invalidInput([{ path: 'paymentAmount', message: `must be in ${amount.currency}, as the amount is` }])
  }
  if (received && received.currency === amount.currency) {
    throw invalidInput([{ path: 'received', message: 'is for another currency than the amount; leave it out' }])
  }
  if (fee) checkFee(fee)
  if (paymentAmount && compare(paymentAmount, amount) < 0) throw exceeded(paymentAmount, amount)
  return input
}

function exceeded(available: Money, requested: Money) {
  return ledgerError('payment_exceeded', 'The payment has less than that to give to this escrow.', {
    available,
    requested,
  })
}

/** The id of the one item that a payment's unallocated money is kept under. */
export function suspenseIdOf({ gateway, reference }: { gateway: string; reference: string }): string {
  return `payment:${paymentKey(gateway, reference)}`
}

function chargeOf(input: FundInput, view: View): FeeCharge {
  const account = view.get(payments, paymentKey(input.gateway, input.reference))?.account
  const { gateway, reference } = input
  return feeChargeOf(input.fee ?? { fee: input.amount }, {
    gateway,
    reference,
    account: account ?? view.gateway(gateway).clearing,
  })
}

/** The lines of a new payment's entry, for an allocation; naming every account that it may touch. */
function fundLines(input: FundInput, view: View, allocated: Money): Line[] {
  const { amount, received, gateway } = input
  const whole = input.paymentAmount ?? amount
  const { clearing } = view.gateway(gateway)
  const arrived = received
    ? [
        debit(clearing, received),
        credit(accountCodes.fx(received.currency, whole.currency), received),
        debit(accountCodes.fx(received.currency, whole.currency), whole),
      ]
    : [debit(clearing, whole)]
  const rest = credit(accountCodes.suspense(gateway), subtract(whole, allocated))
  return [...arrived, credit(accountCodes.held(input.id), allocated), rest, ...suspenseOf(received, gateway)]
}

/** Names suspense in the currency that arrived as well, for a line that the gateway's account does not take. */
function suspenseOf(received: Money | undefined, gateway: string): Line[] {
  return received ? [credit(accountCodes.suspense(gateway), zero(received.currency))] : []
}

/**
 * A payment that is known: refuses what contradicts it, and answers again what was allocated to this escrow already.
 * Null when the escrow has had nothing of it yet.
 */
function fundFromKnown(input: FundInput, draft: Draft, payment: Payment): FundAnswer | null {
  const stated = input.paymentAmount
  const earlier = payment.allocations.find((allocation) => allocation.escrow === input.id)
  const contradicts =
    payment.currency !== input.amount.currency ||
    (stated && stated.minor !== payment.amountMinor) ||
    (earlier && earlier.statedMinor !== input.amount.minor)
  if (contradicts) {
    throw ledgerError(
      'payment_mismatch',
      `Payment ${payment.reference} of ${payment.gateway} is known with another amount. Look at payments.get before repeating.`,
    )
  }
  if (earlier) {
    draft.repeat([draft.entry(earlier.entry)].filter((entry): entry is Entry => entry !== null))
    const excess = earlier.excessMinor > 0n ? excessOf(input, draft, earlier.excessMinor) : null
    return answerOf(input, draft, { allocatedMinor: earlier.amountMinor, excess })
  }
  if (payment.suspenseMinor < input.amount.minor) {
    throw exceeded(fromMinor(payment.suspenseMinor, payment.currency), input.amount)
  }
  return null
}

function excessOf(input: FundInput, draft: Draft, minor: bigint): Excess {
  const id = suspenseIdOf(input)
  const reason = draft.get(suspenseItems, id)?.reason ?? 'unallocated'
  return { amount: fromMinor(minor, input.amount.currency), reason, suspense: id }
}

function answerOf(
  input: FundInput,
  draft: Draft,
  { allocatedMinor, excess }: { allocatedMinor: bigint; excess: Excess | null },
): FundAnswer {
  const escrow = draft.get(escrows, input.id)
  const allocated = fromMinor(allocatedMinor, input.amount.currency)
  return { allocated, excess, escrow: escrow ? escrowAnswer(escrow) : null }
}

/** A payment seen for the first time: all of it is posted. */
function fundFromNew(input: FundInput, draft: Draft): FundAnswer {
  const { gateway, reference, amount } = input
  const whole = input.paymentAmount ?? amount
  const escrow = draft.get(escrows, input.id)
  const { fits, reason } = capacityOf(draft, escrow, { id: input.id, amount })
  const { lines, redirected } = placeFact(draft, fundLines(input, draft, fits), gateway)
  const time = effectiveOfFact(draft, { at: input.at, now: draft.now, last: escrow?.lastAt ?? null })
  const about = { gateway, payment: reference, escrow: escrow ? escrow.id : null }
  const entry = postEntry(draft, { kind: 'funding', lines, ...time, ...about })
  const rest = subtract(whole, fits)
  const item = { gateway, reference, escrow: input.id, instruction: null, entry: entry.id }
  if (!isZero(rest)) {
    const suspended = {
      ...item,
      currency: rest.currency,
      amountMinor: rest.minor,
      reason: reason ?? ('unallocated' as const),
    }
    suspend(draft, suspended, suspenseIdOf(input))
  }
  suspendRedirected(draft, redirected, item)
  const excessMinor = amount.minor - fits.minor
  const allocation = {
    escrow: input.id,
    amountMinor: fits.minor,
    entry: entry.id,
    excessMinor,
    statedMinor: amount.minor,
  }
  draft.put(payments, {
    gateway,
    reference,
    currency: whole.currency,
    amountMinor: whole.minor,
    receivedCurrency: input.received?.currency ?? null,
    receivedMinor: input.received?.minor ?? null,
    account: draft.gateway(gateway).clearing,
    allocatedMinor: fits.minor,
    refundedMinor: 0n,
    chargedBackMinor: 0n,
    suspenseMinor: rest.minor,
    allocations: isZero(fits) ? [] : [allocation],
    capturedAt: time.occurredAt ?? time.effectiveAt,
    recordedAt: draft.now,
    revision: 1,
  })
  if (escrow && !isZero(fits)) keepFunded(draft, escrow, { input, fits, entry })
  return answerOf(input, draft, {
    allocatedMinor: fits.minor,
    excess: excessMinor > 0n ? excessOf(input, draft, excessMinor) : null,
  })
}

/**
 * A payment of which this escrow has had nothing yet: what fits moves out of suspense.
 *
 * | debit | credit |
 * | --- | --- |
 * | suspense:razorpay 400.00 | escrow:s2 400.00 |
 */
function allocateRest(input: FundInput, draft: Draft, payment: Payment): FundAnswer {
  const { gateway, reference, amount } = input
  const escrow = draft.get(escrows, input.id)
  const { fits } = capacityOf(draft, escrow, { id: input.id, amount })
  if (isZero(fits) || !escrow) {
    draft.repeat([])
    return answerOf(input, draft, { allocatedMinor: 0n, excess: excessOf(input, draft, amount.minor) })
  }
  const time = effectiveOfFact(draft, { at: input.at, now: draft.now, last: escrow.lastAt })
  const lines = [debit(accountCodes.suspense(gateway), fits), credit(accountCodes.held(escrow.id), fits)]
  const entry = postEntry(draft, { kind: 'funding', lines, ...time, gateway, payment: reference, escrow: escrow.id })
  takeFromSuspense(draft, suspenseIdOf(input), fits)
  const excessMinor = amount.minor - fits.minor
  const allocation = {
    escrow: escrow.id,
    amountMinor: fits.minor,
    entry: entry.id,
    excessMinor,
    statedMinor: amount.minor,
  }
  draft.put(payments, {
    ...payment,
    allocatedMinor: payment.allocatedMinor + fits.minor,
    suspenseMinor: payment.suspenseMinor - fits.minor,
    allocations: [...payment.allocations, allocation],
    revision: payment.revision + 1,
  })
  keepFunded(draft, escrow, { input, fits, entry })
  return answerOf(input, draft, {
    allocatedMinor: fits.minor,
    excess: excessMinor > 0n ? excessOf(input, draft, excessMinor) : null,
  })
}

/** Takes a part out of a suspended amount. */
export function takeFromSuspense(draft: Draft, id: string, part: Money): void {
  const item = draft.get(suspenseItems, id)
  if (!item) throw ledgerError('invariant_violated', `suspense item ${id} holds what its payment has in suspense`)
  const remainingMinor = item.remainingMinor - part.minor
  const state = remainingMinor === 0n ? 'resolved' : 'open'
  draft.put(suspenseItems, { ...item, remainingMinor, state, revision: item.revision + 1 })
}

function keepFunded(
  draft: Draft,
  escrow: Escrow,
  { input, fits, entry }: { input: FundInput; fits: Money; entry: Entry },
): void {
  const { gateway, reference } = input
  const funded = withFunding(escrow, { gateway, reference, from: null, amountMinor: fits.minor }, entry.effectiveAt)
  keepEscrow(draft, funded, { command: 'fund', at: entry.effectiveAt, detail: { gateway, reference, amount: fits } })
}
