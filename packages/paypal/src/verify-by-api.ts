import type { CallContext } from 'escrow-ledger'
import { isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { textAt } from './json-path.js'
import { notAuthentic } from './not-authentic.js'
import { unexpected } from './outcome.js'
import { plainRequest } from './plain-request.js'
import { ALGORITHM } from './transmission.js'
import type { Delivered } from './webhook-verifier.js'

const path = '/v1/notifications/verify-webhook-signature'

/**
 * Has PayPal say whether it signed a delivery. The event is embedded as it came, byte for byte: parsed and written again it
 * would no longer fit its signature. Throws `not_authentic` where PayPal says no, or the body is not an object of JSON.
 */
export async function verifyByApi(
  api: PayPalApi,
  { opened, transmission, webhookId }: Delivered,
  context: CallContext,
): Promise<void> {
  const event = opened.json()
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw mismatch(webhookId)
  const told = JSON.stringify({
    auth_algo: ALGORITHM,
    cert_url: transmission.certificateUrl,
    transmission_id: transmission.id,
    transmission_sig: transmission.signature.toString('base64'),
    transmission_time: transmission.time,
    webhook_id: webhookId,
  })
  const text = `${told.slice(0, -1)},"webhook_event":${new TextDecoder().decode(opened.rawBody)}}`
  const headers = { 'Content-Type': 'application/json' }
  const answer = await api.call(context, plainRequest({ method: 'POST', path, headers, text }))
  if (!isSuccess(answer)) throw unexpected(answer)
  if (textAt(answer.body, 'verification_status') !== 'SUCCESS') throw mismatch(webhookId)
}

function mismatch(webhookId: string) {
  const message = `PayPal says that it did not sign this delivery for webhook ${webhookId}. Refuse it; if it does come from PayPal, compare the webhook's id with the dashboard, and see that nothing parses or changes the body before it gets here.`
  return notAuthentic('signature_mismatch', message)
}
