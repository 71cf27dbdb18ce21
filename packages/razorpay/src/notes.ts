import type { GatewayCall } from 'escrow-ledger'
import type { Answer } from './answer.js'

/** What Razorpay keeps with all that is made for a call: by the key it is found again, the escrow is for people. */
export function notesOf({ key, escrow }: GatewayCall): Record<string, string> {
  return escrow === null ? { key } : { key, escrow }
}

/** The key that something at Razorpay was made under; null where it has none of ours. */
export const keyIn = (answer: Answer): string | null => answer.part('notes').optionalText('key')
