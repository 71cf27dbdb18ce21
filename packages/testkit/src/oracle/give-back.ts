import { type Books, type Entry, type Line, post } from './books.js'
import { escapeId } from './chart.js'
import type { Escrow, Funding, Return } from './escrow.js'
import { type PaymentKey, samePayment } from './payment.js'
import { assert } from './refusal.js'

/** What of a funding has not gone back. */
export function notGoneBack(escrow: Escrow, funding: number): bigint {
  let left = escrow.fundings[funding]?.amount ?? 0n
  for (const each of escrow.returns) if (each.funding === funding) left -= each.amount
  return left
}

/** The fundings that came with a payment, by their place. */
export const fundingsBy = (escrow: Escrow, payment: PaymentKey): readonly number[] =>
  escrow.fundings.flatMap(({ source }, index) =>
    'payment' in source && samePayment(source.payment, payment) ? [index] : [],
  )

const samePlace = (a: Funding['source'], b: Funding['source']): boolean =>
  'account' in a ? 'account' in b && a.account === b.account : 'payment' in b && samePayment(a.payment, b.payment)

/** Fundings by their place, newest first; those from one source stand together, where the newest of them stands. */
function newestFirst(escrow: Escrow): readonly number[] {
  const places = [...escrow.fundings.keys()].toReversed()
  const sourceOf = (place: number) => escrow.fundings[place]?.source as Funding['source']
  const leaders = places.filter(
    (place) => !places.some((newer) => newer > place && samePlace(sourceOf(newer), sourceOf(place))),
  )
  return leaders.flatMap((leader) => places.filter((place) => samePlace(sourceOf(place), sourceOf(leader))))
}

/** How an amount goes back to where it came from: newest source first, each capped at what of it has not gone back. */
export function returnsOf(
  escrow: Escrow,
  back: { readonly amount: bigint; readonly payment?: PaymentKey | undefined; readonly within: Return['within'] },
): readonly Return[] {
  const candidates = back.payment ? fundingsBy(escrow, back.payment).toReversed() : newestFirst(escrow)
  const returns: Return[] = []
  let left = back.amount
  for (const funding of candidates) {
    const available = notGoneBack(escrow, funding)
    const amount = available < left ? available : left
    if (amount > 0n) returns.push({ funding, amount, within: back.within })
    left -= amount
  }
  assert(left === 0n, 'more goes back than came')
  return returns
}

const refundsCode = (payer: string): string => `payer:${escapeId(payer)}:refunds`

/**
 * The credits of what goes back: first payments to what the payer is owed, then credit to its accounts. Where several of
 * them take nothing, the first is told of.
 */
export function returnLines(escrow: Escrow, returns: readonly Return[]): readonly Line[] {
  const owed: Line[] = []
  const credited: Line[] = []
  for (const { funding, amount } of returns) {
    const source = escrow.fundings[funding]?.source
    assert(source !== undefined, 'a return names no funding')
    if ('account' in source) credited.push([source.account, escrow.currency, -amount])
    else owed.push([refundsCode(escrow.payer), escrow.currency, -amount])
  }
  return [...owed, ...credited]
}

/** Records the instructions for what goes back to payments, one for each payment, each with its entry. */
export function instructReturns(
  books: Books,
  { escrow, returns, effectiveAt }: { escrow: Escrow; returns: readonly Return[]; effectiveAt: number },
): readonly Entry[] {
  const parts: { payment: PaymentKey; amount: bigint }[] = []
  for (const { funding, amount } of returns) {
    const source = escrow.fundings[funding]?.source
    if (!source || 'account' in source) continue
    const same = parts.find((part) => samePayment(part.payment, source.payment))
    if (same) same.amount += amount
    else parts.push({ payment: source.payment, amount })
  }
  return parts.map(({ payment, amount }) =>
    instructRefund(books, {
      gateway: payment.gateway,
      payment,
      payer: escrow.payer,
      escrow: escrow.id,
      amount,
      currency: escrow.currency,
      effectiveAt,
    }),
  )
}

/** Records one refund's instruction and posts its entry. */
export function instructRefund(
  books: Books,
  refund: {
    readonly gateway: string
    readonly payment?: PaymentKey
    readonly payer: string
    readonly escrow?: string
    readonly amount: bigint
    readonly currency: string
    readonly effectiveAt: number
  },
): Entry {
  const { effectiveAt, ...facts } = refund
  books.instructions.push({ ...facts, kind: 'refund', state: 'recorded', resent: false, lastAt: effectiveAt })
  return post(books, {
    kind: 'refund_instructed',
    effectiveAt,
    ...(facts.escrow === undefined ? {} : { escrow: facts.escrow }),
    lines: [
      [refundsCode(facts.payer), facts.currency, facts.amount],
      [`refunds:in-transit:${escapeId(facts.gateway)}`, facts.currency, -facts.amount],
    ],
  })
}
