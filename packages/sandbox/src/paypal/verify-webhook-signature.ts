import type { Operation } from '../http/operation.js'
import { readFields } from './fields.js'
import type { PayPalWorld } from './paypal-world.js'
import { CERTIFICATE_PATH, type WebhookSigner } from './webhook-signer.js'

export const signatureOperations = (world: PayPalWorld, signer: WebhookSigner): Operation[] => [
  {
    name: 'verifyWebhookSignature',
    method: 'POST',
    path: '/v1/notifications/verify-webhook-signature',
    handle(request) {
      const fields = readFields(request.json())
      fields.requiredObject('webhook_event')
      const webhookId = fields.requiredText('webhook_id', { max: 50, pattern: /^[a-zA-Z0-9]+$/ })
      const isGenuine = signer.isGenuine({
        algorithm: fields.requiredText('auth_algo', { max: 100, pattern: /^[a-zA-Z0-9]+$/ }),
        certificateUrl: fields.requiredText('cert_url', { max: 500 }),
        transmissionId: fields.requiredText('transmission_id', { max: 50 }),
        transmissionTime: fields.requiredText('transmission_time', { max: 100 }),
        signature: fields.requiredText('transmission_sig', { max: 500 }),
        webhookId,
        rawBody: rawMember(request.rawBody.toString(), 'webhook_event'),
      })
      const status = isGenuine && world.webhooks.has(webhookId) ? 'SUCCESS' : 'FAILURE'
      return { status: 200, body: { verification_status: status } }
    },
  },
  {
    name: 'getCertificate',
    method: 'GET',
    path: CERTIFICATE_PATH,
    handle: () => ({ status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: signer.chain.served }),
  },
]

/**
 * The text of an object that is a member of a JSON object, as it was written: the signature covers the event's bytes, and
 * reading and writing them again would change them.
 */
function rawMember(json: string, name: string): Buffer {
  const start = json.indexOf('{', json.indexOf(`"${name}"`))
  let depth = 0
  let isText = false
  for (let at = start; at < json.length; at++) {
    const letter = json[at]
    if (isText && letter === '\\') at++
    else if (letter === '"') isText = !isText
    else if (!isText && letter === '{') depth++
    else if (!isText && letter === '}' && --depth === 0) return Buffer.from(json.slice(start, at + 1))
  }
  return Buffer.alloc(0)
}
