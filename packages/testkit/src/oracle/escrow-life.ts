import { type Command, readAt, readPositiveAmount } from './command.js'
import { type Escrow, findEscrow, refuseEnded } from './escrow.js'
import type { Fraction } from './fraction.js'
import { exponentOf, optional, readFields, readMeasures, readText } from './read-input.js'
import { refuseIf } from './refusal.js'
import { isOnScale, readTerms } from './terms.js'
import { requestTime } from './times.js'

export const open: Command = (input, books) => {
  const id = readText(input.id)
  const payer = readText(input.payer)
  const { minor: amount, currency } = readPositiveAmount(books, input.amount)
  const at = readAt(books, input.at)
  const named = Object.entries(optional(input.parties, readFields) ?? {})
  const parties = new Map(named.map(([name, party]) => [name, readText(party)]))
  const terms = readTerms(input.terms, {
    exponent: exponentOf(books.settings.exponents, currency),
    amountMinor: amount,
    parties: [...parties.keys()],
  })
  return () => {
    refuseIf(amount % terms.step !== 0n, 'amount_off_step')
    refuseIf(books.escrows.has(id), 'escrow_exists')
    const openedAt = requestTime(books, { at, notBefore: Number.NEGATIVE_INFINITY, posts: false })
    books.escrows.set(id, {
      id,
      payer,
      parties,
      amount,
      currency,
      terms,
      openedAt,
      measures: new Map(),
      fundings: [],
      returns: [],
      disputes: [],
      releases: [],
    })
    return { entries: [] }
  }
}

export const deliver: Command = (input, books) => {
  const id = readText(input.id)
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEnded(books, escrow)
    refuseIf(escrow.completedAt !== undefined, 'escrow_already_completed')
    refuseIf(escrow.deliveredAt !== undefined, 'escrow_already_delivered')
    const deliveredAt = requestTime(books, { at, notBefore: escrow.openedAt, posts: false })
    books.escrows.set(id, { ...escrow, deliveredAt })
    return { entries: [] }
  }
}

export const measure: Command = (input, books) => {
  const id = readText(input.id)
  const measures = readMeasures(input.measures)
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEnded(books, escrow)
    refuseMeasures(escrow, measures)
    requestTime(books, { at, notBefore: escrow.openedAt, posts: false })
    books.escrows.set(id, withMeasures(escrow, measures))
    return { entries: [] }
  }
}

export const complete: Command = (input, books) => {
  const id = readText(input.id)
  const measures = optional(input.measures, readMeasures)
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEnded(books, escrow)
    refuseIf(escrow.completedAt !== undefined, 'escrow_already_completed')
    if (measures && measures.size > 0) refuseMeasures(escrow, measures)
    const notBefore = Math.max(escrow.openedAt, escrow.deliveredAt ?? escrow.openedAt)
    const completedAt = requestTime(books, { at, notBefore, posts: false })
    books.escrows.set(id, { ...withMeasures(escrow, measures ?? new Map()), completedAt })
    return { entries: [] }
  }
}

function refuseMeasures(escrow: Escrow, measures: ReadonlyMap<string, Fraction>): void {
  refuseIf(escrow.releases.length > 0, 'measures_fixed')
  const { deductions } = escrow.terms
  for (const name of measures.keys()) {
    refuseIf(!deductions.some((deduction) => deduction.measure === name), 'measure_unknown')
  }
  for (const { measure: name, scale } of deductions) {
    const score = measures.get(name)
    refuseIf(score !== undefined && !isOnScale(scale, score), 'measure_out_of_scale')
  }
}

const withMeasures = (escrow: Escrow, measures: ReadonlyMap<string, Fraction>): Escrow => ({
  ...escrow,
  measures: new Map([...escrow.measures, ...measures]),
})
