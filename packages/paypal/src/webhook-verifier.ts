import { constants, verify } from 'node:crypto'
import { LedgerError, type OpenDelivery, openDelivery, type WebhookVerifier } from 'escrow-ledger'
import { checkCertificateUrl } from './certificate-url.js'
import { notAuthentic } from './not-authentic.js'
import type { SigningKey } from './signing-certificate.js'
import { createSigningKeys } from './signing-keys.js'
import { readTransmission, signedText, type Transmission } from './transmission.js'
import { type PayPalWebhook, readWebhook } from './webhook.js'
import { type PayPalWebhookOptions, readOptions } from './webhook-options.js'

/** How far PayPal's clock may be ahead of this one. */
const MAX_AHEAD_MS = 5 * 60_000

/**
 * Verifies webhooks of PayPal without asking PayPal: by the certificate whose address comes with them, which must be
 * PayPal's, valid now, and vouched for by a trusted root. It throws `not_authentic` for what PayPal did not sign,
 * `certificate_unavailable` while the certificate cannot be read, and `invalid_input` for options that make no sense.
 *
 * **The signature covers only the CRC-32 of the body.** A body with other amounts and a few letters to make up for them
 * passes: see `test/forgery.test.ts`. So whoever handles the event drops repeats by `dedupeKeys`, and fetches the resource
 * from the API before any money is posted; the event says no more than where to look.
 */
export function createPayPalWebhookVerifier(options: PayPalWebhookOptions): WebhookVerifier<PayPalWebhook> {
  return createVerifier(options)
}

/** A delivery that looks as PayPal's do, at its age and with a certificate at an address of PayPal's. */
export interface Delivered {
  readonly opened: OpenDelivery
  readonly transmission: Transmission
  readonly webhookId: string
}

/**
 * The same, with another way to tell for when the certificate cannot be read or nobody here can vouch for it; it throws
 * what the delivery is refused with.
 */
export function createVerifier(
  options: PayPalWebhookOptions,
  otherwise?: (delivered: Delivered, cause: LedgerError) => Promise<void>,
): WebhookVerifier<PayPalWebhook> {
  const { webhookId, maxAgeMs, ...read } = readOptions(options)
  const signingKey = createSigningKeys(read)
  return {
    async verify(delivery) {
      const opened = openDelivery('paypal', delivery)
      const transmission = readTransmission(opened)
      checkAge(transmission, { now: read.now(), maxAgeMs })
      checkCertificateUrl(transmission.certificateUrl, read.environment)
      try {
        checkSignature(await signingKey(transmission.certificateUrl), { opened, transmission, webhookId })
      } catch (error) {
        if (otherwise === undefined || !isUndecided(error)) throw error
        await otherwise({ opened, transmission, webhookId }, error)
      }
      return readWebhook(opened.json(), transmission)
    },
  }
}

const isUndecided = (error: unknown): error is LedgerError =>
  error instanceof LedgerError &&
  (error.code === 'certificate_unavailable' ||
    (error.code === 'not_authentic' && error.problem === 'certificate_untrusted'))

function checkSignature({ publicKey }: SigningKey, { opened, transmission, webhookId }: Delivered): void {
  const text = Buffer.from(signedText({ ...transmission, webhookId, rawBody: opened.rawBody }))
  const key = { key: publicKey, padding: constants.RSA_PKCS1_PADDING }
  if (!verify('RSA-SHA256', text, key, transmission.signature)) throw signatureMismatch(webhookId)
}

function checkAge({ at, time }: Transmission, { now, maxAgeMs }: { now: number; maxAgeMs: number }): void {
  const clock = new Date(now).toISOString()
  if (at > now + MAX_AHEAD_MS) {
    const message = `The delivery says that it was transmitted at ${time}, and it is ${clock}. Refuse it; if it is PayPal's, set the clock of this server.`
    throw notAuthentic('transmission_in_future', message)
  }
  if (at < now - maxAgeMs) {
    const message = `The delivery was transmitted at ${time}, more than ${maxAgeMs} ms before ${clock}, and PayPal no longer sends what is that old. Refuse it; events that were missed can be sent again from PayPal's dashboard.`
    throw notAuthentic('transmission_too_old', message)
  }
}

function signatureMismatch(webhookId: string) {
  const message = `The signature does not fit the delivery for webhook ${webhookId}. Refuse it; if it does come from PayPal, compare the webhook's id with the dashboard, and see that nothing parses or changes the body before it gets here.`
  return notAuthentic('signature_mismatch', message)
}
