import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPayPalWebhookVerifier } from '@escrow-ledger/paypal'
import { afterEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/index.js'
import { HOUR, openSandbox, orderOf, payFor } from './open-sandbox.js'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly rawBody: Buffer
}

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

/** A receiver of webhooks that answers with the statuses in turn, and then with 200. */
async function receive(statuses: number[] = []) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ headers: request.headers, rawBody: Buffer.concat(chunks) })
    response.writeHead(statuses.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` }
}

const verifierOf = ({ paypal, clock }: Sandbox, webhookId = paypal.webhookId) =>
  createPayPalWebhookVerifier({
    environment: paypal.environment,
    webhookId,
    fetchCertificate: paypal.fetchCertificate,
    trustedRoots: paypal.trustedRoots,
    now: clock.now,
  })

const told = ({ headers, rawBody }: Received) => ({ headers: headers as Record<string, string>, rawBody })

describe('a webhook', () => {
  test('is signed so that our verifier takes it, and no other', async () => {
    const open = await openSandbox()
    const { received, url } = await receive()
    open.sandbox.webhooks.to(url, 'paypal')
    const { capture, orderId } = await payFor(open, '10.00')
    await open.sandbox.webhooks.idle()
    const verified = await Promise.all(received.map((each) => verifierOf(open.sandbox).verify(told(each))))
    expect(verified.map(({ type }) => type)).toEqual(['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED'])
    expect(verified[1]?.body).toMatchObject({
      resource: { id: capture.id, supplementary_data: { related_ids: { order_id: orderId } } },
    })
    const [first] = received
    if (first === undefined) throw new Error('nothing was received')
    const forged = { ...told(first), rawBody: Buffer.from(first.rawBody.toString().replace('10.00', '99.00')) }
    await expect(verifierOf(open.sandbox).verify(forged)).rejects.toMatchObject({ code: 'not_authentic' })
    await expect(verifierOf(open.sandbox, 'ANOTHERWEBHOOK1').verify(told(first))).rejects.toMatchObject({
      code: 'not_authentic',
    })
  })

  test('is repeated as the same transmission until it is taken', async () => {
    const open = await openSandbox()
    const { received, url } = await receive([500, 500])
    open.sandbox.webhooks.to(url, 'paypal')
    const order = await open.call('POST', '/v2/checkout/orders', orderOf('1.00'))
    open.paypal.approve(order.body.id)
    await open.sandbox.webhooks.idle()
    expect(received).toHaveLength(1)
    await open.sandbox.clock.advance(HOUR)
    expect(received).toHaveLength(3)
    expect(new Set(received.map(({ headers }) => headers['paypal-transmission-id'])).size).toBe(1)
    const verified = await Promise.all(received.map((each) => verifierOf(open.sandbox).verify(told(each))))
    expect(new Set(verified.map(({ dedupeKeys }) => dedupeKeys.join())).size).toBe(1)
  })

  test('is verified by PayPal over its text as it was', async () => {
    const open = await openSandbox()
    const order = await open.call('POST', '/v2/checkout/orders', orderOf('1.00', { description: 'a "brace" } {' }))
    open.paypal.approve(order.body.id)
    const [delivery] = open.sandbox.webhooks.pending()
    const headers = delivery?.headers() ?? {}
    const verify = async (event: string, webhookId = open.paypal.webhookId) => {
      const rest = JSON.stringify({
        auth_algo: headers['paypal-auth-algo'],
        cert_url: headers['paypal-cert-url'],
        transmission_id: headers['paypal-transmission-id'],
        transmission_sig: headers['paypal-transmission-sig'],
        transmission_time: headers['paypal-transmission-time'],
        webhook_id: webhookId,
      })
      const body = `${rest.slice(0, -1)},"webhook_event":${event}}`
      return (await open.call('POST', '/v1/notifications/verify-webhook-signature', body)).body.verification_status
    }
    const event = delivery?.rawBody ?? ''
    expect(await verify(event)).toBe('SUCCESS')
    expect(await verify(JSON.stringify(JSON.parse(event), null, 1))).toBe('FAILURE')
    expect(await verify(event, 'ANOTHERWEBHOOK1')).toBe('FAILURE')
    const read = await open.call('GET', `/v1/notifications/webhooks-events/${delivery?.id}`)
    expect(read.body).toEqual(JSON.parse(event))
  })

  test('goes to the one registered last, for the events that it asks for', async () => {
    const open = await openSandbox()
    const { received, url } = await receive()
    const registration = { url, event_types: [{ name: 'PAYMENT.CAPTURE.COMPLETED' }] }
    const created = await open.call('POST', '/v1/notifications/webhooks', registration)
    expect((await open.call('POST', '/v1/notifications/webhooks', registration)).body.name).toBe(
      'WEBHOOK_URL_ALREADY_EXISTS',
    )
    await payFor(open, '10.00')
    await open.sandbox.webhooks.idle()
    expect(received).toHaveLength(1)
    const verified = await verifierOf(open.sandbox, created.body.id).verify(told(received[0] as Received))
    expect(verified.type).toBe('PAYMENT.CAPTURE.COMPLETED')
    expect((await open.call('GET', '/v1/notifications/webhooks')).body.webhooks).toHaveLength(2)
    const path = `/v1/notifications/webhooks/${created.body.id}`
    expect((await open.call('GET', path)).body.url).toBe(url)
    expect((await open.call('DELETE', path)).status).toBe(204)
    expect((await open.call('GET', path)).status).toBe(404)
  })

  test('that was lost is found in the list, and sent again', async () => {
    const open = await openSandbox()
    const { received, url } = await receive()
    open.sandbox.webhooks.to(url, 'paypal')
    open.sandbox.webhooks.plan({ event: 'PAYMENT.CAPTURE.COMPLETED', fault: { kind: 'lose' } })
    const { capture } = await payFor(open, '10.00')
    await open.sandbox.webhooks.idle()
    expect(received).toHaveLength(1)
    const list = async (query: string) => (await open.call('GET', `/v1/notifications/webhooks-events?${query}`)).body
    const { events, count } = await list(`transaction_id=${capture.id}`)
    expect([count, events[0].event_type]).toEqual([1, 'PAYMENT.CAPTURE.COMPLETED'])
    expect((await list('page_size=1')).events).toEqual(events)
    expect((await open.call('POST', `/v1/notifications/webhooks-events/${events[0].id}/resend`, {})).status).toBe(202)
    await open.sandbox.webhooks.idle()
    const verified = await verifierOf(open.sandbox).verify(told(received[1] as Received))
    expect(verified).toMatchObject({ eventId: events[0].id, type: 'PAYMENT.CAPTURE.COMPLETED' })
  })

  test('can be told another address', async () => {
    const open = await openSandbox()
    const { received, url } = await receive()
    const patch = [{ op: 'replace', path: '/url', value: url }]
    const path = `/v1/notifications/webhooks/${open.paypal.webhookId}`
    expect((await open.call('PATCH', path, patch)).body).toMatchObject({ url, event_types: [{ name: '*' }] })
    const other = [{ op: 'replace', path: '/url', value: 'ftp://localhost/' }]
    expect((await open.call('PATCH', path, other)).body.details).toMatchObject([{ issue: 'INVALID_PARAMETER_SYNTAX' }])
    await payFor(open, '10.00')
    await open.sandbox.webhooks.idle()
    expect(received).toHaveLength(2)
  })
})
