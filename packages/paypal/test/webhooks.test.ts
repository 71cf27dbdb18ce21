import { createHash } from 'node:crypto'
import type { DeliveryHeaders } from 'escrow-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import { createPayPalWebhookVerifier, type PayPalWebhookOptions } from '../src/index.js'
import { event, signed, verifierOf, verify } from './fixtures/delivery.js'
import { DAY, NOW } from './fixtures/signer.js'

describe('what a webhook says', () => {
  test('is what happened, and what tells a repeat', async () => {
    const transmissionId = '071f7d20-1584-11e7-abf0-6b62a8a99ac4'
    expect(await verify(signed())).toEqual({
      gateway: 'paypal',
      type: 'PAYMENT.CAPTURE.COMPLETED',
      eventId: event.id,
      transmissionId,
      transmittedAt: NOW,
      occurredAt: NOW - 1_877,
      dedupeKeys: [`transmission:${transmissionId}`, `event:${event.id}`],
      body: event,
    })
  })

  test.each([
    ['no JSON', '{"id":'],
    ['empty', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['without an id', '{"create_time":"soon"}'],
  ])('is known by its transmission when its body is %s', async (_, text) => {
    const body = Buffer.from(text)
    const nothing = { type: null, eventId: null, occurredAt: null }
    expect(await verify(signed({ rawBody: body }), {}, body)).toMatchObject({
      ...nothing,
      dedupeKeys: ['transmission:071f7d20-1584-11e7-abf0-6b62a8a99ac4'],
    })
  })
})

describe('the headers', () => {
  test.each<[string, DeliveryHeaders]>([
    ['as Node has them', signed()],
    ['in capitals', Object.fromEntries(Object.entries(signed()).map(([name, value]) => [name.toUpperCase(), value]))],
    ['as Headers', new Headers(signed())],
  ])('are read %s', async (_, headers) => {
    expect(await verify(headers)).toMatchObject({ eventId: event.id })
  })

  test.each([
    ['paypal-transmission-id', 'a|b', 'header_malformed'],
    ['paypal-transmission-id', 'x'.repeat(101), 'header_malformed'],
    ['paypal-transmission-time', 'yesterday', 'header_malformed'],
    ['paypal-transmission-time', '2026-11-02', 'header_malformed'],
    ['paypal-transmission-time', '2026-13-02T09:00:00Z', 'header_malformed'],
    ['paypal-transmission-time', `${NOW}`, 'header_malformed'],
    ['paypal-transmission-sig', 'not base64', 'signature_malformed'],
    ['paypal-transmission-sig', 'AAAA', 'signature_mismatch'],
    ['paypal-auth-algo', 'sha256withrsa', 'algorithm_unsupported'],
    ['paypal-auth-algo', 'none', 'algorithm_unsupported'],
    ['paypal-auth-algo', 'SHA512withRSA', 'algorithm_unsupported'],
  ])('are refused with %s: %s', async (name, value, problem) => {
    expect(await problemOf(() => verify({ ...signed(), [name]: value }))).toBe(problem)
  })
})

describe('the address of the certificate', () => {
  const path = '/v1/notifications/certs/CERT-1'
  test.each([
    ['of the other environment', `https://api.paypal.com${path}`],
    ['without TLS', `http://api.sandbox.paypal.com${path}`],
    ['at another host', `https://example.com${path}`],
    ['at a host below', `https://x.api.sandbox.paypal.com${path}`],
    ['at a host that begins the same', `https://api.sandbox.paypal.com.example.com${path}`],
    ['with a port', `https://api.sandbox.paypal.com:8443${path}`],
    ['with credentials', `https://api.sandbox.paypal.com@example.com${path}`],
    ['with a backslash', `https://example.com\\@api.sandbox.paypal.com${path}`],
    ['with a query', `https://api.sandbox.paypal.com${path}?x=1`],
    ['with a fragment', `https://api.sandbox.paypal.com${path}#x`],
    ['in another folder', 'https://api.sandbox.paypal.com/v1/CERT-1'],
    ['out of the folder', 'https://api.sandbox.paypal.com/v1/notifications/certs/../CERT-1'],
    ['escaped out of the folder', 'https://api.sandbox.paypal.com/v1/notifications/certs/%2e%2e%2fCERT-1'],
    ['with a line after it', `https://api.sandbox.paypal.com${path}\n`],
    ['in capitals', `HTTPS://API.SANDBOX.PAYPAL.COM${path}`],
    ['that is a file', 'file:///etc/passwd'],
  ])('is refused %s, and nothing is read', async (_, certificateUrl) => {
    const fetchCertificate = () => Promise.reject(new Error('it was read'))
    expect(await problemOf(() => verify(signed({ certificateUrl }), { fetchCertificate }))).toBe('certificate_url')
  })

  test.each(['api.sandbox.paypal.com', 'api-m.sandbox.paypal.com'])('may be at %s', async (host) => {
    expect(await verify(signed({ certificateUrl: `https://${host}${path}` }))).toMatchObject({ eventId: event.id })
  })
})

describe('the age', () => {
  test.each([
    ['just now', NOW, undefined, null],
    ['four days ago', NOW - 4 * DAY, undefined, null],
    ['earlier', NOW - 4 * DAY - 1, undefined, 'transmission_too_old'],
    ['earlier than asked for', NOW - 3_601_000, 3_600_000, 'transmission_too_old'],
    ['by a clock that is ahead', NOW + 300_000, undefined, null],
    ['by a clock that is too far ahead', NOW + 300_001, undefined, 'transmission_in_future'],
  ])('is that of something sent %s', async (_, transmittedAt, maxAgeMs, problem) => {
    const call = () => verify(signed({ transmittedAt }), { maxAgeMs })
    if (problem === null) expect(await call()).toMatchObject({ transmittedAt })
    else expect(await problemOf(call)).toBe(problem)
  })
})

test('a time with an offset is signed as it stands', async () => {
  const headers = { ...signed(), 'paypal-transmission-time': '2026-11-02T14:30:00+05:30' }
  expect(await problemOf(() => verify(headers))).toBe('signature_mismatch')
})

test('a delivery for another webhook is refused', async () => {
  expect(await problemOf(() => verify(signed({ webhookId: 'ANOTHER' })))).toBe('signature_mismatch')
})

describe('options', () => {
  test.each<[string, Partial<PayPalWebhookOptions>]>([
    ['no environment', { environment: 'production' as 'live' }],
    ['no webhook', { webhookId: '' }],
    ['a webhook that would move the bars', { webhookId: 'A|1' }],
    ["the simulator's webhook", { webhookId: 'WEBHOOK_ID' }],
    ["the simulator's webhook, live", { webhookId: 'WEBHOOK_ID', environment: 'live', allowSimulator: true }],
    ['an age of nothing', { maxAgeMs: 0 }],
    ['an age that is none', { maxAgeMs: Number.NaN }],
    ['no time to read', { certificateTimeoutMs: 0 }],
    ['a root that is none', { trustedRoots: ['root'] }],
    ['an issuer that is none', { intermediates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'] }],
  ])('with %s are refused', (_, options) => {
    expect(() => verifierOf(options)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('that are missing are refused', () => {
    const call = () => createPayPalWebhookVerifier(undefined as unknown as PayPalWebhookOptions)
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  test('may allow the simulator in the sandbox', async () => {
    const simulator = { webhookId: 'WEBHOOK_ID' }
    expect(await verify(signed(simulator), { ...simulator, allowSimulator: true })).toMatchObject({ eventId: event.id })
  })
})

test('any flipped bit is refused, in the body, the signature, the id or the time', async () => {
  const verifier = verifierOf()
  const parts = fc.constantFrom('body', 'paypal-transmission-sig', 'paypal-transmission-id', 'paypal-transmission-time')
  const flips = fc.tuple(fc.nat(), fc.nat({ max: 7 }))
  const bodies = fc.uint8Array({ minLength: 1, maxLength: 500 })
  await fc.assert(
    fc.asyncProperty(bodies, parts, flips, async (body, part, [pick, bit]) => {
      const flip = (given: Uint8Array) =>
        Buffer.from(given.map((byte, at) => (at === pick % given.length ? byte ^ (1 << bit) : byte)))
      const transmissionId = createHash('sha256').update(body).digest('hex')
      const headers = signed({ rawBody: body, transmissionId })
      expect((await verifier.verify({ headers, rawBody: body })).transmissionId).toBe(transmissionId)
      const flipped =
        part === 'body'
          ? { headers, rawBody: flip(body) }
          : {
              headers: { ...headers, [part]: flip(Buffer.from(headers[part] ?? '')).toString('latin1') },
              rawBody: body,
            }
      expect(await problemOf(() => verifier.verify(flipped))).toMatch(/^(signature|header|transmission)_/)
    }),
  )
})

test('a body that was parsed before is a mistake of the host', async () => {
  const call = verify(signed(), {}, event as unknown as Uint8Array)
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
})
