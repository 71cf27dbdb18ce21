import { type Books, type Entry, type Line, post } from './books.js'
import { escapeId } from './chart.js'
import { type Command, readAt, readPositiveAmount } from './command.js'
import { findEscrow, heldCode, refuseEnded, refuseOffStep, remaining } from './escrow.js'
import { addFunding } from './fund-escrow.js'
import { instructRefund } from './give-back.js'
import { itemOf, type PaymentKey, paymentKey, type SuspenseItem, size, suspenseOf, takeFromItem } from './payment.js'
import { optional, readFields, readReason, readText } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'
import { lastEntryAt, requestTime } from './times.js'

/**
 * How a suspense item is named to the oracle: by its place among all items, from 0 in order of creation, or by the
 * payment that it came in with, of which there is one item at most.
 */
export type SuspenseName = { readonly index: number } | { readonly gateway: string; readonly reference: string }

function placeOf(books: Books, value: unknown): number | undefined {
  if (typeof value === 'string') return undefined
  const name = readFields(value)
  if (typeof name.index === 'number') return books.suspense[name.index] ? name.index : undefined
  const payment = { gateway: readText(name.gateway), reference: readText(name.reference) }
  return itemOf(books, payment)
}

interface Resolution {
  readonly place: number
  readonly item: SuspenseItem
  readonly amount: bigint
  readonly at: number | undefined
}

export const resolve: Command = (input, books) => {
  const { id } = input
  const wanted = optional(input.amount, (amount) => readPositiveAmount(books, amount))
  const allocate = optional(input.allocate, (value) => readText(readFields(value).escrow))
  const refund = optional(input.refund, (value) => readText(readFields(value).payer))
  const writeOff = optional(input.writeOff, (value) => readReason(readFields(value).reason))
  const given = [allocate, refund, writeOff].filter((each) => each !== undefined)
  refuseIf(given.length !== 1, 'invalid_input')
  const at = readAt(books, input.at)
  return () => {
    const place = placeOf(books, id)
    const item = place === undefined ? undefined : books.suspense[place]
    if (place === undefined || !item) throw new Refusal('suspense_not_found')
    refuseIf(item.remaining === 0n, 'suspense_already_resolved')
    refuseIf(wanted !== undefined && wanted.currency !== item.currency, 'currency_mismatch')
    const amount = wanted?.minor ?? size(item.remaining)
    refuseIf(amount > size(item.remaining), 'insufficient_funds')
    const resolution = { place, item, amount, at }
    if (allocate !== undefined) return allocateTo(books, resolution, allocate)
    if (refund !== undefined) return refundTo(books, resolution, refund)
    return writeOffItem(books, resolution)
  }
}

function allocateTo(books: Books, { place, item, amount, at }: Resolution, id: string) {
  const escrow = findEscrow(books, id)
  refuseEnded(books, escrow)
  refuseIf(item.currency !== escrow.currency, 'currency_mismatch')
  refuseOffStep(escrow, amount)
  refuseIf(amount > remaining(escrow), 'escrow_overfunded')
  const { payment } = item
  if (!payment) throw new Refusal('payment_not_found')
  const effectiveAt = requestTime(books, { at, notBefore: lastEntryAt(books, id), posts: true })
  takeFromItem(books, place, amount)
  addFunding(books, escrow, { source: { payment }, amount, effectiveAt })
  const lines = outOfSuspense(item, amount, heldCode(escrow))
  const entries = [post(books, { kind: 'suspense_allocated', effectiveAt, escrow: id, lines })]
  sayFirst(books, payment, { id, amount, entries })
  return { entries }
}

/** Where the escrow had nothing of this payment yet, funding it with this amount is answered with these entries. */
function sayFirst(
  books: Books,
  key: PaymentKey,
  { id, amount, entries }: { id: string; amount: bigint; entries: readonly Entry[] },
): void {
  const payment = books.payments.get(paymentKey(key))
  if (!payment || payment.stated.some(({ escrow, isPlaced }) => escrow === id && isPlaced)) return
  const more = { escrow: id, amount, entries, excess: 0n, isPlaced: true }
  books.payments.set(paymentKey(key), { ...payment, stated: [...payment.stated, more] })
}

function refundTo(books: Books, { place, item, amount, at }: Resolution, payer: string) {
  const { currency } = item
  const payment = item.payment ?? item.refundOf
  if (!payment || item.amount < 0n) throw new Refusal('payment_not_found')
  const effectiveAt = requestTime(books, { at, notBefore: Number.NEGATIVE_INFINITY, posts: true })
  takeFromItem(books, place, amount)
  const lines = outOfSuspense(item, amount, `payer:${escapeId(payer)}:refunds`)
  const entry = post(books, { kind: 'suspense_refunded', effectiveAt, lines })
  const { gateway } = payment
  const instructed = instructRefund(books, { gateway, payment, payer, amount, currency, effectiveAt })
  return { entries: [entry, instructed] }
}

function writeOffItem(books: Books, { place, item, amount, at }: Resolution) {
  const effectiveAt = requestTime(books, { at, notBefore: Number.NEGATIVE_INFINITY, posts: true })
  const signed = item.amount < 0n ? -amount : amount
  takeFromItem(books, place, signed)
  const lines = outOfSuspense(item, signed, 'platform:losses')
  return { entries: [post(books, { kind: 'suspense_written_off', effectiveAt, lines })] }
}

const outOfSuspense = ({ gateway, currency }: SuspenseItem, amount: bigint, to: string): readonly Line[] => [
  [suspenseOf(gateway), currency, amount],
  [to, currency, -amount],
]
