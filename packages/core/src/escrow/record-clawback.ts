import { z } from 'zod'
import { accountCodes } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import { clawbackKinds } from '../gateways/clawback.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { instantSchema } from '../journal/instant.js'
import { amountSchema, idSchema, nameSchema, parserOf } from '../journal/schema.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { type Clawback, type ClawbackState, clawbackKey, clawbacks, missingNames } from '../payments/clawback.js'
import { type Payment, paymentKey, payments } from '../payments/payment.js'
import { type SuspenseReason, suspenseIdOf, suspenseItems } from '../payments/suspense.js'
import { giveBack, sourceOf, take } from './move-clawback.js'
import { onlyEscrowOf } from './place-clawback.js'

const schema = z.strictObject({
  kind: z.enum(clawbackKinds),
  gateway: nameSchema,
  reference: idSchema,
  payment: idSchema,
  /** In all so far, less what was given back. */
  taken: amountSchema,
  final: z.boolean().optional(),
  /** The revision that the record had before the gateway was asked; 0 where there was none. */
  revision: z.int().min(0).optional(),
  at: instantSchema.optional(),
})
type Input = z.output<typeof schema>

/** What telling of a clawback came to. */
export interface ClawbackAnswer {
  readonly kind: Clawback['kind']
  readonly gateway: string
  readonly reference: string
  readonly payment: string
  readonly taken: Money
  readonly state: ClawbackState
  /** The escrow that it was taken from, if it was one. */
  readonly escrow: string | null
  /** Somebody else has told of it since the gateway was asked: nothing was posted. */
  readonly overtaken: boolean
  /** What of it is in suspense; below zero, since it is missing. */
  readonly excess: { readonly amount: Money; readonly reason: SuspenseReason; readonly suspense: string } | null
}

/**
 * A gateway took money back out of a payment without our asking, or gave some of that back. A fact, told as what it has
 * taken in all, so that what is told again changes nothing; the difference is posted (`move-clawback.ts`). Refused only as
 * `payment_not_found`, and as `payment_mismatch`, when it is known as one of another payment or in another currency.
 */
export const recordClawbackCommand: Command<Input, ClawbackAnswer> = {
  name: 'clawbacks.record',
  parse: (input) => {
    const parsed = parserOf(schema)(input)
    if (parsed.taken.minor >= 0n) return parsed
    throw invalidInput([{ path: 'taken', message: 'must not be below zero' }])
  },
  direct: (input) => ({
    records: {
      clawbacks: [clawbackKey(input)],
      payments: [paymentKey(input.gateway, input.payment)],
      suspense: [suspenseIdOf({ gateway: input.gateway, reference: input.payment }), clawbackKey(input)],
    },
  }),
  further: (input, view) => {
    const payment = view.get(payments, paymentKey(input.gateway, input.payment))
    if (!payment) return {}
    const known = view.get(clawbacks, clawbackKey(input))
    const escrow = onlyEscrowOf(payment)
    const codes = [
      sourceOf(view, input.kind, payment),
      accountCodes.suspense(input.gateway),
      ...(escrow === null ? [] : [accountCodes.held(escrow)]),
    ]
    return {
      accounts: codes.map((code) => ({ code, currency: input.taken.currency })),
      records: {
        escrows: escrow === null ? [] : [escrow],
        suspense: known ? missingNames(known) : [],
      },
      entries: known?.lastEntry ? [known.lastEntry] : [],
    }
  },
  decide(input, draft) {
    const known = draft.get(clawbacks, clawbackKey(input))
    if (known && contradicts(known, input)) throw contradicted(known)
    const payment = requirePayment(draft, input)
    const overtaken = input.revision !== undefined && input.revision !== (known?.revision ?? 0)
    if (known && (overtaken || saysNothingNew(known, input))) {
      const last = known.lastEntry === null ? null : draft.entry(known.lastEntry)
      draft.repeat(last ? [last] : [])
      return clawbackAnswer(draft, known, overtaken)
    }
    const { taken, final = true, at } = input
    const before = known ?? newClawback(draft, input)
    const more = fromMinor(taken.minor - before.takenMinor, taken.currency)
    const moved = more.minor === 0n ? before : (more.minor > 0n ? take : giveBack)(draft, before, { payment, more, at })
    const kept: Clawback = {
      ...moved,
      takenMinor: taken.minor,
      state: final ? 'closed' : 'open',
      revision: before.revision + 1,
    }
    draft.put(clawbacks, kept)
    return clawbackAnswer(draft, kept, false)
  },
}

function newClawback({ now }: Draft, { kind, gateway, reference, payment, taken: { currency } }: Input): Clawback {
  const named = { kind, gateway, reference, payment, currency, takenMinor: 0n, state: 'open' } as const
  return { ...named, escrow: null, suspense: null, lastEntry: null, recordedAt: now, revision: 0 }
}

/** Nothing is different, or it was told when the gateway was not done with what it is done with now. */
function saysNothingNew(known: Clawback, { taken, final = true }: Input): boolean {
  if (known.state === 'closed' && !final) return true
  return known.takenMinor === taken.minor && (known.state === 'closed') === final
}

function contradicts(known: Clawback, { payment, taken }: Input): boolean {
  return known.payment !== payment || known.currency !== taken.currency
}

function contradicted({ kind, gateway, reference, payment, takenMinor, currency }: Clawback) {
  const known = `${inWords(fromMinor(takenMinor, currency))} of payment ${payment}`
  const message = `The ${kind} ${reference} of ${gateway} is known with ${known}, which is not what is stated now. Look at clawbacks.list before repeating.`
  return ledgerError('payment_mismatch', message)
}

function requirePayment(draft: Draft, { kind, gateway, payment }: Input): Payment {
  const found = draft.get(payments, paymentKey(gateway, payment))
  if (found) return found
  const message = `There is no payment ${payment} of ${gateway} in this book, so nothing is known that this ${kind} could take from. Tell the payment first, with escrows.fund.`
  throw ledgerError('payment_not_found', message)
}

function clawbackAnswer(draft: Draft, clawback: Clawback, overtaken: boolean): ClawbackAnswer {
  const { kind, gateway, reference, payment, state, escrow } = clawback
  const item = clawback.suspense === null ? null : draft.get(suspenseItems, clawback.suspense)
  const excess =
    item?.state === 'open'
      ? { amount: fromMinor(item.remainingMinor, item.currency), reason: item.reason, suspense: item.id }
      : null
  const taken = fromMinor(clawback.takenMinor, clawback.currency)
  return { kind, gateway, reference, payment, taken, state, escrow, overtaken, excess }
}
