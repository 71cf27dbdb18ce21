import { createHash, verify } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { signPayPalWebhook } from '@escrow-ledger/paypal'
import type { Channel } from '../webhooks/delivery.js'
import { type CertificateChain, createCertificateChain } from './certificates/certificate-chain.js'

const CERTIFICATE_ID = 'CERT-360caa42-sandbox'

/** Where PayPal's certificate is said to be; `fetchCertificate` of the sandbox reads it here. */
export const CERTIFICATE_PATH = `/v1/notifications/certs/${CERTIFICATE_ID}`
const CERTIFICATE_URL = `https://api.sandbox.paypal.com${CERTIFICATE_PATH}`

/** What was signed, as `verify-webhook-signature` is told it. */
interface SignedTransmission {
  readonly algorithm: string
  readonly certificateUrl: string
  readonly transmissionId: string
  readonly transmissionTime: string
  readonly signature: string
  readonly webhookId: string
  readonly rawBody: Uint8Array
}

/** Signs deliveries as PayPal does, and says whether it has signed one. */
export interface WebhookSigner {
  readonly chain: CertificateChain
  /** The webhook that deliveries are signed for. */
  webhookId: string
  readonly channel: Channel
  isGenuine(transmission: SignedTransmission): boolean
}

const minute = 60_000
const hour = 60 * minute

/** Up to 25 tries over three days, in growing intervals. PayPal documents the number and the time, not the intervals. */
const retryDelaysMs = [1, 2, 5, 10, 20, 40].map((each) => each * minute).concat(Array(18).fill(3.8 * hour))

export function createWebhookSigner({ webhookId, now }: { readonly webhookId: string; now(): number }): WebhookSigner {
  const chain = createCertificateChain(now())
  const firstSent = new Map<string, number>()
  const signer: WebhookSigner = {
    chain,
    webhookId,
    channel: {
      gateway: 'paypal',
      newDeliveryId: () => `WH-${firstSent.size}`,
      // A repeat is the same transmission: it has the same id and time.
      sign({ rawBody, id }) {
        const transmittedAt = firstSent.get(id) ?? now()
        firstSent.set(id, transmittedAt)
        return signPayPalWebhook({
          rawBody,
          webhookId: signer.webhookId,
          transmissionId: transmissionIdOf(id),
          transmittedAt,
          certificateUrl: CERTIFICATE_URL,
          privateKey: chain.privateKey,
        })
      },
      retryDelaysMs,
      timeoutMs: 30_000,
    },
    isGenuine: (transmission) => isGenuine(chain, transmission),
  }
  return signer
}

/** A UUID that is always the same for an event. */
function transmissionIdOf(eventId: string): string {
  const hex = createHash('sha256').update(eventId).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

function isGenuine(chain: CertificateChain, given: SignedTransmission): boolean {
  if (given.algorithm !== 'SHA256withRSA' || given.certificateUrl !== CERTIFICATE_URL) return false
  const text = [given.transmissionId, given.transmissionTime, given.webhookId, crc32(given.rawBody)].join('|')
  return verify('RSA-SHA256', Buffer.from(text), chain.publicKey, Buffer.from(given.signature, 'base64'))
}
