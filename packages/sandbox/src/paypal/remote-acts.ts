import type { Acts } from '../control-routes.js'
import type { PayPalActs } from './acts.js'

type Input = Readonly<Record<string, unknown>>

/** The acts as they are asked for over HTTP: what they are about is its `id`, an amount a decimal text of minor units. */
export const remoteActs = (acts: PayPalActs): Acts => ({
  approve: (input) => acts.approve(idOf(input), input as Parameters<PayPalActs['approve']>[1]),
  completeCapture: (input) => acts.completeCapture(idOf(input)),
  denyCapture: (input) => acts.denyCapture(idOf(input), optionalText(input, 'reason')),
  refundByHand: (input) => ({
    refundId: acts.refundByHand(idOf(input), input.amountMinor === undefined ? undefined : amount(input)),
  }),
  completeRefund: (input) => acts.completeRefund(idOf(input)),
  failRefund: (input) => acts.failRefund(idOf(input)),
  setPayoutOutcome: (input) => acts.setPayoutOutcome(text(input, 'receiver'), oneOf(input, 'outcome', outcomes)),
  processPayouts: () => acts.processPayouts(),
  claimPayout: (input) => acts.claimPayout(idOf(input)),
  returnPayout: (input) => acts.returnPayout(idOf(input)),
  takeBackPayout: (input) => acts.takeBackPayout(idOf(input), oneOf(input, 'status', ['REFUNDED', 'REVERSED'])),
  onboardSeller: ({ id, ...input }) => ({
    merchantId: acts.onboardSeller({ ...input, ...(id === undefined ? {} : { referralId: String(id) }) }),
  }),
  revokeConsent: (input) => acts.revokeConsent(idOf(input)),
  openDispute: (input) => ({
    disputeId: acts.openDispute(idOf(input), {
      ...(input.reason === undefined ? {} : { reason: text(input, 'reason') }),
      ...(input.amountMinor === undefined ? {} : { amountMinor: amount(input) }),
    }),
  }),
  resolveDispute: (input) => acts.resolveDispute(idOf(input), oneOf(input, 'inFavourOf', ['buyer', 'seller'])),
  topUp: (input) => acts.topUp(transfer(input)),
  withdraw: (input) => acts.withdraw(transfer(input)),
  revokeTokens: () => acts.revokeTokens(),
})

const outcomes = ['SUCCESS', 'UNCLAIMED', 'FAILED', 'BLOCKED', 'ONHOLD'] as const

const idOf = (input: Input): string => text(input, 'id')

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
