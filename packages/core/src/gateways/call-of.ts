import type { Instruction } from '../instructions/instruction.js'
import { fromMinor } from '../money/index.js'
import type { GatewayCall, TransferHold } from './call.js'

/** The call that an instruction stands for. `on` is the instruction that it goes on from, where it names one. */
export function callOf(instruction: Instruction, on: Instruction | null): GatewayCall {
  const { id, kind, gatewayKey: key, party, escrow, gatewayReference: reference, firstSentAt } = instruction
  const amount = fromMinor(instruction.amountMinor, instruction.currency)
  const base = { instruction: id, key, amount, party, escrow, reference, firstSentAt }
  const { payment, destination } = instruction
  switch (kind) {
    case 'order':
      return { ...base, kind }
    case 'capture':
      return { ...base, kind, payment: payment ?? '', order: on?.gatewayReference ?? null }
    case 'refund':
      return { ...base, kind, payment, destination }
    case 'transfer':
      return { ...base, kind, payment, destination, hold: holdOf(instruction) }
    case 'payout':
      return { ...base, kind, destination }
    case 'release':
    case 'reversal':
      return { ...base, kind, transfer: on?.gatewayReference ?? '' }
  }
}

function holdOf({ hold }: Instruction): TransferHold {
  if (hold === null) return 'none'
  return hold === 'indefinite' ? hold : { until: Number(hold) }
}
