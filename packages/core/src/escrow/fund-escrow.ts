import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import type { Command } from '../journal/command.js'
import type { Draft, View } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry, type Line } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { compare, isZero, type Money, subtract, zero } from '../money/index.js'
import {
  checkFee,
  feeAccounts,
  feeChargeOfPayment,
  feeSchema,
  knownFee,
  knownFeeEntries,
} from '../payments/charge-fee.js'
import { placeFact, suspend, suspendRedirected } from '../payments/facts.js'
import { feeKey } from '../payments/fee.js'
import { type Allocation, type Payment, paymentKey, payments, type Unplaced } from '../payments/payment.js'
import { suspenseIdOf } from '../payments/suspense.js'
import { chargeAndTell, escrowOfFee } from './charge-payment-fee.js'
import { escrows } from './escrow.js'
import { allocationOf, type FundAnswer, fundAnswer, keepFunded, unplacedOf } from './fund-answer.js'
import { allocateRest, exceeded, knownFunding } from './fund-known-payment.js'
import { capacityOf } from './funding.js'

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

/**
 * Money that a gateway says arrived for an escrow. A fact: refused only as `payment_mismatch`, `payment_exceeded` or
 * `fee_mismatch`, when it contradicts what is known of the same payment; what does not fit goes to suspense. Told again
 * it posts nothing but a fee that is not known yet.
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
    records: { escrows: input.fee ? escrowOfFee(view, input) : [] },
    accounts: [
      ...fundLines(input, view, input.amount).map(({ code, currency }) => ({ code, currency })),
      ...(input.fee ? feeAccounts(feeChargeOfPayment(input.fee, input, view)) : []),
    ],
    entries: [
      ...entriesOfFundings(view.get(payments, paymentKey(input.gateway, input.reference))),
      ...(input.fee ? knownFeeEntries(view, input.gateway, input.fee.id ?? input.reference) : []),
    ],
  }),
  decide(input, draft) {
    const { amount, paymentAmount } = input
    if (paymentAmount && compare(paymentAmount, amount) < 0) {
      throw exceeded(input, { available: paymentAmount, requested: amount })
    }
    const payment = draft.get(payments, paymentKey(input.gateway, input.reference))
    const known = payment ? knownFunding(draft, payment, input) : null
    const charge = input.fee ? feeChargeOfPayment(input.fee, input, draft) : null
    const newFee = charge && !knownFee(draft, charge) ? charge : null
    // Nothing below refuses.
    if (known) {
      if (newFee) chargeAndTell(draft, newFee, { at: input.at })
      else draft.repeat(known.entries)
      return known.answer
    }
    const answer = payment ? allocateRest(draft, payment, input) : fundFromNew(input, draft)
    const told = isZero(answer.allocated) ? null : input.id
    if (newFee) keepFee(draft, input, chargeAndTell(draft, newFee, { at: input.at, told }))
    return answer
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
  return input
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

/** A payment seen for the first time: all of it is posted. */
function fundFromNew(input: FundInput, draft: Draft): FundAnswer {
  const { gateway, reference, amount } = input
  const whole = input.paymentAmount ?? amount
  const escrow = draft.get(escrows, input.id)
  const { fits, reason } = capacityOf(draft, escrow, { id: input.id, amount })
  const { lines, redirected } = placeFact(draft, fundLines(input, draft, fits), gateway)
  // What goes to suspense as a whole is no entry of the escrow that it was meant for.
  const taker = isZero(fits) ? null : escrow
  const time = effectiveOfFact(draft, { at: input.at, now: draft.now, last: taker?.lastAt ?? null })
  const about = { gateway, payment: reference, escrow: taker?.id ?? null }
  const entry = postEntry(draft, { kind: 'funding', lines, ...time, ...about })
  const rest = subtract(whole, fits)
  const item = { gateway, reference, escrow: input.id, instruction: null, entry: entry.id }
  if (!isZero(rest)) {
    const { currency, minor: amountMinor } = rest
    suspend(draft, { ...item, currency, amountMinor, reason: reason ?? 'unallocated' }, suspenseIdOf(input))
  }
  suspendRedirected(draft, redirected, item)
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
    allocations: isZero(fits) ? [] : [allocationOf(input, fits, entry)],
    unplaced: isZero(fits) ? [unplacedOf(input, entry)] : [],
    capturedAt: time.occurredAt ?? time.effectiveAt,
    recordedAt: draft.now,
    revision: 1,
  })
  if (taker) keepFunded(draft, taker, { stated: input, fits, entry })
  return fundAnswer(draft, input, fits.minor)
}

/** Keeps which fee came with a funding, so that the same call again is answered with both entries. */
function keepFee(draft: Draft, { id, amount, gateway, reference }: FundInput, fee: Entry): void {
  const payment = draft.get(payments, paymentKey(gateway, reference))
  if (!payment) return
  const withFee = <Kept extends Allocation | Unplaced>(each: Kept): Kept =>
    each.escrow === id && each.statedMinor === amount.minor ? { ...each, feeEntry: fee.id } : each
  const allocations = payment.allocations.map(withFee)
  draft.put(payments, { ...payment, allocations, unplaced: payment.unplaced.map(withFee) })
}

/** The entries with which a funding of a payment may be answered again. */
function entriesOfFundings(payment: Payment | null): string[] {
  const fundings = [...(payment?.allocations ?? []), ...(payment?.unplaced ?? [])]
  return fundings.flatMap(({ entry, feeEntry }) => [entry, feeEntry]).filter((id): id is string => id !== null)
}
