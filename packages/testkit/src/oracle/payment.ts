import { type Books, type Entry, type GatewayFacts, goesBeyond, type Line, post, takesNot } from './books.js'
import { escapeId } from './chart.js'
import type { Amount } from './read-input.js'
import { assert } from './refusal.js'

export interface PaymentKey {
  readonly gateway: string
  readonly reference: string
}

export interface Payment extends PaymentKey {
  readonly currency: string
  readonly amount: bigint
  /** What arrived, where that is in another currency. */
  readonly received?: Amount | undefined
  readonly stated: readonly Stated[]
}

/** What an escrow was said to get of a payment, and the first result of saying so. */
export interface Stated {
  readonly escrow: string
  readonly amount: bigint
  readonly entries: readonly Entry[]
  readonly excess: bigint
  /** Whether anything went to the escrow by that. */
  readonly isPlaced: boolean
}

export interface Fee {
  /** The payment's reference. */
  readonly reference: string
  readonly fee: bigint
  readonly tax: bigint
  readonly currency: string
  readonly entries: readonly Entry[]
}

export interface SuspenseItem {
  readonly gateway: string
  /** The payment that the money came in with. What came back of an instruction came in with none. */
  readonly payment?: PaymentKey
  /** The payment of a refund that came back, by which it can be refunded once more. */
  readonly refundOf?: PaymentKey
  readonly reason: string
  readonly currency: string
  /** Above zero where it is owed to somebody; below it where it is missing. */
  readonly amount: bigint
  /** With the same sign. */
  readonly remaining: bigint
}

/** Ids may hold any character but control characters, so a line feed separates them without doubt. */
export const paymentKey = ({ gateway, reference }: PaymentKey): string => `${gateway}\n${reference}`

export const samePayment = (a: PaymentKey | undefined, b: PaymentKey): boolean =>
  a !== undefined && a.gateway === b.gateway && a.reference === b.reference

export const clearingOf = (books: Books, gateway: string): string =>
  gatewayFacts(books, gateway)?.clearing ?? `gateway:${escapeId(gateway)}:clearing`

export const payoutsOf = (books: Books, gateway: string): string =>
  gatewayFacts(books, gateway)?.payouts ?? clearingOf(books, gateway)

export const gatewayFacts = (books: Books, gateway: string): GatewayFacts | undefined =>
  Object.hasOwn(books.settings.gateways, gateway) ? books.settings.gateways[gateway] : undefined

export const suspenseOf = (gateway: string): string => `suspense:${escapeId(gateway)}`

/**
 * Posts a fact: a line that its account does not take, or that would take it beyond a limit, goes to the gateway's
 * suspense instead, as an item of its own. What
 * is owed of it can go back to the payment `refundOf`, where there is one.
 */
export function postFact(
  books: Books,
  draft: Omit<Entry, 'index'>,
  { gateway, refundOf }: { readonly gateway: string; readonly refundOf?: PaymentKey | undefined },
): Entry {
  const merged = mergeLines(draft.lines)
  const lines = merged.map((line): Line => {
    const [code, currency, signed] = line
    const reason = takesNot(books, code, signed) ?? beyond(books, merged, line)
    if (reason === undefined || signed === 0n) return line
    const back = refundOf === undefined ? {} : { refundOf }
    books.suspense.push({ gateway, ...back, reason, currency, amount: -signed, remaining: -signed })
    return [suspenseOf(gateway), currency, signed]
  })
  return post(books, { ...draft, lines: mergeLines(lines) })
}

/** Whether a line, with what else its account takes of the entry, is too much for the account. */
function beyond(books: Books, lines: readonly Line[], [code, currency, signed]: Line): string | undefined {
  let sum = 0n
  for (const [otherCode, otherCurrency, other] of lines) {
    if (otherCode !== code || otherCurrency !== currency) continue
    if (takesNot(books, code, other) === undefined) sum += other
  }
  const isCause = sum > 0n === signed > 0n
  return isCause && goesBeyond(books, [code, currency, sum]) ? 'limit_exceeded' : undefined
}

/** The same lines with one line for each account, currency and side, in order of first mention. */
export function mergeLines(lines: readonly Line[]): readonly Line[] {
  const merged: Line[] = []
  for (const [code, currency, signed] of lines) {
    const at = merged.findIndex((each) => each[0] === code && each[1] === currency && each[2] > 0n === signed > 0n)
    const same = merged[at]
    if (same) merged[at] = [code, currency, same[2] + signed]
    else merged.push([code, currency, signed])
  }
  return merged
}

/** The place of the suspense item that came in with a payment, if there is one. */
export const itemOf = (books: Books, payment: PaymentKey): number | undefined => {
  const place = books.suspense.findIndex((item) => samePayment(item.payment, payment))
  return place === -1 ? undefined : place
}

/** How much an amount is, whatever its sign. */
export const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount)

/** Takes an amount out of a suspense item. */
export function takeFromItem(books: Books, place: number, amount: bigint): void {
  const item = books.suspense[place]
  assert(item !== undefined && size(item.remaining) >= size(amount), 'more is taken from suspense than there is')
  books.suspense[place] = { ...item, remaining: item.remaining - amount }
}

/** The lines of a fee: its tax apart, both out of the account `from`. */
export const feeLines = ({
  gateway,
  fee,
  tax,
  currency,
  from,
}: {
  readonly gateway: string
  readonly fee: bigint
  readonly tax: bigint
  readonly currency: string
  readonly from: string
}): readonly Line[] => [
  [`gateway:${escapeId(gateway)}:fees`, currency, fee - tax],
  [`gateway:${escapeId(gateway)}:fee-tax`, currency, tax],
  [from, currency, -fee],
]
