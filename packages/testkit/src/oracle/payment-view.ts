import type { Books } from './books.js'
import { itemOf, type Payment, type PaymentKey, samePayment } from './payment.js'

/** Everything that can be compared of a payment, in minor units of its currency. */
export interface PaymentView extends PaymentKey {
  readonly currency: string
  readonly amount: bigint
  /** What each escrow has got of it. */
  readonly allocated: ReadonlyMap<string, bigint>
  /** What was sent back to the payer and has not come back. */
  readonly refunded: bigint
  readonly inSuspense: bigint
  /** Fee and tax by the fee's id. */
  readonly fees: ReadonlyMap<string, readonly [fee: bigint, tax: bigint, currency: string]>
}

export function viewOfPayment(books: Books, payment: Payment): PaymentView {
  const { gateway, reference, currency, amount } = payment
  const allocated = new Map<string, bigint>()
  for (const { id, fundings } of books.escrows.values()) {
    for (const { source, amount: part } of fundings) {
      if ('payment' in source && samePayment(source.payment, payment))
        allocated.set(id, (allocated.get(id) ?? 0n) + part)
    }
  }
  let refunded = 0n
  for (const { kind, state, payment: of, amount: part } of books.instructions) {
    const isBack = state === 'failed' || state === 'cancelled'
    if (kind === 'refund' && !isBack && samePayment(of, payment)) refunded += part
  }
  const item = itemOf(books, payment)
  const inSuspense = item === undefined ? 0n : (books.suspense[item]?.remaining ?? 0n)
  return { gateway, reference, currency, amount, allocated, refunded, inSuspense, fees: feesOf(books, payment) }
}

function feesOf(books: Books, payment: Payment): PaymentView['fees'] {
  const prefix = `${payment.gateway}\n`
  const own = [...books.fees].filter(([key, fee]) => key.startsWith(prefix) && fee.reference === payment.reference)
  return new Map(own.map(([key, { fee, tax, currency }]) => [key.slice(prefix.length), [fee, tax, currency]]))
}
