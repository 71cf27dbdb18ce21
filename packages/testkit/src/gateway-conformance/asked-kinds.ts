import type { Gateway, InstructionKind } from 'escrow-ledger'

/** The kinds of calls that a gateway is asked for; what comes with a payment or a refund by itself is not among them. */
export const askedKinds = (operations: Gateway['operations']): readonly InstructionKind[] =>
  Object.entries(operations).flatMap(([kind, { comesWith }]) =>
    comesWith === undefined ? [kind as InstructionKind] : [],
  )
