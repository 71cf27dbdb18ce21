import { accountKey, type Books, balanceOf, type Entry, type Line, type Outcome, post, takesNot } from './books.js'
import { chargeFee, type FeeInput, readFee, refuseOtherFee } from './charge-fee.js'
import { chartRule, isReserved } from './chart.js'
import { type Command, readAt, readPositiveAmount } from './command.js'
import {
  type Escrow,
  endOf,
  type Funding,
  findEscrow,
  heldCode,
  refuseEnded,
  refuseOffStep,
  remaining,
} from './escrow.js'
import {
  clearingOf,
  itemOf,
  mergeLines,
  type Payment,
  type PaymentKey,
  paymentKey,
  postFact,
  type Stated,
  suspenseOf,
  takeFromItem,
} from './payment.js'
import { type Amount, optional, readCode, readFields, readText } from './read-input.js'
import { refuseIf } from './refusal.js'
import { factTime, lastEntryAt, requestTime } from './times.js'

export const fund: Command = (input, books) => {
  refuseIf((input.from === undefined) === (input.gateway === undefined), 'invalid_input')
  return input.from === undefined ? fundFromGateway(input, books) : fundFromCredit(input, books)
}

const fundFromCredit: Command = (input, books) => {
  const id = readText(input.id)
  const amount = readPositiveAmount(books, input.amount)
  const from = readCode(input.from)
  const at = readAt(books, input.at)
  return () => {
    refuseIf(isReserved(from), 'account_reserved')
    refuseIf(!isCredit(books, from, amount.currency), 'invalid_input')
    const escrow = findEscrow(books, id)
    refuseEnded(books, escrow)
    refuseIf(amount.currency !== escrow.currency, 'currency_mismatch')
    refuseOffStep(escrow, amount.minor)
    refuseIf(amount.minor > remaining(escrow), 'escrow_overfunded')
    const effectiveAt = requestTime(books, { at, notBefore: lastEntryAt(books, id), posts: true })
    const isUnlimited = books.accounts.get(accountKey(from, amount.currency))?.floor === undefined && !chartRule(from)
    const isThere = books.accounts.has(accountKey(from, amount.currency))
    refuseIf(isThere && isUnlimited && balanceOf(books, from, amount.currency) < amount.minor, 'insufficient_funds')
    addFunding(books, escrow, { source: { account: from }, amount: amount.minor, effectiveAt })
    const lines: readonly Line[] = [
      [from, amount.currency, amount.minor],
      [heldCode(escrow), amount.currency, -amount.minor],
    ]
    return { entries: [post(books, { kind: 'funding', effectiveAt, escrow: id, lines })] }
  }
}

/** Whether an account is credit that somebody has: what a payee is owed, or a liability of the host's own (one that is not there is not found later). */
function isCredit(books: Books, code: string, currency: string): boolean {
  if (chartRule(code)) return /^payee:[^:]+:payable$/.test(code)
  return (books.accounts.get(accountKey(code, currency))?.type ?? 'liability') === 'liability'
}

export function addFunding(books: Books, escrow: Escrow, funding: Funding): void {
  books.escrows.set(escrow.id, { ...escrow, fundings: [...escrow.fundings, funding] })
}

interface GatewayFunding {
  readonly id: string
  readonly amount: Amount
  readonly payment: PaymentKey
  readonly paymentAmount: Amount | undefined
  readonly received: Amount | undefined
  readonly fee: FeeInput | undefined
  readonly at: number | undefined
}

const fundFromGateway: Command = (input, books) => {
  const positive = (value: unknown) => readPositiveAmount(books, value)
  const funding: GatewayFunding = {
    id: readText(input.id),
    amount: positive(input.amount),
    payment: { gateway: readText(input.gateway), reference: readText(input.reference) },
    paymentAmount: optional(input.paymentAmount, positive),
    received: optional(input.received, positive),
    fee: optional(input.fee, (fee) => readFee(books, readFields(fee))),
    at: readAt(books, input.at),
  }
  const { amount, paymentAmount, received } = funding
  refuseIf(paymentAmount !== undefined && paymentAmount.currency !== amount.currency, 'invalid_input')
  refuseIf(received !== undefined && received.currency === amount.currency, 'invalid_input')
  return () => {
    refuseIf(paymentAmount !== undefined && paymentAmount.minor < amount.minor, 'payment_exceeded')
    const known = books.payments.get(paymentKey(funding.payment))
    return known ? allocateKnown(books, funding, known) : recordNew(books, funding)
  }
}

/** 1. The payment is known: what was said before is answered again, else what fits moves from its suspense to the escrow. */
function allocateKnown(books: Books, funding: GatewayFunding, known: Payment): Outcome {
  const { id, amount, payment, paymentAmount, received } = funding
  refuseIf(amount.currency !== known.currency, 'payment_mismatch')
  refuseIf(paymentAmount !== undefined && paymentAmount.minor !== known.amount, 'payment_mismatch')
  refuseIf(received !== undefined && received.currency !== known.received?.currency, 'payment_mismatch')
  refuseIf(received !== undefined && received.minor !== known.received?.minor, 'payment_mismatch')
  const ofEscrow = known.stated.filter(({ escrow }) => escrow === id)
  const first = ofEscrow.find((stated) => stated.amount === amount.minor)
  const isPlaced = ofEscrow.some((stated) => stated.isPlaced)
  refuseIf(isPlaced && first === undefined, 'payment_mismatch')
  const item = itemOf(books, payment)
  const inSuspense = item === undefined ? 0n : (books.suspense[item]?.remaining ?? 0n)
  const { fits } = whatFits(books, id, amount)
  if (first && (isPlaced || amount.minor > inSuspense || fits === 0n)) return answerAgain(books, funding, first)
  refuseIf(amount.minor > inSuspense, 'payment_exceeded')
  refuseOtherFee(books, payment, funding.fee)

  const entries: Entry[] = []
  const escrow = books.escrows.get(id)
  if (escrow && item !== undefined && fits > 0n) {
    const { effectiveAt, ...said } = factTime(books, { at: funding.at, notBefore: lastEntryAt(books, id) })
    takeFromItem(books, item, fits)
    addFunding(books, escrow, { source: { payment }, amount: fits, effectiveAt })
    const lines: readonly Line[] = [
      [suspenseOf(payment.gateway), amount.currency, fits],
      [heldCode(escrow), amount.currency, -fits],
    ]
    entries.push(post(books, { kind: 'funding', effectiveAt, ...said, escrow: id, lines }))
  }
  return finish(books, funding, { payment: known, entries, fits })
}

/** The first result, unless a fee is told that is not known yet. */
function answerAgain(books: Books, { payment, fee, at }: GatewayFunding, first: Stated): Outcome {
  const { entries, excess } = first
  refuseOtherFee(books, payment, fee)
  const charged = fee ? chargeFee(books, { payment, fee, at }) : undefined
  if (!charged || charged.replayed) return { entries, excess, replayed: true }
  return { entries: charged.entries, excess }
}

/** 2. The payment is new: all of it is posted, what does not fit to suspense. */
function recordNew(books: Books, funding: GatewayFunding): Outcome {
  const { id, amount, payment, received, at } = funding
  const whole = funding.paymentAmount ?? amount
  refuseOtherFee(books, payment, funding.fee)

  const { fits, reason } = whatFits(books, id, amount)
  const escrow = fits > 0n ? books.escrows.get(id) : undefined
  const rest = whole.minor - fits
  const { effectiveAt, ...said } = factTime(books, { at, notBefore: lastEntryAt(books, escrow?.id) })
  const arrived: readonly Line[] = received
    ? [
        [clearingOf(books, payment.gateway), received.currency, received.minor],
        [`fx:${received.currency}-${whole.currency}`, received.currency, -received.minor],
        [`fx:${received.currency}-${whole.currency}`, whole.currency, whole.minor],
      ]
    : [[clearingOf(books, payment.gateway), whole.currency, whole.minor]]
  const lines = [...arrived]
  if (escrow) {
    lines.push([heldCode(escrow), whole.currency, -fits])
    addFunding(books, escrow, { source: { payment }, amount: fits, effectiveAt })
  }
  if (rest > 0n) {
    lines.push([suspenseOf(payment.gateway), whole.currency, -rest])
    const { gateway } = payment
    const item = { gateway, payment, reason: reason ?? 'unallocated', currency: whole.currency }
    books.suspense.push({ ...item, amount: rest, remaining: rest })
  }
  const tag = escrow ? { escrow: id } : {}
  const draft = { kind: 'funding', effectiveAt, ...said, ...tag, lines: mergeLines(lines) }
  const entries = [postFact(books, draft, { gateway: payment.gateway })]
  const record: Payment = { ...payment, currency: whole.currency, amount: whole.minor, received, stated: [] }
  return finish(books, funding, { payment: record, entries, fits })
}

/** 3. The fee, if one is given; and what was said of the payment is remembered. */
function finish(
  books: Books,
  funding: GatewayFunding,
  done: { readonly payment: Payment; readonly entries: readonly Entry[]; readonly fits: bigint },
): Outcome {
  const { id, amount, payment, fee, at } = funding
  const charged = fee ? chargeFee(books, { payment, fee, at }) : undefined
  const feeEntries = charged && charged.replayed !== true ? charged.entries : []
  const entries = [...done.entries, ...feeEntries]
  const excess = amount.minor - done.fits
  const before = done.payment.stated.filter((each) => each.escrow !== id || each.amount !== amount.minor)
  const more = { escrow: id, amount: amount.minor, entries, excess, isPlaced: done.fits > 0n }
  books.payments.set(paymentKey(payment), { ...done.payment, stated: [...before, more] })
  return { entries, excess }
}

/** What of an amount fits the escrow, and the first reason why the rest does not. */
function whatFits(books: Books, id: string, amount: Amount): { fits: bigint; reason?: string } {
  const escrow = books.escrows.get(id)
  if (!escrow) return { fits: 0n, reason: 'escrow_not_found' }
  if (amount.currency !== escrow.currency) return { fits: 0n, reason: 'currency_mismatch' }
  if (endOf(books, escrow) !== undefined) return { fits: 0n, reason: 'escrow_ended' }
  const restricted = takesNot(books, heldCode(escrow), -amount.minor)
  if (restricted !== undefined) return { fits: 0n, reason: restricted }
  const most = remaining(escrow)
  const upToAmount = amount.minor > most ? most : amount.minor
  const fits = upToAmount - (upToAmount % escrow.terms.step)
  if (amount.minor > most) return { fits, reason: 'overfunded' }
  return fits < amount.minor ? { fits, reason: 'off_step' } : { fits }
}
