import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import { root as anotherRoot, DAY, leaf } from './fixtures/signer.js'
import { headersOf, presence, root, type Vector, vectors, verify } from './fixtures/vectors.js'

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256

const changed = (vector: Vector, headers: Readonly<Record<string, string>>) => ({
  headers: { ...headersOf(vector), ...headers },
})

describe.skipIf(presence)(`deliveries that PayPal made${presence}`, () => {
  test.each(vectors)('$name verifies', async (vector) => {
    const event = JSON.parse(Buffer.from(vector.rawBody).toString())
    expect(await verify(vector)).toEqual({
      gateway: 'paypal',
      type: event.event_type,
      eventId: event.id,
      transmissionId: vector.headers['paypal-transmission-id'],
      transmittedAt: vector.at,
      occurredAt: Date.parse(event.create_time),
      dedupeKeys: [`transmission:${vector.headers['paypal-transmission-id']}`, `event:${event.id}`],
      body: event,
    })
  })

  test.each(vectors)('$name verifies under the roots that Node comes with, while they have its own', async (vector) => {
    const call = () => verify(vector, { trustedRoots: undefined })
    if (rootCertificates.some((pem) => fingerprint(pem) === fingerprint(root)))
      expect((await call()).gateway).toBe('paypal')
    else expect(await problemOf(call)).toBe('certificate_untrusted')
  })

  test.each(vectors)('$name is refused with any byte of its body changed', async (vector) => {
    for (const index of vector.rawBody.keys()) {
      const rawBody = Uint8Array.from(vector.rawBody, (byte, at) => (at === index ? byte ^ 1 : byte))
      expect(await problemOf(() => verify(vector, { rawBody }))).toBe('signature_mismatch')
    }
  })

  test.each(vectors)('$name is refused with a character of a header changed', async (vector) => {
    const { 'paypal-transmission-sig': signature = '', 'paypal-transmission-id': id = '' } = vector.headers
    const later = new Date(vector.at + 1_000).toISOString().replace('.000', '')
    const headers: readonly (readonly [string, string, string])[] = [
      [
        'paypal-transmission-sig',
        `${signature.startsWith('a') ? 'b' : 'a'}${signature.slice(1)}`,
        'signature_mismatch',
      ],
      ['paypal-transmission-sig', signature.slice(4), 'signature_mismatch'],
      ['paypal-transmission-sig', signature.replace(/==$/, ''), 'signature_malformed'],
      ['paypal-transmission-id', id.replace(/.$/, (last) => (last === '0' ? '1' : '0')), 'signature_mismatch'],
      ['paypal-transmission-time', later, 'signature_mismatch'],
    ]
    for (const [name, value, problem] of headers) {
      expect(await problemOf(() => verify(vector, changed(vector, { [name]: value })))).toBe(problem)
    }
  })

  test.each(vectors)('$name is refused as written again from what was parsed', async (vector) => {
    const event = JSON.parse(Buffer.from(vector.rawBody).toString())
    const rawBody = Buffer.from(JSON.stringify(event, null, 2))
    expect(await problemOf(() => verify(vector, { rawBody }))).toBe('signature_mismatch')
  })

  test.each(vectors)('$name is refused for another webhook', async (vector) => {
    expect(await problemOf(() => verify(vector, { webhookId: '8JH86294D6297924G' }))).toBe('signature_mismatch')
  })

  test.each(vectors)('$name is refused under another algorithm', async (vector) => {
    const headers = changed(vector, { 'paypal-auth-algo': 'SHA1withRSA' })
    expect(await problemOf(() => verify(vector, headers))).toBe('algorithm_unsupported')
  })

  test.each(vectors)('$name is refused with a certificate from elsewhere', async (vector) => {
    const url = vector.headers['paypal-cert-url']?.replace('api.sandbox.paypal.com', 'api.sandbox.paypal.com.example')
    const headers = changed(vector, { 'paypal-cert-url': url ?? '' })
    expect(await problemOf(() => verify(vector, headers))).toBe('certificate_url')
  })

  test.each(vectors)(
    '$name is refused in the live environment, which knows neither its address nor its name',
    async (vector) => {
      const live = { environment: 'live' } as const
      expect(await problemOf(() => verify(vector, live))).toBe('certificate_url')
      const url = { 'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-1' }
      expect(await problemOf(() => verify(vector, { ...live, ...changed(vector, url) }))).toBe('certificate_name')
    },
  )

  test.each(vectors)('$name is refused without its issuer, and under another root', async (vector) => {
    expect(await problemOf(() => verify(vector, { intermediates: [] }))).toBe('certificate_untrusted')
    expect(await problemOf(() => verify(vector, { trustedRoots: [anotherRoot] }))).toBe('certificate_untrusted')
  })

  test.each(vectors)('$name is refused with the key of another certificate', async (vector) => {
    const [from, through] = [vector.at - DAY, vector.at + DAY]
    const other = { fetchCertificate: async () => leaf({ from, through }) }
    expect(await problemOf(() => verify(vector, other))).toBe('certificate_untrusted')
  })

  test.each(vectors)('$name is refused today, by its age and by its certificate', async (vector) => {
    const today = () => Date.UTC(2026, 10, 2)
    expect(await problemOf(() => verify(vector, { now: today }))).toBe('transmission_too_old')
    const always = Number.POSITIVE_INFINITY
    expect(await problemOf(() => verify(vector, { now: today, maxAgeMs: always }))).toBe('certificate_expired')
  })

  test.each(vectors)('$name is refused before its time', async (vector) => {
    const earlier = () => vector.at - 3_600_000
    expect(await problemOf(() => verify(vector, { now: earlier }))).toBe('transmission_in_future')
  })

  test.each(vectors)('$name is refused with a header missing or there twice', async (vector) => {
    const headers = headersOf(vector)
    for (const [name, value] of Object.entries(headers)) {
      const { [name]: _, ...without } = headers
      expect(await problemOf(() => verify(vector, { headers: without }))).toBe('header_missing')
      const twice = changed(vector, { [name]: `${value}, ${value}` })
      expect(await problemOf(() => verify(vector, twice))).toBe('header_repeated')
    }
  })
})

describe.skipIf(presence)(`the delivery that was recorded with an address of the recorder's own${presence}`, () => {
  const [, , recorded] = vectors
  beforeAll(() =>
    expect(recorded?.headers['paypal-cert-url']).toBe('https://api.sandbox.paypal.com/v1/notifications/test'),
  )

  test('is refused as it stands, since certificates are in one folder', async () => {
    if (recorded === undefined) throw new Error('the vector is gone')
    expect(await problemOf(() => verify(recorded, { headers: recorded.headers }))).toBe('certificate_url')
  })
})
