import { post } from './books.js'
import { type Command, readAt, readPositiveAmount } from './command.js'
import {
  findEscrow,
  frozen,
  frozenCode,
  funded,
  held,
  heldCode,
  refuseEnded,
  refuseEndedWithNothingHeld,
  refuseOffStep,
} from './escrow.js'
import { fundingsBy, instructReturns, notGoneBack, returnLines, returnsOf } from './give-back.js'
import { mergeLines } from './payment.js'
import { optional, readFields, readText } from './read-input.js'
import { refuseIf } from './refusal.js'
import { lastEntryAt, requestTime } from './times.js'

export const cancel: Command = (input, books) => {
  const id = readText(input.id)
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEnded(books, escrow)
    refuseIf(escrow.completedAt !== undefined, 'escrow_already_completed')
    const amount = held(books, escrow)
    const notBefore = Math.max(lastEntryAt(books, id), amount === 0n ? escrow.openedAt : Number.NEGATIVE_INFINITY)
    const effectiveAt = requestTime(books, { at, notBefore, posts: amount > 0n })
    const returns = returnsOf(escrow, { amount, within: 'refund' })
    books.escrows.set(id, { ...escrow, cancelledAt: effectiveAt, returns: [...escrow.returns, ...returns] })
    if (amount === 0n) return { entries: [] }
    const lines = mergeLines([[heldCode(escrow), escrow.currency, amount], ...returnLines(escrow, returns)])
    const entry = post(books, { kind: 'cancellation', effectiveAt, escrow: id, lines })
    return { entries: [entry, ...instructReturns(books, { escrow, returns, effectiveAt })] }
  }
}

export const refund: Command = (input, books) => {
  const id = readText(input.id)
  const wanted = optional(input.amount, (amount) => readPositiveAmount(books, amount))
  const payment = optional(input.payment, (value) => {
    const fields = readFields(value)
    return { gateway: readText(fields.gateway), reference: readText(fields.reference) }
  })
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEndedWithNothingHeld(books, escrow)
    refuseIf(funded(escrow) === 0n, 'escrow_not_funded')
    const available = held(books, escrow)
    refuseIf(available === 0n && frozen(books, escrow) > 0n, 'escrow_disputed')
    refuseIf(wanted !== undefined && wanted.currency !== escrow.currency, 'currency_mismatch')
    const fundings = payment ? fundingsBy(escrow, payment) : []
    refuseIf(payment !== undefined && fundings.length === 0, 'payment_not_found')
    const left = fundings.reduce((all, funding) => all + notGoneBack(escrow, funding), 0n)
    const most = payment !== undefined && left < available ? left : available
    const amount = wanted?.minor ?? most
    refuseOffStep(escrow, amount, available)
    refuseIf(amount > available, 'insufficient_held')
    refuseIf(payment !== undefined && (amount > left || amount === 0n), 'refund_exceeds_payment')
    const effectiveAt = requestTime(books, { at, notBefore: lastEntryAt(books, id), posts: true })

    const returns = returnsOf(escrow, { amount, payment, within: 'refund' })
    books.escrows.set(id, { ...escrow, returns: [...escrow.returns, ...returns] })
    const lines = mergeLines([[heldCode(escrow), escrow.currency, amount], ...returnLines(escrow, returns)])
    const entry = post(books, { kind: 'refund', effectiveAt, escrow: id, lines })
    return { entries: [entry, ...instructReturns(books, { escrow, returns, effectiveAt })] }
  }
}

export const dispute: Command = (input, books) => {
  const id = readText(input.id)
  const named = optional(input.dispute, (name) => readText(name))
  const wanted = optional(input.amount, (amount) => readPositiveAmount(books, amount))
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    refuseEnded(books, escrow)
    refuseIf(funded(escrow) === 0n, 'escrow_not_funded')
    const isTaken = (name: string) => escrow.disputes.some((each) => each.id === name)
    refuseIf(named !== undefined && isTaken(named), 'dispute_exists')
    const available = held(books, escrow)
    refuseIf(available === 0n && frozen(books, escrow) > 0n, 'escrow_disputed')
    refuseIf(wanted !== undefined && wanted.currency !== escrow.currency, 'currency_mismatch')
    const amount = wanted?.minor ?? available
    refuseOffStep(escrow, amount, available)
    refuseIf(amount > available, 'insufficient_held')
    const effectiveAt = requestTime(books, { at, notBefore: lastEntryAt(books, id), posts: true })

    let number = escrow.disputes.length + 1
    while (isTaken(`dispute-${number}`)) number += 1
    const disputes = [...escrow.disputes, { id: named ?? `dispute-${number}`, amount }]
    books.escrows.set(id, { ...escrow, disputes })
    const entry = post(books, {
      kind: 'dispute',
      effectiveAt,
      escrow: id,
      lines: [
        [heldCode(escrow), escrow.currency, amount],
        [frozenCode(escrow), escrow.currency, -amount],
      ],
    })
    return { entries: [entry] }
  }
}

export const resolve: Command = (input, books) => {
  const id = readText(input.id)
  const named = optional(input.dispute, (name) => readText(name))
  const { outcome } = input
  const divided =
    outcome === 'payer' || outcome === 'payee' ? undefined : readPositiveAmount(books, readFields(outcome).payer)
  const at = readAt(books, input.at)
  return () => {
    const escrow = findEscrow(books, id)
    const isOpen = (each: { resolvedAt?: number }) => each.resolvedAt === undefined
    const candidates = escrow.disputes.filter((each) => (named === undefined ? isOpen(each) : each.id === named))
    const [found] = candidates
    refuseIf(candidates.length !== 1, 'dispute_not_found')
    if (!found) return { entries: [] }
    refuseIf(!isOpen(found), 'dispute_already_resolved')
    refuseIf(divided !== undefined && divided.currency !== escrow.currency, 'currency_mismatch')
    const toPayer = divided?.minor ?? (outcome === 'payer' ? found.amount : 0n)
    refuseOffStep(escrow, toPayer, found.amount)
    refuseIf(toPayer > found.amount, 'insufficient_held')
    const effectiveAt = requestTime(books, { at, notBefore: lastEntryAt(books, id), posts: true })

    const returns = returnsOf(escrow, { amount: toPayer, within: 'refund' })
    const disputes = escrow.disputes.map((each) => (each === found ? { ...each, resolvedAt: effectiveAt } : each))
    books.escrows.set(id, { ...escrow, disputes, returns: [...escrow.returns, ...returns] })
    const lines = mergeLines([
      [frozenCode(escrow), escrow.currency, found.amount],
      ...returnLines(escrow, returns),
      [heldCode(escrow), escrow.currency, toPayer - found.amount],
    ])
    const entry = post(books, { kind: 'resolution', effectiveAt, escrow: id, lines })
    return { entries: [entry, ...instructReturns(books, { escrow, returns, effectiveAt })] }
  }
}
