import { type Books, type Line, post } from './books.js'
import { escapeId } from './chart.js'
import { type Command, readAt, readPositiveAmount } from './command.js'
import {
  dueAt,
  type Escrow,
  findEscrow,
  frozen,
  funded,
  held,
  heldCode,
  refuseEndedWithNothingHeld,
  refuseOffStep,
} from './escrow.js'
import { instructReturns, returnLines, returnsOf } from './give-back.js'
import { mergeLines } from './payment.js'
import { optional, readFields, readReason, readText } from './read-input.js'
import { refuseIf } from './refusal.js'
import { type Release, splitRelease } from './release.js'
import { firstOpenInstant, lastEntryAt, requestTime } from './times.js'

export const settle: Command = (input, books) => {
  const id = readText(input.id)
  const early = optional(input.early, (value) => {
    const fields = readFields(value)
    readReason(fields.reason)
    return { amount: optional(fields.amount, (amount) => readPositiveAmount(books, amount)) }
  })
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEndedWithNothingHeld(books, escrow)
    refuseIf(funded(escrow) === 0n, 'escrow_not_funded')
    const available = held(books, escrow)
    refuseIf(available === 0n && frozen(books, escrow) > 0n, 'escrow_disputed')
    const due = dueAt(books, escrow)
    if (!early) refuseIf(due === undefined || due > books.now || (at !== undefined && at < due), 'escrow_not_due')
    const amount = early?.amount?.minor ?? available
    refuseIf(early?.amount !== undefined && early.amount.currency !== escrow.currency, 'currency_mismatch')
    refuseOffStep(escrow, amount, available)
    refuseIf(amount > available, 'insufficient_held')

    const last = lastEntryAt(books, id)
    const effectiveAt =
      early || at !== undefined || due === undefined
        ? requestTime(books, { at, notBefore: last, posts: true })
        : Math.max(due, last, firstOpenInstant(books))
    return { entries: release(books, { escrow, amount, effectiveAt }) }
  }
}

/** Releases an amount that is held, by the terms. */
function release(
  books: Books,
  { escrow, amount, effectiveAt }: { escrow: Escrow; amount: bigint; effectiveAt: number },
) {
  const { terms, measures, releases: earlier } = escrow
  const made = splitRelease({ terms, measures, earlier, amount, effectiveAt })
  const toPayer = made.deductions.reduce((all, deduction) => all + deduction.toPayer, 0n)
  const returns = returnsOf(escrow, { amount: toPayer, within: 'release' })
  const { attempt: _, ...kept } = escrow
  books.escrows.set(escrow.id, {
    ...kept,
    releases: [...earlier, made],
    returns: [...escrow.returns, ...returns],
  })
  const lines = mergeLines([
    [heldCode(escrow), escrow.currency, amount],
    ...partyLines(escrow, made),
    ...returnLines(escrow, returns),
  ])
  const entry = post(books, { kind: 'release', effectiveAt, escrow: escrow.id, lines })
  return [entry, ...instructReturns(books, { escrow, returns, effectiveAt })]
}

/** The credits of a release, but for what goes back to the payer. */
function partyLines(escrow: Escrow, made: Release): readonly Line[] {
  const toPlatform = made.deductions.reduce((all, deduction) => all + deduction.toPlatform, 0n)
  const lines = made.shares.map(({ party, allotted, deducted }): Line => {
    const payee = escapeId(escrow.parties.get(party) ?? '')
    const code = party === 'platform' ? 'platform:fees' : `payee:${payee}:payable`
    return [code, escrow.currency, deducted - allotted]
  })
  return [...lines, ['platform:penalties', escrow.currency, -toPlatform]]
}
