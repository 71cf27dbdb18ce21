import type { CallOutcome, ReversalCall } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { everyPage, findIn } from './every-page.js'
import { idOf } from './ids.js'
import { keyIn, notesOf } from './notes.js'
import { isNotFound } from './outcome.js'
import { toWire } from './wire-money.js'

/** Takes a transfer, or a part of it, back from a linked account, which must have the money still. It happens at once. */
export function createReversals(client: RazorpayClient): CallKind<ReversalCall> {
  return {
    async send(call, context) {
      const id = idOf('transfer', call.transfer)
      const request = { amount: toWire(call.amount), notes: notesOf(call) }
      return reversalOutcome(await client.call(context, (sdk) => sdk.transfers.reverse(id, request)))
    },
    async ask({ transfer, key }, context) {
      const path = `/v1/transfers/${idOf('transfer', transfer)}/reversals`
      const all = everyPage((query) => client.request(context, { method: 'GET', path, query }))
      try {
        const reversal = await findIn(all, (each) => keyIn(each) === key)
        return reversal === null ? { outcome: 'absent' } : reversalOutcome(reversal)
      } catch (error) {
        if (isNotFound(error)) return { outcome: 'absent' }
        throw error
      }
    },
  }
}

const reversalOutcome = (reversal: Answer): CallOutcome => ({
  outcome: 'processed',
  reference: reversal.text('id'),
  at: reversal.at('created_at'),
})
