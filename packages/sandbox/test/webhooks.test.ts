import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createRazorpayWebhookVerifier } from '@escrow-ledger/razorpay'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRazorpay } from './fixtures/open-razorpay.js'
import { openReceiver } from './fixtures/receiver.js'

const fromCapture = ['payment.authorized', 'payment.captured', 'order.paid']

describe('webhooks', () => {
  test('arrive over HTTP as our verifier wants them, in order', async () => {
    const { sandbox, razorpay, paid } = await openRazorpay()
    const receiver = await openReceiver()
    sandbox.webhooks.to(receiver.url)
    const { orderId, paymentId } = await paid(500)
    await sandbox.webhooks.idle()
    const verifier = createRazorpayWebhookVerifier({ secrets: [razorpay.webhookSecret] })
    const webhooks = await Promise.all(receiver.received.map((each) => verifier.verify(each)))
    expect(webhooks.map(({ type }) => type)).toEqual(fromCapture)
    expect(webhooks[2]).toMatchObject({
      ...{ accountId: razorpay.accountId, occurredAt: Date.UTC(2026, 10, 2), deliveryId: expect.any(String) },
      entities: [
        { kind: 'payment', id: paymentId, status: 'captured' },
        { kind: 'order', id: orderId, status: 'paid' },
      ],
    })
    expect(new Set(webhooks.map(({ deliveryId }) => deliveryId)).size).toBe(3)
    expect(sandbox.webhooks.pending()).toEqual([])
  })

  test('go over TLS to an https address', async () => {
    const { sandbox, paid } = await openRazorpay()
    const first: (number | undefined)[] = []
    const receiver = createServer((socket) => {
      socket.once('data', (data) => {
        first.push(data[0])
        socket.destroy()
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void receiver.close())
    await once(receiver, 'listening')
    sandbox.webhooks.to(`https://127.0.0.1:${(receiver.address() as AddressInfo).port}/`)
    await paid(500)
    await sandbox.webhooks.idle()
    const handshake = 0x16
    expect(first).toEqual([handshake, handshake, handshake])
    expect(sandbox.webhooks.pending()).toMatchObject([{ attempts: 1 }, { attempts: 1 }, { attempts: 1 }])
  })

  test.each(['hooks', '/webhooks', 'localhost:3000', 'ftp://localhost/'])('do not go to %s', async (address) => {
    const { sandbox } = await openRazorpay()
    expect(() => sandbox.webhooks.to(address)).toThrow(`Webhooks go to an http or https address, not to '${address}'.`)
  })

  test('tell how things were when they happened', async () => {
    const { sandbox, paid } = await openRazorpay()
    await paid(500)
    const [first] = sandbox.webhooks.all()
    expect(JSON.parse(first?.rawBody ?? '')).toMatchObject({
      event: 'payment.authorized',
      payload: { payment: { entity: { status: 'authorized', captured: false } } },
    })
  })

  test('that are not taken come again under the same id, for a day', async () => {
    const { sandbox, clock, razorpay, sdk } = await openRazorpay()
    const receiver = await openReceiver([500, 302, 200])
    sandbox.webhooks.to(receiver.url)
    const order = await sdk.orders.create({ amount: 500, currency: 'INR' })
    razorpay.pay(order.id, { fail: true })
    await sandbox.webhooks.idle()
    expect(receiver.received).toHaveLength(1)
    await clock.advance(59_999)
    expect(receiver.received).toHaveLength(1)
    await clock.advance(1)
    expect(receiver.received).toHaveLength(2)
    await clock.advance(5 * 60_000)
    expect(sandbox.webhooks.all()).toMatchObject([{ state: 'delivered', attempts: 3 }])
    const ids = receiver.received.map(({ headers }) => headers['x-razorpay-event-id'])
    expect(new Set(ids).size).toBe(1)
    await clock.advance(86_400_000)
    expect(receiver.received).toHaveLength(3)
  })

  test('that nobody takes are given up', async () => {
    const { sandbox, clock, razorpay, sdk } = await openRazorpay()
    const receiver = await openReceiver([500])
    sandbox.webhooks.to(receiver.url)
    razorpay.pay((await sdk.orders.create({ amount: 500, currency: 'INR' })).id, { fail: true })
    await clock.advance(2 * 86_400_000)
    expect(sandbox.webhooks.all()).toMatchObject([{ state: 'given up', attempts: 9 }])
  })

  test('wait for an address, and for the manual mode to send them', async () => {
    const { sandbox, paid } = await openRazorpay()
    const receiver = await openReceiver()
    sandbox.webhooks.mode('manual')
    sandbox.webhooks.to(receiver.url)
    await paid(500)
    await sandbox.webhooks.idle()
    expect(receiver.events()).toEqual([])
    const [, captured] = sandbox.webhooks.pending()
    expect(await sandbox.webhooks.deliver(captured?.id ?? '')).toBe(true)
    await sandbox.webhooks.deliverAll({ order: 'newest first' })
    expect(receiver.events()).toEqual(['payment.captured', 'order.paid', 'payment.authorized'])
    await expect(sandbox.webhooks.deliver('nope')).rejects.toThrow('no delivery nope')
  })
})

describe('a planned fault', () => {
  const open = async () => {
    const opened = await openRazorpay()
    const receiver = await openReceiver()
    opened.sandbox.webhooks.to(receiver.url)
    return { ...opened, receiver, webhooks: opened.sandbox.webhooks }
  }

  test('delivers twice', async () => {
    const { webhooks, paid, receiver } = await open()
    webhooks.plan({ event: 'payment.captured', fault: { kind: 'duplicate' } })
    await paid(500)
    await webhooks.idle()
    expect(receiver.events()).toEqual(['payment.authorized', 'payment.captured', 'payment.captured', 'order.paid'])
    expect(receiver.received[1]?.headers).toMatchObject({
      'x-razorpay-event-id': receiver.received[2]?.headers['x-razorpay-event-id'],
    })
  })

  test('delivers late', async () => {
    const { webhooks, clock, paid, receiver } = await open()
    webhooks.plan({ gateway: 'razorpay', fault: { kind: 'delay', ms: 60_000 } })
    await paid(500)
    await clock.advance(59_999)
    expect(receiver.events()).toEqual(['payment.captured', 'order.paid'])
    await clock.advance(1)
    expect(receiver.events()).toEqual(['payment.captured', 'order.paid', 'payment.authorized'])
  })

  test('delivers behind the next one', async () => {
    const { webhooks, paid, receiver } = await open()
    webhooks.plan({ event: 'payment.authorized', fault: { kind: 'reorder' } })
    await paid(500)
    await webhooks.idle()
    expect(receiver.events()).toEqual(['payment.captured', 'payment.authorized', 'order.paid'])
  })

  test('loses them, as often as it says', async () => {
    const { webhooks, clock, paid, receiver } = await open()
    webhooks.plan({ fault: { kind: 'lose' }, times: 2 })
    await paid(500)
    await clock.advance(86_400_000)
    expect(receiver.events()).toEqual(['order.paid'])
    expect(webhooks.all().map(({ state }) => state)).toEqual(['lost', 'lost', 'delivered'])
    expect(webhooks.pending()).toEqual([])
  })

  test('is one that there is', async () => {
    const { webhooks } = await open()
    expect(() => webhooks.plan({ fault: { kind: 'eat' } } as never)).toThrow('A fault is one of')
    expect(() => webhooks.plan({ fault: { kind: 'lose' }, times: 0 })).toThrow('times must be')
  })
})
