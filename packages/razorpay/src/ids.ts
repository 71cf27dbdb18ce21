import { Unsendable } from './razorpay-error.js'

const prefixes = {
  order: 'order_',
  payment: 'pay_',
  refund: 'rfnd_',
  transfer: 'trf_',
  payout: 'pout_',
  fundAccount: 'fa_',
  contact: 'cont_',
  linkedAccount: 'acc_',
  product: 'acc_prd_',
  settlement: 'setl_',
  dispute: 'disp_',
} as const

export type IdKind = keyof typeof prefixes

/**
 * An id that may stand in an address. The SDK puts ids there as they are, so that `../payouts` would reach another part of
 * the API. Throws `Unsendable`.
 */
export function idOf(kind: IdKind, id: string | null): string {
  const prefix = prefixes[kind]
  if (id?.startsWith(prefix) && /^[0-9A-Za-z]{1,40}$/.test(id.slice(prefix.length))) return id
  throw new Unsendable('invalid_id', `${JSON.stringify(id)} is not the id of a ${kind} at Razorpay`)
}
