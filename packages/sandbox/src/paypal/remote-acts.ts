import type { Acts } from '../control-routes.js'
import type { PayPalActs } from './acts.js'

type Input = Readonly<Record<string, unknown>>

/** The acts as they are asked for over HTTP, where an amount is a decimal text of minor units. */
export const remoteActs = (acts: PayPalActs): Acts => ({
  approve: (input) => acts.approve(text(input, 'orderId'), input as Parameters<PayPalActs['approve']>[1]),
  completeCapture: (input) => acts.completeCapture(text(input, 'captureId')),
  denyCapture: (input) => acts.denyCapture(text(input, 'captureId'), optionalText(input, 'reason')),
  completeRefund: (input) => acts.completeRefund(text(input, 'refundId')),
  failRefund: (input) => acts.failRefund(text(input, 'refundId')),
  setPayoutOutcome: (input) =>
    acts.setPayoutOutcome(
      text(input, 'receiver'),
      oneOf(input, 'outcome', ['SUCCESS', 'UNCLAIMED', 'FAILED', 'BLOCKED', 'ONHOLD']),
    ),
  processPayouts: () => acts.processPayouts(),
  claimPayout: (input) => acts.claimPayout(text(input, 'itemId')),
  returnPayout: (input) => acts.returnPayout(text(input, 'itemId')),
  takeBackPayout: (input) =>
    acts.takeBackPayout(text(input, 'itemId'), oneOf(input, 'status', ['REFUNDED', 'REVERSED'])),
  onboardSeller: (input) => ({ merchantId: acts.onboardSeller(input as Parameters<PayPalActs['onboardSeller']>[0]) }),
  revokeConsent: (input) => acts.revokeConsent(text(input, 'merchantId')),
  openDispute: (input) => ({
    disputeId: acts.openDispute(text(input, 'captureId'), {
      ...(input.reason === undefined ? {} : { reason: text(input, 'reason') }),
      ...(input.amountMinor === undefined ? {} : { amountMinor: amount(input) }),
    }),
  }),
  resolveDispute: (input) =>
    acts.resolveDispute(text(input, 'disputeId'), oneOf(input, 'inFavourOf', ['buyer', 'seller'])),
  topUp: (input) => acts.topUp(transfer(input)),
  withdraw: (input) => acts.withdraw(transfer(input)),
})

const transfer = (input: Input) => ({
  currency: text(input, 'currency'),
  amountMinor: amount(input),
  ...(input.merchantId === undefined ? {} : { merchantId: text(input, 'merchantId') }),
})

function text(input: Input, name: string): string {
  const value = input[name]
  if (typeof value !== 'string' || value === '') throw new RangeError(`The act needs ${name}, a text.`)
  return value
}

const optionalText = (input: Input, name: string): string | undefined =>
  input[name] === undefined ? undefined : text(input, name)

function oneOf<Value extends string>(input: Input, name: string, values: readonly Value[]): Value {
  const value = values.find((each) => each === input[name])
  if (value === undefined) throw new RangeError(`The act needs ${name}, one of ${values.join(', ')}.`)
  return value
}

function amount(input: Input): bigint {
  const value = text(input, 'amountMinor')
  if (!/^\d{1,18}$/.test(value)) throw new RangeError('The act needs amountMinor, a decimal text of minor units.')
  return BigInt(value)
}
