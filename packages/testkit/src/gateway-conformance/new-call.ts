import { randomUUID } from 'node:crypto'
import type { GatewayCall, InstructionKind, Money } from 'escrow-ledger'
import type { CallDetails } from './harness.js'

interface NewCall {
  readonly amount: Money
  readonly firstSentAt: number
  readonly details: CallDetails
}

/** A call as the ledger makes it: under a key of 36 characters, with nothing known of it yet. */
export function newCall(kind: InstructionKind, { amount, firstSentAt, details }: NewCall): GatewayCall {
  const key = randomUUID()
  const base = { instruction: key, key, amount, party: 'p-1', escrow: 's-1', reference: null, firstSentAt }
  const { payment = null, order = null, destination = null, transfer = '', hold = 'none' } = details
  switch (kind) {
    case 'order':
      return { ...base, kind }
    case 'capture':
      return { ...base, kind, payment: payment ?? '', order }
    case 'refund':
      return { ...base, kind, payment, destination }
    case 'payout':
      return { ...base, kind, destination }
    case 'transfer':
      return { ...base, kind, payment, destination, hold }
    case 'release':
    case 'reversal':
      return { ...base, kind, transfer }
  }
}
