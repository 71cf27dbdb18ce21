import { z } from 'zod'
import type { AccountRef } from '../accounts/account.js'
import { accountCodes } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import type { Draft, View } from '../journal/draft.js'
import { effectiveOfFact } from '../journal/effective.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { amountSchema, idSchema, positiveAmountSchema } from '../journal/schema.js'
import { compare, fromMinor, inWords, type Money, subtract, zero } from '../money/index.js'
import { placeFact, suspendRedirected } from './facts.js'
import { feeKey, fees } from './fee.js'
import { paymentKey, payments } from './payment.js'

/** A fee as `fund` takes it; `payments.fee` adds which payment it is of. */
export const feeSchema = z.strictObject({
  fee: positiveAmountSchema,
  tax: amountSchema.optional(),
  id: idSchema.optional(),
})
type GivenFee = z.output<typeof feeSchema>

/** A fee that a gateway charged for a payment, or for an instruction. */
export interface FeeCharge {
  readonly gateway: string
  /** Of the payment; of an instruction its id. */
  readonly reference: string
  readonly of: 'payment' | 'instruction'
  readonly id: string
  readonly fee: Money
  readonly tax: Money
  /** The account that it was taken from. */
  readonly account: string
}

/** Gives back what it was given. Throws `invalid_input` for a tax that is not a part of the fee. */
export function checkFee<Given extends GivenFee>(given: Given): Given {
  const { fee, tax } = given
  if (!tax) return given
  const message = tax.currency !== fee.currency ? `must be in ${fee.currency}` : 'must be between zero and the fee'
  if (tax.currency !== fee.currency || tax.minor < 0n || compare(tax, fee) > 0) {
    throw invalidInput([{ path: 'tax', message }])
  }
  return given
}

/** Fills in what may be left out. */
export const feeChargeOf = (
  { id, fee, tax }: GivenFee,
  subject: Pick<FeeCharge, 'gateway' | 'reference' | 'of' | 'account'>,
): FeeCharge => ({ ...subject, id: id ?? subject.reference, fee, tax: tax ?? zero(fee.currency) })

/** A fee leaves the account that its payment arrived in; where the payment is not known yet, the gateway's clearing. */
export function feeChargeOfPayment(
  given: GivenFee,
  { gateway, reference }: { readonly gateway: string; readonly reference: string },
  view: View,
): FeeCharge {
  const account = view.get(payments, paymentKey(gateway, reference))?.account ?? view.gateway(gateway).clearing
  return feeChargeOf(given, { gateway, reference, of: 'payment', account })
}

/** The entry of a fee that is known, for answering it again. */
export function knownFeeEntries(view: View, gateway: string, id: string): string[] {
  const known = view.get(fees, feeKey(gateway, id))
  return known ? [known.entry] : []
}

/** The entry of this very fee, where it was recorded before. Throws `fee_mismatch` if that was for other amounts. */
export function knownFee(draft: Draft, charge: FeeCharge): Entry | null {
  const known = draft.get(fees, feeKey(charge.gateway, charge.id))
  if (!known) return null
  const same =
    known.reference === charge.reference &&
    known.currency === charge.fee.currency &&
    known.feeMinor === charge.fee.minor &&
    known.taxMinor === charge.tax.minor
  if (same) return draft.entry(known.entry)
  const words = (minor: bigint) => inWords(fromMinor(minor, known.currency))
  throw ledgerError(
    'fee_mismatch',
    `Fee ${charge.id} of ${charge.gateway} is known as ${words(known.feeMinor)} with ${words(known.taxMinor)} of tax, for ${charge.of} ${known.reference}. Give each fee its own id.`,
  )
}

export function feeAccounts({ gateway, fee, account }: FeeCharge): AccountRef[] {
  const codes = [
    accountCodes.gatewayFees(gateway),
    accountCodes.gatewayFeeTax(gateway),
    account,
    accountCodes.suspense(gateway),
  ]
  return codes.map((code) => ({ code, currency: fee.currency }))
}

/**
 * Posts a fee.
 *
 * | debit | credit |
 * | --- | --- |
 * | gateway:razorpay:fees 20.00, gateway:razorpay:fee-tax 3.60 | gateway:razorpay:clearing 23.60 |
 */
export function chargeFee(
  draft: Draft,
  charge: FeeCharge,
  {
    at,
    last,
    escrow,
    party = null,
  }: { at: ParsedInstant | undefined; last: number | null; escrow: string | null; party?: string | null },
): Entry {
  const { gateway, reference, fee, tax, id } = charge
  const { lines, redirected } = placeFact(
    draft,
    [
      debit(accountCodes.gatewayFees(gateway), subtract(fee, tax)),
      debit(accountCodes.gatewayFeeTax(gateway), tax),
      credit(charge.account, fee),
    ],
    gateway,
  )
  const time = effectiveOfFact(draft, { at, now: draft.now, last })
  const payment = charge.of === 'payment' ? reference : null
  const instruction = charge.of === 'instruction' ? reference : null
  const entry = postEntry(draft, { kind: 'fee', lines, ...time, gateway, payment, instruction, party, escrow })
  draft.put(fees, {
    gateway,
    id,
    reference,
    currency: fee.currency,
    feeMinor: fee.minor,
    taxMinor: tax.minor,
    entry: entry.id,
    recordedAt: draft.now,
    revision: 1,
  })
  suspendRedirected(draft, redirected, { gateway, reference: payment, escrow, instruction, entry: entry.id })
  return entry
}
