import type { DeliveryHeaders } from 'escrow-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import { createRazorpayWebhookVerifier, signRazorpayWebhook } from '../src/index.js'

const secret = 'whsec-current'
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body))
const captured = bytes({
  entity: 'event',
  account_id: 'acc_BFQ7uQEaa7j2z7',
  event: 'payment.captured',
  contains: ['payment'],
  payload: { payment: { entity: { id: 'pay_1', entity: 'payment', amount: 100_000, status: 'captured' } } },
  created_at: 1_793_610_000,
})

const verifier = createRazorpayWebhookVerifier({ secrets: [secret] })
const verify = (headers: DeliveryHeaders, rawBody: Uint8Array = captured) => verifier.verify({ headers, rawBody })
const verifySigned = (rawBody: Uint8Array, deliveryId?: string) =>
  verify(signRazorpayWebhook({ rawBody, secret, deliveryId }), rawBody)

describe('what a webhook says', () => {
  test('is what happened to what, and what tells a repeat', async () => {
    expect(await verifySigned(captured, 'evt_1')).toEqual({
      gateway: 'razorpay',
      type: 'payment.captured',
      entities: [{ kind: 'payment', id: 'pay_1', status: 'captured' }],
      dedupeKeys: ['payment.captured payment:pay_1:captured'],
      occurredAt: 1_793_610_000_000,
      accountId: 'acc_BFQ7uQEaa7j2z7',
      deliveryId: 'evt_1',
      body: JSON.parse(captured.toString()),
    })
  })

  test('has one key for a repeat under another delivery id, since anybody can make those up', async () => {
    const [first, second] = await Promise.all([verifySigned(captured, 'evt_1'), verifySigned(captured)])
    expect(first.dedupeKeys).toEqual(second.dedupeKeys)
    expect(second.deliveryId).toBeNull()
  })

  test('names all that it is about, in one order', async () => {
    const [order, payment] = [{ entity: { id: 'order_1', status: 'paid' } }, { entity: { id: 'pay_1' } }]
    const keys = ['order.paid order:order_1:paid payment:pay_1:']
    const paid = (payload: object) => verifySigned(bytes({ event: 'order.paid', payload }))
    expect(await paid({ payment, order })).toMatchObject({ dedupeKeys: keys, occurredAt: null })
    expect(await paid({ order, payment })).toMatchObject({ dedupeKeys: keys })
  })

  test.each([
    ['no JSON', Buffer.from('{"event":'), null],
    ['no text', Buffer.from([0x22, 0xff, 0x22]), null],
    ['empty', Buffer.alloc(0), null],
    ['a list', bytes([]), null],
    ['null', bytes(null), null],
    ['without an event', bytes({ a: 1 }), null],
    ['with an empty event', bytes({ event: '' }), null],
    ['about nothing', bytes({ event: 'account.updated' }), 'account.updated'],
    ['about nothing with an id', bytes({ event: 'x', payload: { y: { entity: {} }, z: null, w: { entity: 5 } } }), 'x'],
  ])('is known by its bytes when its body is %s', async (_, body, type) => {
    const webhook = await verifySigned(body)
    expect(webhook).toMatchObject({ type, entities: [], dedupeKeys: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)] })
    expect(await verifySigned(Buffer.concat([body, Buffer.from(' ')]))).not.toEqual(webhook)
  })
})

describe('the headers', () => {
  const { 'x-razorpay-signature': signature = '' } = signRazorpayWebhook({ rawBody: captured, secret })

  test.each<[string, DeliveryHeaders]>([
    ['as Node has them', { 'x-razorpay-signature': signature }],
    ['in any case', { 'X-Razorpay-Signature': signature }],
    ['as a list', { 'X-RAZORPAY-SIGNATURE': [signature] }],
    ['as Headers', new Headers({ 'X-Razorpay-Signature': signature })],
  ])('are read %s', async (_, headers) => {
    expect(await verify(headers)).toMatchObject({ type: 'payment.captured' })
  })

  test.each<[string, DeliveryHeaders, string]>([
    ['no signature', {}, 'header_missing'],
    ['an empty signature', { 'x-razorpay-signature': '' }, 'header_missing'],
    ['the signature twice', { 'x-razorpay-signature': [signature, signature] }, 'header_repeated'],
    ['a signature in capitals', { 'x-razorpay-signature': signature.toUpperCase() }, 'signature_malformed'],
    ['half a signature', { 'x-razorpay-signature': signature.slice(32) }, 'signature_malformed'],
    ['a signature with more', { 'x-razorpay-signature': `${signature}00` }, 'signature_malformed'],
    ['no hexadecimals', { 'x-razorpay-signature': 'é'.repeat(64) }, 'signature_malformed'],
    ['another signature', { 'x-razorpay-signature': '0'.repeat(64) }, 'signature_mismatch'],
    [
      'two delivery ids',
      { 'x-razorpay-signature': signature, 'x-razorpay-event-id': ['evt_1', 'evt_2'] },
      'header_repeated',
    ],
  ])('are refused with %s', async (_, headers, problem) => {
    expect(await problemOf(() => verify(headers))).toBe(problem)
  })

  test('given twice as Headers are refused', async () => {
    const headers = new Headers({ 'x-razorpay-signature': signature })
    headers.append('X-Razorpay-Signature', signature)
    expect(await problemOf(() => verify(headers))).toBe('header_repeated')
  })
})

describe('any', () => {
  const someSecrets = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 })

  test('of several secrets will do, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(someSecrets, fc.nat(), fc.uint8Array(), async (secrets, pick, rawBody) => {
        const used = secrets[pick % secrets.length] ?? ''
        const headers = signRazorpayWebhook({ rawBody, secret: used })
        const verifyWith = (those: string[]) =>
          createRazorpayWebhookVerifier({ secrets: those }).verify({ headers, rawBody })
        expect((await verifyWith(secrets)).gateway).toBe('razorpay')
        const others = [...secrets.filter((each) => each !== used), `${used}-`]
        expect(await problemOf(() => verifyWith(others))).toBe('signature_mismatch')
      }),
    )
  })

  test('flipped bit is refused, in the body or the signature', async () => {
    const bodies = fc.uint8Array({ minLength: 1 })
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), fc.nat({ max: 7 }), fc.boolean(), async (rawBody, pick, bit, inBody) => {
        const { 'x-razorpay-signature': signature = '' } = signRazorpayWebhook({ rawBody, secret })
        const flip = (given: Uint8Array) =>
          Buffer.from(given.map((byte, at) => (at === pick % given.length ? byte ^ (1 << bit) : byte)))
        const call = inBody
          ? () => verify({ 'x-razorpay-signature': signature }, flip(rawBody))
          : () => verify({ 'x-razorpay-signature': flip(Buffer.from(signature)).toString('latin1') }, rawBody)
        expect(await problemOf(call)).toMatch(/^(signature_mismatch|signature_malformed|header_repeated)$/)
      }),
    )
  })
})

test.each([[[]], [['']], [[secret, '']], [undefined], ['text'], [[undefined]]])('%j are no secrets', (secrets) => {
  const call = () => createRazorpayWebhookVerifier({ secrets: secrets as string[] })
  expect(call).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})

test('secrets are taken once', async () => {
  const secrets = [secret]
  const kept = createRazorpayWebhookVerifier({ secrets })
  secrets[0] = 'another'
  const headers = signRazorpayWebhook({ rawBody: captured, secret })
  expect(await kept.verify({ headers, rawBody: captured })).toMatchObject({ type: 'payment.captured' })
})

test('a body that was parsed before is a mistake of the host', async () => {
  const { 'x-razorpay-signature': signature = '' } = signRazorpayWebhook({ rawBody: captured, secret })
  const call = verify({ 'x-razorpay-signature': signature }, captured.toString() as unknown as Uint8Array)
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
})
