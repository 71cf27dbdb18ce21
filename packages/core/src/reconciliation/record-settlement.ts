import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { credit, debit, type Entry } from '../journal/entry.js'
import { instantSchema } from '../journal/instant.js'
import { amountSchema, idSchema, nameSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { add, subtract, zero } from '../money/index.js'
import { checkFee } from '../payments/charge-fee.js'
import { announceCredit, checkNotClaimed } from './announce-credit.js'
import { creditItemId, type Movement, movementKey, movements } from './movement.js'
import { contradicted, type MovementAnswer, movementAnswer, sameAmount } from './movement-answer.js'
import { accountsIn, entryIds, postMovement } from './post-movement.js'

const schema = z.strictObject({
  gateway: nameSchema,
  reference: idSchema,
  amount: positiveAmountSchema,
  utr: idSchema.optional(),
  fee: amountSchema.optional(),
  tax: amountSchema.optional(),
  at: instantSchema.optional(),
})
type SettlementInput = z.output<typeof schema>

/**
 * A gateway says that it has sent money from its balance to our bank. A fact: refused only as `movement_mismatch`, when it
 * contradicts what is known of the same settlement, or of the same UTR. Told again with a UTR that was not known before,
 * it is matched by it.
 *
 * | debit | credit |
 * | --- | --- |
 * | settlements:in-transit:razorpay 776.40 | gateway:razorpay:clearing 776.40 |
 * | settlements:in-transit:razorpay 770.50, gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90 | gateway:razorpay:clearing 776.40 |
 *
 * Where the bank showed it first, the entry of `matchCredit` follows.
 */
export const recordSettlementCommand: Command<SettlementInput, MovementAnswer> = {
  name: 'movements.settled',
  parse: (input) => checkCharges(parserOf(schema)(input)),
  direct: ({ gateway, reference, utr }) => ({
    records: {
      movements: [
        movementKey('settlement', gateway, reference),
        ...(utr === undefined ? [] : [movementKey('credit', gateway, utr)]),
      ],
      suspense: utr === undefined ? [] : [creditItemId({ gateway, utr })],
    },
  }),
  further: ({ gateway, reference, amount, utr }, view) => {
    const known = view.get(movements, movementKey('settlement', gateway, reference))
    const shown = utr === undefined ? null : view.get(movements, movementKey('credit', gateway, utr))
    return {
      accounts: accountsIn(amount.currency, [
        accountCodes.settlementsInTransit(gateway),
        accountCodes.gatewayFees(gateway),
        accountCodes.gatewayFeeTax(gateway),
        view.gateway(gateway).clearing,
        accountCodes.suspense(gateway),
      ]),
      entries: entryIds(known?.entry, known?.lastEntry, shown?.entry),
    }
  },
  decide(input, draft) {
    const { gateway, reference, utr } = input
    const known = draft.get(movements, movementKey('settlement', gateway, reference))
    if (known && contradicts(known, input)) throw contradicted(known)
    if (utr !== undefined) checkNotClaimed(draft, input, utr)
    if (known && (utr === undefined || known.matches === utr)) return answerAgain(draft, known)

    const { settlement, settledAt } = known ? knownSince(draft, known) : settle(draft, input)
    const told = utr === undefined ? settlement : announceCredit(draft, settlement, { utr, at: input.at, settledAt })
    return movementAnswer(draft, told)
  },
}

function checkCharges(input: SettlementInput): SettlementInput {
  const { amount, fee, tax } = input
  if (fee && fee.currency !== amount.currency) {
    throw invalidInput([{ path: 'fee', message: `must be in ${amount.currency}, as the amount is` }])
  }
  if (fee && fee.minor < 0n) throw invalidInput([{ path: 'fee', message: 'must not be below zero' }])
  checkFee({ fee: fee ?? zero(amount.currency), tax })
  return input
}

/** What is left out is not stated, and contradicts nothing. */
function contradicts(known: Movement, { amount, utr, fee, tax }: SettlementInput): boolean {
  return (
    !sameAmount(known, amount) ||
    (utr !== undefined && known.matches !== null && known.matches !== utr) ||
    (fee !== undefined && fee.minor !== known.feeMinor) ||
    (tax !== undefined && tax.minor !== known.taxMinor)
  )
}

/** Answers with what the settlement itself made: its entry, and that of a credit that was there before. */
function answerAgain(draft: Draft, known: Movement): MovementAnswer {
  const made = [known.entry, known.lastEntry].map((id) => (id === null ? null : draft.entry(id)))
  const [entry, last] = made
  const own = last && last.id !== entry?.id && last.kind === 'credit_matched' ? [entry, last] : [entry]
  draft.repeat(own.filter((each): each is Entry => each !== null && each !== undefined))
  return movementAnswer(draft, known)
}

function knownSince(draft: Draft, settlement: Movement): { settlement: Movement; settledAt: number } {
  const entry = settlement.entry === null ? null : draft.entry(settlement.entry)
  return { settlement, settledAt: entry?.effectiveAt ?? 0 }
}

function settle(draft: Draft, input: SettlementInput): { settlement: Movement; settledAt: number } {
  const { gateway, reference, amount } = input
  const fee = input.fee ?? zero(amount.currency)
  const tax = input.tax ?? zero(amount.currency)
  const entry = postMovement(draft, {
    kind: 'settlement',
    gateway,
    reference,
    lines: [
      debit(accountCodes.settlementsInTransit(gateway), amount),
      debit(accountCodes.gatewayFees(gateway), subtract(fee, tax)),
      debit(accountCodes.gatewayFeeTax(gateway), tax),
      credit(draft.gateway(gateway).clearing, add(amount, fee)),
    ],
    at: input.at,
  })
  const settlement: Movement = {
    kind: 'settlement',
    gateway,
    reference,
    bank: null,
    matches: null,
    currency: amount.currency,
    amountMinor: amount.minor,
    feeMinor: fee.minor,
    taxMinor: tax.minor,
    state: 'in_transit',
    entry: entry.id,
    lastEntry: entry.id,
    recordedAt: draft.now,
    revision: 1,
  }
  draft.put(movements, settlement)
  return { settlement, settledAt: entry.effectiveAt }
}
