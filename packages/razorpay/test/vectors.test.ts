import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import {
  createRazorpayWebhookVerifier,
  verifyRazorpayCheckout,
  verifyRazorpayPaymentLink,
  verifyRazorpaySubscription,
} from '../src/index.js'
import { presence, vectorsOf } from './fixtures/vectors.js'

const verify = (rawBody: Uint8Array, { signature, secret }: { signature: string; secret: string }) =>
  createRazorpayWebhookVerifier({ secrets: [secret] }).verify({
    headers: { 'x-razorpay-signature': signature },
    rawBody,
  })

describe.skipIf(presence)(`webhooks that Razorpay's libraries verify${presence}`, () => {
  test.each(vectorsOf('webhook'))('$name verifies, and with no byte changed', async (vector) => {
    const rawBody = Buffer.from(vector.message)
    expect((await verify(rawBody, vector)).gateway).toBe('razorpay')
    for (const index of rawBody.keys()) {
      const changed = Uint8Array.from(rawBody, (byte, at) => (at === index ? byte ^ 1 : byte))
      expect(await problemOf(() => verify(changed, vector))).toBe('signature_mismatch')
    }
  })

  test.each(vectorsOf('webhook'))('$name is refused with another secret', async (vector) => {
    const other = { ...vector, secret: `${vector.secret}.` }
    expect(await problemOf(() => verify(Buffer.from(vector.message), other))).toBe('signature_mismatch')
  })

  const [pretty] = vectorsOf('webhook').filter(({ message }) => message.includes('\n'))

  test('the pretty-printed one verifies by its bytes alone, not as parsed and written again', async () => {
    if (pretty === undefined) throw new Error('there is no pretty-printed vector')
    const again = JSON.stringify(JSON.parse(pretty.message))
    expect(await problemOf(() => verify(Buffer.from(again), pretty))).toBe('signature_mismatch')
    expect(await verify(Buffer.from(pretty.message), pretty)).toMatchObject({
      type: 'payment.authorized',
      entities: [{ kind: 'payment', id: 'pay_6koWN7bvxujzxM', status: 'captured' }],
      dedupeKeys: ['payment.authorized payment:pay_6koWN7bvxujzxM:captured'],
      occurredAt: 1_400_826_760_000,
    })
  })
})

describe.skipIf(presence)(`callbacks that Razorpay's libraries verify${presence}`, () => {
  const kinds = {
    checkout: ([orderId = '', paymentId = '']: string[], signature: string, keySecrets: string[]) =>
      verifyRazorpayCheckout({ orderId, paymentId, signature }, { keySecrets }),
    subscription: ([paymentId = '', subscriptionId = '']: string[], signature: string, keySecrets: string[]) =>
      verifyRazorpaySubscription({ paymentId, subscriptionId, signature }, { keySecrets }),
    'payment link': (fields: string[], signature: string, keySecrets: string[]) => {
      const [paymentLinkId = '', referenceId = '', status = '', paymentId = ''] = fields
      verifyRazorpayPaymentLink({ paymentLinkId, referenceId, status, paymentId, signature }, { keySecrets })
    },
  }
  const cases = Object.entries(kinds).flatMap(([kind, verifyIt]) =>
    vectorsOf(kind).map((vector) => ({ ...vector, verifyIt, fields: vector.message.split('|') })),
  )

  test.each(cases)('$name verifies, and with no field changed', async ({ verifyIt, fields, signature, secret }) => {
    expect(verifyIt(fields, signature, [secret])).toBeUndefined()
    expect(verifyIt(fields, signature, ['another', secret])).toBeUndefined()
    expect(await problemOf(() => verifyIt(fields, signature, ['another']))).toBe('signature_mismatch')
    for (const index of fields.keys()) {
      const changed = fields.map((field, at) => (at === index ? `${field}0` : field))
      expect(await problemOf(() => verifyIt(changed, signature, [secret]))).toBe('signature_mismatch')
    }
    expect(await problemOf(() => verifyIt(fields.toReversed(), signature, [secret]))).toBe('signature_mismatch')
  })
})
