import { ledgerError } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import { type SuspenseReason, suspenseItems } from '../payments/suspense.js'
import { creditItemId, type Movement, type MovementKind, type MovementState } from './movement.js'

/** What every command about a movement answers. */
export interface MovementAnswer {
  readonly kind: MovementKind
  readonly gateway: string
  readonly reference: string
  readonly state: MovementState
  readonly amount: Money
  /** What of a credit is in suspense, since no settlement explains it. */
  readonly excess: { readonly amount: Money; readonly reason: SuspenseReason; readonly suspense: string } | null
}

export function movementAnswer(draft: Draft, movement: Movement): MovementAnswer {
  const { kind, gateway, reference, state } = movement
  return { kind, gateway, reference, state, amount: amountOf(movement), excess: excessOf(draft, movement) }
}

function excessOf(draft: Draft, { state, gateway, reference: utr }: Movement): MovementAnswer['excess'] {
  if (state !== 'unmatched') return null
  const item = draft.get(suspenseItems, creditItemId({ gateway, utr }))
  if (item?.state !== 'open') return null
  return { amount: fromMinor(item.remainingMinor, item.currency), reason: item.reason, suspense: item.id }
}

export function amountOf({ amountMinor, currency }: Pick<Movement, 'amountMinor' | 'currency'>): Money {
  return fromMinor(amountMinor, currency)
}

export function sameAmount(movement: Pick<Movement, 'amountMinor' | 'currency'>, amount: Money): boolean {
  return movement.currency === amount.currency && movement.amountMinor === amount.minor
}

const names = { settlement: 'Settlement', credit: 'Bank credit', top_up: 'Top-up' } as const

/** What is stated now contradicts what is known. */
export function contradicted(movement: Movement) {
  const { kind, gateway, reference, bank, matches, feeMinor, currency, state } = movement
  const other = kind === 'settlement' ? 'UTR' : 'settlement'
  const facts = [
    inWords(amountOf(movement)),
    ...(feeMinor === 0n ? [] : [`a fee of ${inWords(fromMinor(feeMinor, currency))}`]),
    ...(bank === null ? [] : [`bank ${bank}`]),
    ...(matches === null ? [] : [`${other} ${matches}`]),
  ]
  const message = `${names[kind]} ${reference} of ${gateway} is known with ${facts.join(', ')}, and is ${state}: not what is stated now. Look at movements.get before repeating.`
  return ledgerError('movement_mismatch', message)
}
