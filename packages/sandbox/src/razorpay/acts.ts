import type { Acts } from '../control-routes.js'
import type { Json } from './fields.js'
import type { RazorpayPeople } from './people.js'
import type { Dispute, PaymentMethod } from './records.js'

/** The acts of people over HTTP. Each takes the `id` of what it is about, and amounts as decimal texts of paise. */
export const actsOf = (people: RazorpayPeople): Acts => ({
  pay: (input) =>
    people.pay(idOf(input), {
      method: oneOf(input.method, methods),
      amountMinor: amountOf(input.amountMinor),
      fail: input.fail === true,
      authorizeOnly: input.authorizeOnly === true,
    }),
  authorizeLate: (input) => people.authorizeLate(idOf(input)),
  refundByHand: (input) => ({ id: people.refundByHand(idOf(input), amountOf(input.amountMinor)) }),
  processRefunds: () => people.processRefunds(),
  failRefund: (input) => people.failRefund(idOf(input)),
  processTransfers: () => people.processTransfers(),
  failTransfer: (input) => people.failTransfer(idOf(input)),
  activateAccount: (input) => people.activateAccount(idOf(input)),
  askAccount: (input) => people.askAccount(idOf(input), textOf(input.field) ?? 'legal_info.pan'),
  rejectAccount: (input) => people.rejectAccount(idOf(input)),
  suspendAccount: (input) => people.suspendAccount(idOf(input)),
  topUp: (input) => people.topUp(amountOf(input.amountMinor) ?? 0n),
  approvePayout: (input) => people.approvePayout(idOf(input)),
  rejectPayout: (input) => people.rejectPayout(idOf(input)),
  processPayouts: () => people.processPayouts(),
  failPayout: (input) => people.failPayout(idOf(input), textOf(input.reason)),
  reversePayout: (input) => people.reversePayout(idOf(input), textOf(input.reason)),
  settle: (input) => ({ id: people.settle(textOf(input.id)) ?? null }),
  openDispute: (input) => ({
    id: people.openDispute(idOf(input), {
      amountMinor: amountOf(input.amountMinor),
      phase: oneOf(input.phase, phases),
      reasonCode: textOf(input.reasonCode),
      holdBack: input.holdBack === true,
    }),
  }),
  winDispute: (input) => people.winDispute(idOf(input)),
  loseDispute: (input) => people.loseDispute(idOf(input)),
  closeDispute: (input) => people.closeDispute(idOf(input)),
  requireEvidence: (input) => people.requireEvidence(idOf(input)),
})

const methods: readonly PaymentMethod[] = ['card', 'netbanking', 'wallet', 'upi']
const phases: readonly Dispute['phase'][] = ['chargeback', 'pre_arbitration', 'arbitration', 'retrieval', 'fraud']

function idOf({ id }: Json): string {
  if (typeof id === 'string' && id !== '') return id
  throw new RangeError('The act needs an id.')
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  if (value === undefined) return undefined
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw new RangeError(`It is one of ${allowed.join(', ')}.`)
  return found
}

function amountOf(value: unknown): bigint | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && /^\d+$/.test(value)) return BigInt(value)
  throw new RangeError('An amount is a decimal text of minor units.')
}
