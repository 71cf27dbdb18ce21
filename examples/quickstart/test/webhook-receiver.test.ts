import { createRazorpayGateway, signRazorpayWebhook } from '@escrow-ledger/razorpay'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { startWebhookReceiver } from '../src/webhook-receiver.js'

const secret = 'a secret of the webhook'
const rawBody = Buffer.from('{"event":"payment.captured","payload":{}}')

async function open() {
  const ledger = createLedger({
    storage: createSqliteStorage({ filename: ':memory:' }),
    gateways: {
      razorpay: createRazorpayGateway({
        ...{ environment: 'test', keyId: 'rzp_test_00000000000000', keySecret: 'secret', webhookSecrets: [secret] },
      }),
    },
  })
  await ledger.migrate()
  const receiver = await startWebhookReceiver(ledger)
  onTestFinished(async () => {
    await receiver.close()
    await ledger.close()
  })
  const post = async (body: Buffer, { to = 'razorpay', method = 'POST' } = {}) => {
    const headers = signRazorpayWebhook({ rawBody, secret, deliveryId: 'event-1' })
    const sent = method === 'POST' ? { method, headers, body: new Uint8Array(body) } : { method }
    return (await fetch(receiver.urlFor(to), sent)).status
  }
  return { ledger, post }
}

test('keeps what the gateway signed, once, and answers 200', async () => {
  const { ledger, post } = await open()
  expect([await post(rawBody), await post(rawBody)]).toEqual([200, 200])
  const { items } = await ledger.webhooks.list().page({ limit: 10 })
  expect(items.map(({ type }) => type)).toEqual(['payment.captured'])
})

test('answers 400 to what nobody signed, and keeps nothing of it', async () => {
  const { ledger, post } = await open()
  expect(await post(Buffer.from('{"event":"payment.captured","payload":{ }}'))).toBe(400)
  expect((await ledger.webhooks.list().page({ limit: 10 })).items).toEqual([])
})

test('takes nothing else', async () => {
  const { post } = await open()
  expect(await post(Buffer.alloc(1_000_001, ' '))).toBe(413)
  expect(await post(rawBody, { method: 'GET' })).toBe(404)
  expect(await post(rawBody, { to: 'nobody/else' })).toBe(404)
})

test('asks for what it could not keep to be sent again', async () => {
  const { ledger, post } = await open()
  await ledger.close()
  expect(await post(rawBody)).toBe(503)
})
