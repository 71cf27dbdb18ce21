import { fail } from 'node:assert/strict'
import { format, fromMinor, type GatewayPayment, type Money, zero } from 'escrow-ledger'
import { deepEqual, equal } from '../conformance/assertions.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import { hasEffects, isOneOf } from './outcomes.js'
import { process } from './processed.js'

/** An amount, and what must stand for it in the request that asks a payer for it. */
export interface AmountOnWire {
  readonly amount: Money
  /** A part of the request's text, such as `"amount":1230`. */
  readonly wire: string
}

const named = (amount: Money) => `${format(amount)} ${amount.currency}`

/** That amounts are exact both ways, and that what a payment brings, costs and gives back adds up to the balance. */
export const paymentAmounts = (amounts: readonly AmountOnWire[]): GatewayCases =>
  Object.fromEntries(
    amounts.flatMap(({ amount, wire }) => [
      [`a payment of ${named(amount)} is exact on the wire`, (subject) => exactOnWire(subject, { amount, wire })],
      [`a payment of ${named(amount)} adds up`, (subject) => addsUp(subject, amount)],
    ]),
  )

/** That an amount which the wire cannot say is never rounded. */
export const offSteps = (amounts: readonly Money[]): GatewayCases =>
  Object.fromEntries(
    amounts.map((amount) => [
      `an order of ${named(amount)} is not made of another amount`,
      async (subject) => {
        const call = await subject.newCall('order', amount)
        isOneOf(await subject.send(call), ['refused', 'unknown'])
        await hasEffects(subject, call, 0)
      },
    ]),
  )

async function exactOnWire(subject: GatewaySubject, { amount, wire }: AmountOnWire): Promise<void> {
  const call = await subject.newCall('order', amount)
  const before = subject.exchanges.length
  const { payments = [] } = await process(subject, call)
  await hasEffects(subject, call, 1)
  const asked = subject.exchanges.slice(before).map(({ request }) => request ?? '')
  if (!asked.some((request) => request.includes(wire))) fail(`no request has ${wire}: ${asked.join(' ')}`)
  deepEqual(
    payments.map((payment) => payment.amount),
    [amount],
  )
}

async function addsUp(subject: GatewaySubject, amount: Money): Promise<void> {
  const { harness } = subject
  const call = await subject.newCall('order', amount)
  const before = await harness.balances()
  const { payments = [] } = await process(subject, call)
  const [payment] = payments
  if (payment === undefined) return fail('the order tells no payment')
  const { orderKey, ...told } = await fetched(subject, payment.reference)
  deepEqual({ ...told, orderKey: payment.orderKey }, payment)
  if (![null, call.key].includes(orderKey)) fail(`the payment is said to be for ${orderKey}, and it is for ${call.key}`)
  equal(payment.state, 'captured')
  deepEqual(payment.refunded, zero(amount.currency))
  const arrived = payment.received ?? payment.amount
  const { fee, tax } = payment.fee ?? { fee: zero(arrived.currency), tax: zero(arrived.currency) }
  deepEqual([fee.currency, tax.currency], [arrived.currency, arrived.currency])
  if (tax.minor < 0n || tax.minor > fee.minor || fee.minor > arrived.minor) fail('the fee is no part of the payment')
  const gained = ((await harness.balances())[arrived.currency] ?? 0n) - (before[arrived.currency] ?? 0n)
  equal(gained, arrived.minor - fee.minor, 'the balance did not gain what arrived less the fee')
  if (harness.gateway.operations.refund) await givesBack(subject, payment)
}

/** Gives back as near to half of a payment as the steps of its currency allow. */
async function givesBack(subject: GatewaySubject, { reference, amount }: GatewayPayment): Promise<void> {
  const step = subject.harness.gateway.stepMinor?.(amount.currency) ?? 1n
  const half = fromMinor((amount.minor / step / 2n) * step, amount.currency)
  const refund = await subject.newCall('refund', half)
  await process(subject, { ...refund, kind: 'refund', payment: reference, destination: null })
  const { refunded, ...rest } = await fetched(subject, reference)
  deepEqual(refunded, half)
  deepEqual(rest.amount, amount)
}

async function fetched({ harness, context }: GatewaySubject, reference: string): Promise<GatewayPayment> {
  const { payments } = harness.gateway
  if (!payments) return fail('This gateway reads no payments: skip the case, and say why.')
  return (await payments.fetch(reference, context)) ?? fail(`there is no payment ${reference}`)
}
