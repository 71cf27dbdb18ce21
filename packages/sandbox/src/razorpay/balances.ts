import { pockets } from './books.js'
import type { Desk } from './desk.js'

/** Where every paisa is. Together all of them are zero: what came in from outside is what went out and what is held. */
export interface RazorpayBalances {
  /** The merchant's balance, which is settled with its bank. Only a lost dispute may take it below zero. */
  readonly clearing: bigint
  /** The balance of RazorpayX. */
  readonly payouts: bigint
  /** By the id of the linked account. */
  readonly linked: Readonly<Record<string, bigint>>
  readonly inFlight: {
    readonly authorized: bigint
    readonly refunds: bigint
    readonly transfers: bigint
    readonly payouts: bigint
    readonly disputes: bigint
  }
  /** What Razorpay has kept. */
  readonly charged: { readonly fees: bigint; readonly taxes: bigint }
  /** What those outside have got, less what they gave. */
  readonly outside: { readonly payers: bigint; readonly merchantBank: bigint; readonly beneficiaries: bigint }
}

/** An exact snapshot, in paise. */
export function balancesOf({ books: { sheet }, store }: Desk): RazorpayBalances {
  const of = (pocket: string) => sheet.balance(pocket, 'INR')
  return {
    clearing: of(pockets.clearing),
    payouts: of(pockets.payouts),
    linked: Object.fromEntries(store.accounts.all().map(({ id }) => [id, of(pockets.linked(id))])),
    inFlight: {
      authorized: of(pockets.authorized),
      refunds: of(pockets.refundsInFlight),
      transfers: of(pockets.transfersInFlight),
      payouts: of(pockets.payoutsInFlight),
      disputes: of(pockets.disputesInFlight),
    },
    charged: { fees: of(pockets.fees), taxes: of(pockets.taxes) },
    outside: {
      payers: of(pockets.payers),
      merchantBank: of(pockets.merchantBank),
      beneficiaries: of(pockets.beneficiaries),
    },
  }
}
