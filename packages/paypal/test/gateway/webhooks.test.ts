import type { VerifiedWebhook } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import type { GatewayWebhookOptions } from '../../src/index.js'
import { captureCall, orderCall, pay, payoutCall, referenceOf, refundCall, releaseCall } from '../fixtures/calls.js'
import { HOUR, type Opened, openGateway, usd } from '../fixtures/open-gateway.js'

const rich = { openingBalances: { USD: 50_000n } }

/** What PayPal has told since the last time, as it would arrive. */
function deliveries({ sandbox }: Opened, from = 0) {
  return sandbox.webhooks
    .all()
    .slice(from)
    .map((each) => ({ headers: each.headers(), rawBody: Buffer.from(each.rawBody) }))
}

/** The types of what PayPal has told, and what they are about. */
async function subjects(opened: Opened) {
  const { webhooks } = opened.gateway
  if (webhooks === undefined) throw new Error('the gateway has webhooks')
  const verified = await Promise.all(deliveries(opened).map((each) => webhooks.verify(each)))
  return verified.map((webhook): [string | null, unknown] => [webhook.type, webhooks.subjectsOf(webhook)])
}

describe('a webhook of PayPal says to look at', () => {
  test('an order and its payment', async () => {
    const opened = await openGateway({ paypal: rich })
    const { payment, order, call } = await pay(opened)
    const refund = refundCall({ payment, amount: usd('40.00') })
    const reference = referenceOf(await opened.send(refund))
    const of = { key: call.key }
    expect(await subjects(opened)).toEqual([
      ['CHECKOUT.ORDER.APPROVED', [{ kind: 'order', reference: order, ...of }]],
      [
        'PAYMENT.CAPTURE.COMPLETED',
        [
          { kind: 'payment', reference: payment, ...of },
          { kind: 'order', reference: order, ...of },
        ],
      ],
      [
        'PAYMENT.CAPTURE.REFUNDED',
        [
          { kind: 'refund', reference, key: refund.key },
          { kind: 'payment', reference: payment, key: null },
        ],
      ],
    ])
  })

  test('an order that was authorised', async () => {
    const opened = await openGateway({ gateway: { intent: 'AUTHORIZE' } })
    const { order, call } = await pay(opened)
    const authorized = (await subjects(opened)).find(([type]) => type === 'PAYMENT.AUTHORIZATION.CREATED')
    expect(authorized?.[1]).toEqual([{ kind: 'order', reference: order, key: call.key }])
  })

  test('a payout, by its batch', async () => {
    const opened = await openGateway({ paypal: rich })
    const call = payoutCall()
    const reference = referenceOf(await opened.send(call))
    await opened.sandbox.clock.advance(HOUR)
    const subject = { kind: 'payout', reference, key: call.key }
    expect(await subjects(opened)).toEqual([
      ['PAYMENT.PAYOUTSBATCH.PROCESSING', [subject]],
      ['PAYMENT.PAYOUTS-ITEM.SUCCEEDED', [subject]],
      ['PAYMENT.PAYOUTSBATCH.SUCCESS', [subject]],
    ])
  })

  test('a dispute and its payment', async () => {
    const opened = await openGateway({ paypal: rich })
    const { payment } = await pay(opened)
    const reference = opened.paypal.openDispute(payment)
    opened.paypal.resolveDispute(reference, 'buyer')
    const about = [
      { kind: 'dispute', reference, key: null },
      { kind: 'payment', reference: payment, key: null },
    ]
    const told = new Map(await subjects(opened))
    expect(told.get('CUSTOMER.DISPUTE.CREATED')).toEqual(about)
    expect(told.get('CUSTOMER.DISPUTE.RESOLVED')).toEqual(about)
    expect(told.get('PAYMENT.CAPTURE.REVERSED')).toContainEqual(expect.objectContaining({ reference: payment }))
  })

  test('a seller, and the transfer that was disbursed to one', async () => {
    let payee: string | undefined
    const orderDetails = () => ({ payee, disbursement: 'DELAYED' as const })
    const opened = await openGateway({ gateway: { orderDetails } })
    payee = opened.paypal.onboardSeller()
    const order = referenceOf(await opened.send(orderCall()))
    opened.paypal.approve(order)
    const payment = referenceOf(await opened.send(captureCall({ payment: order })))
    await opened.send(releaseCall({ transfer: payment }))
    const told = new Map(await subjects(opened))
    expect(told.get('MERCHANT.ONBOARDING.COMPLETED')).toEqual([{ kind: 'payee', reference: payee, key: null }])
    expect(told.get('PAYMENT.REFERENCED-PAYOUT-ITEM.COMPLETED')).toEqual([
      { kind: 'transfer', reference: payment, key: null },
    ])
  })

  test.each<[string | null, unknown]>([
    ['BILLING.SUBSCRIPTION.CREATED', { resource: { id: 'I-1' } }],
    [null, undefined],
    ['PAYMENT.CAPTURE.COMPLETED', { resource: { id: '../../v1/payments/payouts' } }],
    ['PAYMENT.CAPTURE.COMPLETED', { resource: 'none' }],
    ['CHECKOUT.ORDER.APPROVED', 7],
  ])('nothing: %s %j', async (type, body) => {
    const { gateway } = await openGateway()
    expect(gateway.webhooks?.subjectsOf({ type, body })).toEqual([])
  })
})

describe('where the certificate decides nothing', () => {
  const unreadable = async () => {
    throw new Error('no way there')
  }
  const ways = {
    'it cannot be read': { fetchCertificate: unreadable },
    'nobody here vouches for it': { trustedRoots: undefined },
  }

  async function told(webhooks: Partial<GatewayWebhookOptions>) {
    const opened = await openGateway({ webhooks })
    await pay(opened)
    const [delivery] = deliveries(opened, 1)
    if (delivery === undefined) throw new Error('nothing was told')
    const verify = (rawBody: Buffer = delivery.rawBody): Promise<VerifiedWebhook | undefined> =>
      Promise.resolve(opened.gateway.webhooks?.verify({ ...delivery, rawBody }))
    return { ...opened, delivery, verify }
  }

  test.each(Object.entries(ways))('since %s, PayPal says whether it signed', async (_, way) => {
    const { verify, delivery, done } = await told(way)
    expect(await verify()).toMatchObject({ type: 'PAYMENT.CAPTURE.COMPLETED', gateway: 'paypal' })
    expect(done('verifyWebhookSignature')).toBe(1)
    const other = Buffer.from(delivery.rawBody.toString().replace('100.00', '900.00'))
    await expect(verify(other)).rejects.toMatchObject({ code: 'not_authentic', problem: 'signature_mismatch' })
    await expect(verify(Buffer.from('[1]'))).rejects.toMatchObject({ code: 'not_authentic' })
    expect(done('verifyWebhookSignature')).toBe(2)
  })

  test('and PayPal does not answer, the delivery is to come again', async () => {
    const { verify, fail } = await told(ways['nobody here vouches for it'])
    fail('verifyWebhookSignature', { kind: 'errorBefore', status: 503 })
    await expect(verify()).rejects.toMatchObject({ code: 'certificate_unavailable' })
    fail('verifyWebhookSignature', { kind: 'resetAfter' })
    await expect(verify()).rejects.toMatchObject({ code: 'certificate_unavailable' })
    expect(await verify()).toBeDefined()
  })

  test('PayPal is not asked where the host does not want it', async () => {
    const { verify, done } = await told({ ...ways['it cannot be read'], askPayPal: false })
    await expect(verify()).rejects.toMatchObject({ code: 'certificate_unavailable' })
    expect(done('verifyWebhookSignature')).toBe(0)
  })

  test('PayPal is not asked about what can be told here', async () => {
    const { verify, delivery, done } = await told({})
    const other = Buffer.from(delivery.rawBody.toString().replace('100.00', '900.00'))
    await expect(verify(other)).rejects.toMatchObject({ problem: 'signature_mismatch' })
    expect(done('verifyWebhookSignature')).toBe(0)
  })
})
