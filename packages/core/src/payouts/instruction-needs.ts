import { accountCodes } from '../accounts/chart.js'
import { type Instruction, instructions } from '../instructions/instruction.js'
import type { Needs } from '../journal/command.js'
import type { View } from '../journal/draft.js'
import type { Money } from '../money/index.js'
import { feeKey } from '../payments/fee.js'
import { paymentKey } from '../payments/payment.js'
import { accountsOf } from './money-way.js'

/** The command's needs: the instruction first, then what it names. */
export function instructionNeeds(id: string): Needs {
  return { records: { instructions: [id] } }
}

export function furtherNeeds(view: View, id: string, fee?: Money | undefined): Needs {
  return outcomeNeeds(view.get(instructions, id), fee)
}

/** Everything that an outcome may touch; a fee may be charged in another currency. */
function outcomeNeeds(instruction: Instruction | null, fee: Money | undefined): Needs {
  if (!instruction) return {}
  const { id, gateway, currency, escrow, payment, about, source, lastEntry } = instruction
  const both = [
    source,
    accountCodes.suspense(gateway),
    accountCodes.gatewayFees(gateway),
    accountCodes.gatewayFeeTax(gateway),
  ]
  return {
    accounts: [
      ...[...accountsOf(instruction), ...both].map((code) => ({ code, currency })),
      ...(fee ? both.map((code) => ({ code, currency: fee.currency })) : []),
    ],
    records: {
      escrows: escrow === null ? [] : [escrow],
      payments: payment === null ? [] : [paymentKey(gateway, payment)],
      instructions: about === null ? [] : [about],
      fees: fee ? [feeKey(gateway, id)] : [],
    },
    entries: lastEntry === null ? [] : [lastEntry],
  }
}
