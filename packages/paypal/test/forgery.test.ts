import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { forgeBody } from '../../../test/fixtures/forge-crc32.js'
import { event, rawBody, signed, verifierOf } from './fixtures/delivery.js'
import { presence, vectors, verify } from './fixtures/vectors.js'

// These pass, and that is the point: PayPal signs no more of a body than its CRC-32. Money must not move on what a webhook
// says, but on what the API says when the resource is fetched.
describe('a forged body with the CRC-32 of a genuine one', () => {
  const amount = { value: '1000000.00', currency_code: 'USD' }
  const claimed = { ...event, id: 'WH-MADE-UP', resource: { ...event.resource, amount } }

  test('is JSON, and verifies with the headers of the genuine one', async () => {
    const forged = forgeBody(rawBody, claimed)
    expect(forged.equals(rawBody)).toBe(false)
    expect(crc32(forged)).toBe(crc32(rawBody))
    const webhook = await verifierOf().verify({ headers: signed(), rawBody: forged })
    expect(webhook).toMatchObject({ eventId: 'WH-MADE-UP', body: { resource: { amount } } })
  })

  test('is a repeat all the same, by the transmission that is signed', async () => {
    const verifier = verifierOf()
    const genuine = await verifier.verify({ headers: signed(), rawBody })
    const forged = await verifier.verify({ headers: signed(), rawBody: forgeBody(rawBody, claimed) })
    expect(forged.dedupeKeys.filter((key) => genuine.dedupeKeys.includes(key))).toEqual([genuine.dedupeKeys[0]])
  })

  test('does not verify as another transmission', async () => {
    const headers = { ...signed(), 'paypal-transmission-id': '00000000-1584-11e7-abf0-6b62a8a99ac4' }
    const call = verifierOf().verify({ headers, rawBody: forgeBody(rawBody, claimed) })
    await expect(call).rejects.toMatchObject({ code: 'not_authentic', problem: 'signature_mismatch' })
  })

  test.skipIf(presence).each(vectors)(`verifies in the place of $name${presence}`, async (vector) => {
    const forged = forgeBody(vector.rawBody, claimed)
    expect(await verify(vector, { rawBody: forged })).toMatchObject({ eventId: 'WH-MADE-UP' })
  })
})
