import { crc32 } from 'node:zlib'
import type { OpenDelivery } from 'escrow-ledger'
import { notAuthentic } from './not-authentic.js'

/** The only algorithm that PayPal signs with, under the name that its header has for it. */
export const ALGORITHM = 'SHA256withRSA'

/** What PayPal's headers say of a delivery. */
export interface Transmission {
  readonly id: string
  /** As the header has it, since that text is what was signed. */
  readonly time: string
  /** The same in milliseconds since 1970. */
  readonly at: number
  readonly signature: Buffer
  readonly certificateUrl: string
}

/** Reads the headers. Throws `not_authentic` for one that is missing, repeated or not as PayPal writes it. */
export function readTransmission({ header }: OpenDelivery): Transmission {
  const algorithm = header('paypal-auth-algo')
  if (algorithm !== ALGORITHM) {
    const message = `The delivery names ${JSON.stringify(algorithm)} for its signature, and PayPal signs with ${ALGORITHM}. Refuse it.`
    throw notAuthentic('algorithm_unsupported', message)
  }
  const id = header('paypal-transmission-id')
  if (!/^[0-9A-Za-z-]{1,100}$/.test(id)) throw malformed('paypal-transmission-id', 'an id of letters, digits and "-"')
  const time = header('paypal-transmission-time')
  const at = instant.test(time) ? Date.parse(time) : Number.NaN
  if (Number.isNaN(at)) throw malformed('paypal-transmission-time', 'a time such as 2026-11-02T09:00:00Z')
  return { id, time, at, signature: readSignature(header), certificateUrl: header('paypal-cert-url') }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** Only the one way to write these bytes is taken, so that a changed character never means the same. */
function readSignature(header: OpenDelivery['header']): Buffer {
  const text = header('paypal-transmission-sig')
  const signature = Buffer.from(text, 'base64')
  if (signature.toString('base64') === text) return signature
  const message =
    'The header paypal-transmission-sig is not base64, as PayPal writes its signatures. Refuse the delivery.'
  throw notAuthentic('signature_malformed', message)
}

function malformed(name: string, expected: string) {
  const message = `The header ${name} is not as PayPal writes it, ${expected}. Refuse the delivery.`
  return notAuthentic('header_malformed', message)
}

/** What is signed: of the body no more than its CRC-32, as an unsigned decimal. */
export function signedText(of: {
  readonly id: string
  readonly time: string
  readonly webhookId: string
  readonly rawBody: Uint8Array
}): string {
  return [of.id, of.time, of.webhookId, crc32(of.rawBody)].join('|')
}
