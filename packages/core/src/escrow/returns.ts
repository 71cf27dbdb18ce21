import type { AccountRef } from '../accounts/account.js'
import { accountCodes } from '../accounts/chart.js'
import { invariant, ledgerError } from '../errors/index.js'
import type { Instruction } from '../instructions/instruction.js'
import type { Draft, View } from '../journal/draft.js'
import { credit, type Line } from '../journal/entry.js'
import { fromMinor, inWords } from '../money/index.js'
import { type Payment, paymentKey, payments } from '../payments/payment.js'
import { recordRefund } from '../payments/record-refund.js'
import { goneBackInWords, notGoneBackMinor } from '../payments/returnable.js'
import type { Escrow, Funding } from './escrow.js'

/** What of one funding goes back. */
interface Return {
  readonly funding: Funding
  readonly amountMinor: bigint
}

/** Money on its way back to where it came from. */
export interface Returns {
  readonly list: readonly Return[]
  /** The credits of the entry that returns it: credit goes straight back, payments by way of the payer's refunds. */
  readonly lines: readonly Line[]
  readonly fundings: readonly Funding[]
}

/** The funding of an escrow that came with a payment. */
export function fundingBy(
  { fundings }: Escrow,
  { gateway, reference }: { readonly gateway: string; readonly reference: string },
): Funding | undefined {
  return fundings.find((funding) => funding.gateway === gateway && funding.reference === reference)
}

/** What of a funding has not gone back yet, in minor units. */
export function notReturnedMinor(funding: Funding): bigint {
  return funding.amountMinor - funding.refundedMinor
}

/**
 * What a funding can still give back, in minor units: what of it has not gone back, capped at what its payment can give
 * back. One payment is one funding of an escrow (`joinFunding`), and credit has no such cap.
 */
export function returnableMinor(view: Pick<View, 'get'>, escrow: Escrow, funding: Funding): bigint {
  const payment = paymentOf(view, funding)
  const left = notReturnedMinor(funding)
  const capped = payment ? least(left, notGoneBackMinor(payment)) : left
  // A gateway takes no other amounts than whole steps.
  return capped - (capped % escrow.terms.stepMinor)
}

/**
 * Divides an amount over an escrow's fundings, the newest first, each capped at what it can give back. Throws
 * `refund_exceeds_payment` where that is not enough, since payers have got something of it already.
 */
export function planReturns(
  view: Pick<View, 'get'>,
  escrow: Escrow,
  { amountMinor, only }: { readonly amountMinor: bigint; readonly only?: Funding | undefined },
): Returns {
  let left = amountMinor
  const taken = new Map<Funding, bigint>()
  for (const funding of only ? [only] : [...escrow.fundings].reverse()) {
    const part = least(returnableMinor(view, escrow, funding), left)
    if (part > 0n) taken.set(funding, part)
    left -= part
  }
  if (left > 0n) throw returnsExceeded(view, escrow, { amountMinor, availableMinor: amountMinor - left, only })
  const list = [...taken].map(([funding, part]) => ({ funding, amountMinor: part }))
  return {
    list,
    lines: returnLines(escrow, list),
    fundings: escrow.fundings.map((funding) => withReturned(funding, taken.get(funding) ?? 0n)),
  }
}

/** A funding of which that much more went back. */
export function withReturned(funding: Funding, amountMinor: bigint): Funding {
  invariant(amountMinor <= notReturnedMinor(funding), 'what goes back came in once and has not gone back yet')
  return { ...funding, refundedMinor: funding.refundedMinor + amountMinor }
}

interface Asked {
  readonly amountMinor: bigint
  readonly availableMinor: bigint
  readonly only?: Funding | undefined
}

/** More was asked than the fundings of an escrow, or the only one that is meant, can give back. */
export function returnsExceeded(view: Pick<View, 'get'>, escrow: Escrow, { amountMinor, availableMinor, only }: Asked) {
  const available = fromMinor(availableMinor, escrow.currency)
  const requested = fromMinor(amountMinor, escrow.currency)
  const most = availableMinor > 0n ? `Only ${inWords(available)}` : 'Nothing'
  const way = only ? `to payment ${only.reference} of ${only.gateway}` : `from escrow ${escrow.id}`
  const why = whyNotMore(view, escrow, only)
  const message = `${most} of the ${inWords(requested)} can go back ${way}: ${why}`
  return ledgerError('refund_exceeds_payment', message, { available, requested })
}

/** Why no more goes back, and what to do. */
function whyNotMore(view: Pick<View, 'get'>, escrow: Escrow, only: Funding | undefined): string {
  const [gone, ...others] = (only ? [only] : [...escrow.fundings].reverse()).flatMap((funding) => {
    const payment = paymentOf(view, funding)
    return payment && notGoneBackMinor(payment) < notReturnedMinor(funding) ? [goneBackInWords(payment)] : []
  })
  if (gone !== undefined) {
    const more = others.length > 0 ? `; the same is true of ${others.length} more` : ''
    return `${gone}${more}. Resolve first what suspense.list shows of it: suspense.resolve can allocate it to the escrow.`
  }
  invariant(only, `what escrow ${escrow.id} returns was funded once and has not gone back yet`)
  const words = (minor: bigint) => inWords(fromMinor(minor, escrow.currency))
  const back = only.refundedMinor > 0n ? `, of which ${words(only.refundedMinor)} has gone back` : ''
  return `it gave escrow ${escrow.id} ${words(only.amountMinor)}${back}. Refund the rest to another, or name none.`
}

function paymentOf(view: Pick<View, 'get'>, { gateway, reference }: Funding): Payment | null {
  return gateway === null || reference === null ? null : view.get(payments, paymentKey(gateway, reference))
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function returnLines(escrow: Escrow, list: readonly Return[]): Line[] {
  const { currency } = escrow
  const viaGateways = list.reduce((sum, { funding, amountMinor }) => (funding.from ? sum : sum + amountMinor), 0n)
  const backToCredit = list.flatMap(({ funding, amountMinor }) =>
    funding.from ? [credit(funding.from, { minor: amountMinor, currency })] : [],
  )
  return [credit(accountCodes.payerRefunds(escrow.payer), { minor: viaGateways, currency }), ...backToCredit]
}

/** Records an instruction, with its entry, for every payment that money goes back to. */
export function instructReturns(draft: Draft, escrow: Escrow, returns: Returns, effectiveAt: number): Instruction[] {
  return returns.list.flatMap(({ funding: { gateway, reference }, amountMinor }) => {
    if (gateway === null || reference === null) return []
    const amount = fromMinor(amountMinor, escrow.currency)
    return [recordRefund(draft, { gateway, reference, payer: escrow.payer, escrow: escrow.id, amount, effectiveAt })]
  })
}

/** The accounts that returning an escrow's money may touch, and the payments that it goes back to. */
export function returnNeeds(escrow: Escrow): { accounts: AccountRef[]; payments: string[] } {
  const { currency } = escrow
  const codes = new Set<string>([accountCodes.payerRefunds(escrow.payer)])
  const keys: string[] = []
  for (const { from, gateway, reference } of escrow.fundings) {
    if (from) codes.add(from)
    if (gateway === null || reference === null) continue
    codes.add(accountCodes.refundsInTransit(gateway))
    keys.push(paymentKey(gateway, reference))
  }
  return { accounts: [...codes].map((code) => ({ code, currency })), payments: keys }
}
