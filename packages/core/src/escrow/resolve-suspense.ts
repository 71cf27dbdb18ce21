import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import { instructions } from '../instructions/instruction.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { idSchema, parserOf, positiveAmountSchema, textSchema } from '../journal/schema.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { type Payment, paymentKey, payments } from '../payments/payment.js'
import { recordRefund } from '../payments/record-refund.js'
import { checkReturnable } from '../payments/returnable.js'
import { type SuspenseItem, suspenseIdLimits, suspenseIdOf, suspenseItems } from '../payments/suspense.js'
import { allocateClawback, isMissing } from './allocate-clawback.js'
import { type Escrow, escrows } from './escrow.js'
import { checkFits } from './fund-from-credit.js'
import { withFunding } from './funding.js'
import { checkNotEnded, keepEscrow, requireEscrow } from './life.js'

const schema = z.strictObject({
  id: textSchema(suspenseIdLimits),
  amount: positiveAmountSchema.optional(),
  allocate: z.strictObject({ escrow: idSchema }).optional(),
  refund: z.strictObject({ payer: idSchema }).optional(),
  writeOff: z.strictObject({ reason: textSchema({ min: 1, max: 500, lines: true }) }).optional(),
  at: instantSchema.optional(),
})
type Input = z.output<typeof schema>

export interface SuspenseAnswer {
  readonly suspense: string
  readonly resolved: Money
  readonly remaining: Money
}

/**
 * Empties suspense: allocates an amount to an escrow, refunds it to the payer, or writes it off. What is missing there,
 * since a gateway took it back, is allocated by taking it from an escrow (`allocate-clawback.ts`).
 *
 * | how | debit | credit |
 * | --- | --- | --- |
 * | allocate | suspense:razorpay 50.00 | escrow:s2 50.00 |
 * | refund | suspense:razorpay 50.00 | payer:c1:refunds 50.00 |
 * | write off | suspense:razorpay 50.00 | platform:losses 50.00 |
 */
export const resolveSuspenseCommand: Command<Input, SuspenseAnswer> = {
  name: 'suspense.resolve',
  parse: (input) => {
    const parsed = parserOf(schema)(input)
    const ways = [parsed.allocate, parsed.refund, parsed.writeOff].filter((way) => way !== undefined)
    if (ways.length === 1) return parsed
    throw invalidInput([{ path: '', message: 'must have exactly one of allocate, refund and writeOff' }])
  },
  direct: (input) => ({
    records: { suspense: [input.id], escrows: input.allocate ? [input.allocate.escrow] : [] },
  }),
  further: (input, view) => {
    const item = view.get(suspenseItems, input.id)
    if (!item) return {}
    const { gateway, reference, currency } = item
    const codes = [
      accountCodes.suspense(gateway),
      ...(input.allocate ? allocationCodes(item, view.get(escrows, input.allocate.escrow)) : []),
      ...(input.refund ? [accountCodes.payerRefunds(input.refund.payer), accountCodes.refundsInTransit(gateway)] : []),
      ...(input.writeOff ? [accountCodes.platformLosses] : []),
    ]
    return {
      accounts: codes.map((code) => ({ code, currency })),
      records: {
        payments: reference === null ? [] : [paymentKey(gateway, reference)],
        instructions: item.instruction === null ? [] : [item.instruction],
      },
    }
  },
  decide(input, draft) {
    const item = requireOpen(draft, input.id)
    const amount = amountOf(item, input.amount)
    const { escrow } = input.allocate ?? {}
    if (escrow !== undefined && isMissing(item)) allocateClawback(draft, item, { amount, escrow, at: input.at })
    else if (escrow !== undefined) allocate(draft, item, { amount, escrow, at: input.at })
    else if (input.refund) refund(draft, item, { amount, payer: input.refund.payer, at: input.at })
    else writeOff(draft, item, { amount, reason: input.writeOff?.reason ?? null, at: input.at })

    const sign = item.amountMinor < 0n ? -1n : 1n
    const remainingMinor = item.remainingMinor - sign * amount.minor
    const state = remainingMinor === 0n ? 'resolved' : 'open'
    draft.put(suspenseItems, { ...item, remainingMinor, state, revision: item.revision + 1 })
    return { suspense: item.id, resolved: amount, remaining: fromMinor(sign * remainingMinor, item.currency) }
  },
}

function allocationCodes(item: SuspenseItem, escrow: Escrow | null): string[] {
  if (!escrow) return []
  return [accountCodes.held(escrow.id), ...(isMissing(item) ? [accountCodes.payerRefunds(escrow.payer)] : [])]
}

function requireOpen(draft: Draft, id: string): SuspenseItem {
  const item = draft.get(suspenseItems, id)
  if (!item) {
    throw ledgerError(
      'suspense_not_found',
      `There is nothing in suspense under ${id}. suspense.list shows what there is.`,
    )
  }
  if (item.state === 'open') return item
  throw ledgerError(
    'suspense_already_resolved',
    `What was in suspense under ${id} has been resolved already. suspense.list shows what is left.`,
  )
}

/** How much of the item is meant, always positive: what was asked, or all that remains. */
function amountOf(item: SuspenseItem, asked: Money | undefined): Money {
  const { remainingMinor, currency, gateway } = item
  const remaining = fromMinor(remainingMinor < 0n ? -remainingMinor : remainingMinor, currency)
  if (!asked) return remaining
  if (asked.currency !== currency) {
    throw ledgerError(
      'currency_mismatch',
      `What is in suspense under ${item.id} is in ${currency}, not in ${asked.currency}. Give the amount in ${currency}.`,
    )
  }
  if (asked.minor <= remaining.minor) return asked
  throw ledgerError(
    'insufficient_funds',
    `${inWords(remaining)} remains in suspense under ${item.id}, less than the ${inWords(asked)} asked. Ask at most that.`,
    { account: accountCodes.suspense(gateway), available: remaining, requested: asked },
  )
}

interface Resolving {
  readonly amount: Money
  readonly at: Input['at']
}

function allocate(draft: Draft, item: SuspenseItem, { amount, escrow: id, at }: Resolving & { escrow: string }): void {
  const escrow = requireEscrow(draft, id)
  checkNotEnded(escrow)
  checkFits(escrow, amount)
  const payment = requirePayment(draft, item, { own: true })
  const { effectiveAt } = effectiveOfRequest(draft, { at, now: draft.now, last: escrow.lastAt })
  const { gateway, reference } = payment
  const entry = postEntry(draft, {
    kind: 'suspense_allocated',
    lines: [debit(accountCodes.suspense(gateway), amount), credit(accountCodes.held(id), amount)],
    effectiveAt,
    escrow: id,
    gateway,
    payment: reference,
  })
  takeOut(draft, item, amount)
  const now = draft.get(payments, paymentKey(gateway, reference)) ?? payment
  draft.put(payments, {
    ...now,
    allocatedMinor: now.allocatedMinor + amount.minor,
    allocations: allocated(now, { escrow: id, amount, entry }),
    revision: now.revision + 1,
  })
  const funded = withFunding(escrow, { gateway, reference, from: null, amountMinor: amount.minor }, effectiveAt)
  keepEscrow(draft, funded, { command: 'allocate', at: effectiveAt, detail: { gateway, reference, amount } })
}

/** Adds an allocation; what a funding call of this escrow said before stays what it said. */
function allocated(payment: Payment, more: { escrow: string; amount: Money; entry: Entry }): Payment['allocations'] {
  const known = payment.allocations.find((allocation) => allocation.escrow === more.escrow)
  const amountMinor = (known?.amountMinor ?? 0n) + more.amount.minor
  const joined = known
    ? { ...known, amountMinor }
    : {
        escrow: more.escrow,
        amountMinor,
        entry: more.entry.id,
        feeEntry: null,
        excessMinor: 0n,
        statedMinor: amountMinor,
      }
  return [...payment.allocations.filter((allocation) => allocation !== known), joined]
}

function refund(draft: Draft, item: SuspenseItem, { amount, payer, at }: Resolving & { payer: string }): void {
  const payment = requirePayment(draft, item, { own: false })
  const { gateway, reference } = payment
  checkReturnable(draft, { gateway, reference, amount })
  const { effectiveAt } = effectiveOfRequest(draft, { at, now: draft.now, last: null })
  const lines = [debit(accountCodes.suspense(gateway), amount), credit(accountCodes.payerRefunds(payer), amount)]
  postEntry(draft, { kind: 'suspense_refunded', lines, effectiveAt, gateway, payment: reference, party: payer })
  takeOut(draft, item, amount)
  recordRefund(draft, { gateway, reference, payer, escrow: null, amount, effectiveAt })
}

function writeOff(
  draft: Draft,
  item: SuspenseItem,
  { amount, reason, at }: Resolving & { reason: string | null },
): void {
  const { effectiveAt } = effectiveOfRequest(draft, { at, now: draft.now, last: null })
  const suspense = accountCodes.suspense(item.gateway)
  const lines =
    item.amountMinor > 0n
      ? [debit(suspense, amount), credit(accountCodes.platformLosses, amount)]
      : [debit(accountCodes.platformLosses, amount), credit(suspense, amount)]
  // The money never was the escrow's, so this is no entry of it.
  const { gateway, reference: payment } = item
  postEntry(draft, { kind: 'suspense_written_off', lines, effectiveAt, reason, gateway, payment })
  takeOut(draft, item, amount)
}

/** Whether an item is what its payment has in suspense, and not what some other fact left there. */
function isOwnItem(item: SuspenseItem): item is SuspenseItem & { reference: string } {
  return item.reference !== null && item.id === suspenseIdOf({ gateway: item.gateway, reference: item.reference })
}

/** Whether an item is a refund that came to nothing, which its payer could not be credited with. */
function isReturned(draft: Draft, { instruction, amountMinor }: SuspenseItem): boolean {
  const state = instruction === null ? undefined : draft.get(instructions, instruction)?.state
  return amountMinor > 0n && (state === 'failed' || state === 'cancelled')
}

/**
 * Throws `payment_not_found` for an item that has no payment to go by: a line that its account did not take names the
 * payment that it is about, but is no money of the payer's.
 */
function requirePayment(draft: Draft, item: SuspenseItem, { own }: { own: boolean }): Payment {
  const fits = item.reference !== null && (isOwnItem(item) || (!own && isReturned(draft, item)))
  const payment = fits ? draft.get(payments, paymentKey(item.gateway, item.reference ?? '')) : null
  if (payment) return payment
  throw ledgerError(
    'payment_not_found',
    `What is in suspense under ${item.id} did not come in with a payment; it can be written off.`,
  )
}

/** Takes an amount out of what a payment has in suspense. */
function takeOut(draft: Draft, item: SuspenseItem, amount: Money): void {
  const payment = isOwnItem(item) ? draft.get(payments, paymentKey(item.gateway, item.reference)) : null
  if (!payment) return
  const suspenseMinor = payment.suspenseMinor - amount.minor
  draft.put(payments, { ...payment, suspenseMinor, revision: payment.revision + 1 })
}
