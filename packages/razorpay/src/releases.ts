import type { CallOutcome, ReleaseCall } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { fetchTransfer } from './transfers.js'

/**
 * Takes the hold off a transfer. The payee is paid when its linked account is settled with its bank, the next working day
 * or by the account's own schedule; no webhook tells of that, so it is asked about.
 */
export function createReleases(client: RazorpayClient): CallKind<ReleaseCall> {
  return {
    async send({ transfer }, context) {
      const id = idOf('transfer', transfer)
      return releaseOutcome(await client.call(context, (sdk) => sdk.transfers.edit(id, { on_hold: false })))
    },
    async ask({ transfer }, context) {
      const answer = await fetchTransfer(client, transfer, context)
      return answer === null ? { outcome: 'absent' } : releaseOutcome(answer)
    },
  }
}

function releaseOutcome(transfer: Answer): CallOutcome {
  const settlement = transfer.optionalText('recipient_settlement_id')
  if (settlement !== null) return { outcome: 'processed', reference: settlement }
  const reference = transfer.text('id')
  const status = transfer.optionalText('status')
  if (status === 'failed' || status === 'reversed') {
    return {
      outcome: 'refused',
      code: `transfer_${status}`,
      reason: `${reference} is ${status}: nothing is left to settle`,
    }
  }
  return transfer.flag('on_hold') ? { outcome: 'absent' } : { outcome: 'accepted', reference }
}
