import type { CallContext, CallOutcome, PayoutBatches, PayoutCall } from 'escrow-ledger'
import type { PayPalApi } from './api.js'
import { sendBatch } from './payout-batches.js'

/** Pays one payee out of PayPal's balance: a batch of one item, under the key of the call. Sent again, it is the first one. */
export async function sendPayout(
  api: PayPalApi,
  { read }: PayoutBatches,
  call: PayoutCall,
  context: CallContext,
): Promise<CallOutcome> {
  const { key, destination } = call
  if (destination === null) return { outcome: 'waiting', reason: 'it is not known yet where PayPal pays the payee' }
  const { outcome, repeated } = await sendBatch(api, { key, payouts: [call] }, context)
  if (outcome.outcome !== 'accepted') return outcome
  const { reference } = outcome
  return repeated ? askPayout({ read }, { ...call, reference }, context) : outcome
}

/** Asks about a payout, by PayPal's id of its batch: page after page, until it is there. */
export async function askPayout(
  { read }: Pick<PayoutBatches, 'read'>,
  { key, reference }: PayoutCall,
  context: CallContext,
): Promise<CallOutcome> {
  if (reference === null) {
    return { outcome: 'unknown', reason: 'PayPal finds payouts by its own ids only, and none is known' }
  }
  let others: CallOutcome | null = null
  for (let page = 1; ; page += 1) {
    const found = await read({ reference, page }, context)
    if (found.outcome === 'unknown') return found
    const outcome = found.payouts.get(key)
    if (others?.outcome !== 'accepted') others = found.others
    if (outcome || !found.more) return outcome ?? others
  }
}
