import type { Books, Outcome } from './books.js'
import { type Command, readAnyAmount, readAt, readPositiveAmount } from './command.js'
import { clearingOf, feeLines, type PaymentKey, paymentKey, postFact } from './payment.js'
import { type Amount, type Fields, optional, readText } from './read-input.js'
import { refuseIf } from './refusal.js'
import { factTime } from './times.js'

export interface FeeInput {
  readonly fee: Amount
  readonly tax: bigint
  readonly id: string | undefined
}

/** A fee above zero, of which `tax`, in the fee's currency, is a part. */
export function readFee(books: Books, input: Fields): FeeInput {
  const fee = readPositiveAmount(books, input.fee)
  const tax = optional(input.tax, (value) => readAnyAmount(books, value))
  refuseIf(tax !== undefined && tax.minor < 0n, 'invalid_input')
  refuseIf(tax !== undefined && tax.currency !== fee.currency, 'invalid_input')
  refuseIf(tax !== undefined && tax.minor > fee.minor, 'invalid_input')
  return { fee, tax: tax?.minor ?? 0n, id: optional(input.id, (id) => readText(id)) }
}

export const charge: Command = (input, books) => {
  const payment = { gateway: readText(input.gateway), reference: readText(input.reference) }
  const fee = readFee(books, input)
  const at = readAt(books, input.at)
  return () => {
    refuseOtherFee(books, payment, fee)
    return chargeFee(books, { payment, fee, at })
  }
}

/** A fee is known by its gateway and its id, which defaults to the payment's reference. */
const feeKey = (payment: PaymentKey, fee: FeeInput): string =>
  paymentKey({ gateway: payment.gateway, reference: fee.id ?? payment.reference })

/** Refuses a fee whose id is known with other amounts, or of another payment. */
export function refuseOtherFee(books: Books, payment: PaymentKey, fee: FeeInput | undefined): void {
  const known = fee ? books.fees.get(feeKey(payment, fee)) : undefined
  if (!known || !fee) return
  const same =
    known.reference === payment.reference &&
    known.fee === fee.fee.minor &&
    known.tax === fee.tax &&
    known.currency === fee.fee.currency
  refuseIf(!same, 'fee_mismatch')
}

/** Posts a fee that is not known yet; a known one is answered with its first result. */
export function chargeFee(
  books: Books,
  { payment, fee, at }: { payment: PaymentKey; fee: FeeInput; at: number | undefined },
): Outcome {
  const known = books.fees.get(feeKey(payment, fee))
  if (known) return { entries: known.entries, replayed: true }
  const { minor, currency } = fee.fee
  const lines = feeLines({
    gateway: payment.gateway,
    fee: minor,
    tax: fee.tax,
    currency,
    from: clearingOf(books, payment.gateway),
  })
  const time = factTime(books, { at, notBefore: Number.NEGATIVE_INFINITY })
  const entries = [postFact(books, { kind: 'fee', ...time, lines }, { gateway: payment.gateway })]
  books.fees.set(feeKey(payment, fee), { fee: minor, tax: fee.tax, currency, entries, reference: payment.reference })
  return { entries }
}
