import type { AccountRef } from '../accounts/account.js'
import { accountCodes } from '../accounts/chart.js'
import { invariant } from '../errors/index.js'
import type { Instruction } from '../instructions/instruction.js'
import type { Draft } from '../journal/draft.js'
import { credit, type Line } from '../journal/entry.js'
import { fromMinor } from '../money/index.js'
import { paymentKey } from '../payments/payment.js'
import { recordRefund } from '../payments/record-refund.js'
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

/** What a funding can still give back, in minor units. */
export function returnableMinor(funding: Funding): bigint {
  return funding.amountMinor - funding.refundedMinor
}

/** Divides an amount over an escrow's fundings, the newest first, each capped at what of it has not gone back. */
export function planReturns(escrow: Escrow, amountMinor: bigint, only?: (funding: Funding) => boolean): Returns {
  let left = amountMinor
  const taken = new Map<Funding, bigint>()
  for (const funding of [...escrow.fundings].reverse()) {
    if (only && !only(funding)) continue
    const part = returnableMinor(funding) < left ? returnableMinor(funding) : left
    if (part > 0n) taken.set(funding, part)
    left -= part
  }
  invariant(left === 0n, `what escrow ${escrow.id} returns was funded once and has not gone back yet`)
  const list = [...taken].map(([funding, part]) => ({ funding, amountMinor: part }))
  return {
    list,
    lines: returnLines(escrow, list),
    fundings: escrow.fundings.map((funding) => ({
      ...funding,
      refundedMinor: funding.refundedMinor + (taken.get(funding) ?? 0n),
    })),
  }
}

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
