import { accountCodes } from '../accounts/chart.js'
import type { CallFee } from '../gateways/outcome.js'
import type { Instruction, InstructionKind } from '../instructions/instruction.js'
import { credit, debit, type Line } from '../journal/entry.js'
import { add, fromMinor, type Money, subtract } from '../money/index.js'

export function amountOf(instruction: Pick<Instruction, 'amountMinor' | 'currency'>): Money {
  return fromMinor(instruction.amountMinor, instruction.currency)
}

/** Kinds whose money is set aside when they are recorded, and goes back where it came from when nothing comes of them. */
export type SetAside = Extract<InstructionKind, 'refund' | 'payout' | 'release'>

export function isSetAside(kind: InstructionKind): kind is SetAside {
  return kind === 'refund' || kind === 'payout' || kind === 'release'
}

type Way = Pick<Instruction, 'kind' | 'gateway' | 'party'>

/** Where the money is while it is on its way. */
export function inTransitOf({ kind, gateway }: Pick<Way, 'kind' | 'gateway'>): string {
  return kind === 'refund' ? accountCodes.refundsInTransit(gateway) : accountCodes.payoutsInTransit(gateway)
}

/** Where the money came from, and goes back to when nothing comes of it. */
export function originOf({ kind, party }: Pick<Way, 'kind' | 'party'>): string {
  return kind === 'refund' ? accountCodes.payerRefunds(party) : accountCodes.payable(party)
}

/** The accounts between which an instruction moves money when the gateway has done it; none for orders and captures. */
export function accountsOf(instruction: Way & Pick<Instruction, 'source'>): readonly string[] {
  const { kind, gateway, party, source } = instruction
  if (isSetAside(kind)) return [inTransitOf(instruction), originOf(instruction), source]
  return kind === 'order' || kind === 'capture' ? [] : [source, accountCodes.linked(gateway, party)]
}

/**
 * The lines of what the gateway has done; none for orders and captures, whose payments are posted by themselves.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | refund | refunds:in-transit:razorpay 200.00 | gateway:razorpay:clearing 200.00 |
 * | payout, fee 5.90 | payouts:in-transit:razorpay 600.00, gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90 | gateway:razorpay:payouts 605.90 |
 * | transfer, fee 2.36 | gateway:razorpay:linked:p1 800.00, gateway:razorpay:fees 2.00, gateway:razorpay:fee-tax 0.36 | gateway:razorpay:clearing 802.36 |
 * | reversal | gateway:razorpay:clearing 200.00 | gateway:razorpay:linked:p1 200.00 |
 * | release | payouts:in-transit:razorpay 600.00 | gateway:razorpay:linked:p1 600.00 |
 */
export function processedLines(instruction: Instruction, fee: CallFee | undefined): Line[] {
  const { kind, gateway, party, source } = instruction
  if (kind === 'order' || kind === 'capture') return []
  const amount = amountOf(instruction)
  const linked = accountCodes.linked(gateway, party)
  if (kind === 'reversal') return [debit(source, amount), ...feeLines(gateway, source, fee), credit(linked, amount)]
  const to = kind === 'transfer' ? linked : inTransitOf(instruction)
  return fee?.fee.currency === amount.currency
    ? [debit(to, amount), ...charged(gateway, fee), credit(source, add(amount, fee.fee))]
    : [debit(to, amount), credit(source, amount), ...feeLines(gateway, source, fee)]
}

function feeLines(gateway: string, source: string, fee: CallFee | undefined): Line[] {
  return fee ? [...charged(gateway, fee), credit(source, fee.fee)] : []
}

function charged(gateway: string, { fee, tax }: CallFee): Line[] {
  return [debit(accountCodes.gatewayFees(gateway), subtract(fee, tax)), debit(accountCodes.gatewayFeeTax(gateway), tax)]
}
