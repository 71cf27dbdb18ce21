import type { CallOutcome, GatewayPayment, Money } from 'escrow-ledger'
import { listAt, requiredText, textAt } from './json-path.js'
import type { Partner } from './partner.js'
import { paymentOf } from './payment.js'
import { sumOf } from './wire-money.js'

/** What has become of an order, by all that PayPal tells of it. `amount` is what was asked for. */
export function outcomeOfOrder(order: unknown, amount: Money, partner: Partner | null): CallOutcome {
  const reference = requiredText(order, 'id')
  const status = requiredText(order, 'status')
  const payments = paymentsIn(order, partner)
  switch (status) {
    case 'CREATED':
    case 'SAVED':
    case 'PAYER_ACTION_REQUIRED':
      return { outcome: 'accepted', reference, awaits: 'payer' }
    case 'APPROVED':
      return { outcome: 'accepted', reference, payments, awaits: { capture: authorizationIn(order) ?? reference } }
    case 'VOIDED':
      return { outcome: 'refused', code: 'VOIDED', reason: 'the order was voided' }
    case 'COMPLETED':
      return outcomeOfCompleted(order, { reference, payments, amount })
    default:
      return { outcome: 'unknown', reason: `order ${reference} is ${status}, which is not known` }
  }
}

interface Completed {
  readonly reference: string
  readonly payments: readonly GatewayPayment[]
  readonly amount: Money
}

/** Completed means that the payer has done all there is to do: the money may be authorised, pending, there or declined. */
function outcomeOfCompleted(order: unknown, { reference, payments, amount }: Completed): CallOutcome {
  const captured = payments.filter(({ state }) => state === 'captured')
  const paid = sumOf(
    captured.map((payment) => payment.amount),
    amount.currency,
  )
  if (paid.minor >= amount.minor) {
    return { outcome: 'processed', reference, at: Math.max(...captured.map(({ at }) => at)), payments }
  }
  const capture = authorizationIn(order)
  if (capture !== null) return { outcome: 'accepted', reference, payments, awaits: { capture } }
  if (payments.some(({ state }) => state !== 'failed')) return { outcome: 'accepted', reference, payments }
  return { outcome: 'refused', code: 'DECLINED', reason: 'the payment was declined, voided or has expired' }
}

export const paymentsIn = (order: unknown, partner: Partner | null): GatewayPayment[] =>
  capturesIn(order).map((each) => paymentOf(each, order, partner))

/** The captures of an order, as PayPal shows them. */
export const capturesIn = (order: unknown): readonly unknown[] =>
  listAt(order, 'purchase_units').flatMap((unit) => listAt(unit, 'payments', 'captures'))

const authorizationsIn = (order: unknown): readonly unknown[] =>
  listAt(order, 'purchase_units').flatMap((unit) => listAt(unit, 'payments', 'authorizations'))

/** An authorization of an order that can be captured; null where there is none. */
export function authorizationIn(order: unknown): string | null {
  const open = authorizationsIn(order).find((each) =>
    ['CREATED', 'PARTIALLY_CAPTURED'].includes(textAt(each, 'status') ?? ''),
  )
  return textAt(open, 'id')
}

/** Whether an order was authorised, and nothing of it can be captured any more. */
export function isLetGo(order: unknown): boolean {
  const all = authorizationsIn(order)
  return all.length > 0 && all.every((each) => ['VOIDED', 'DENIED'].includes(textAt(each, 'status') ?? ''))
}
