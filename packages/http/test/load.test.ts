import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createHandler } from '@escrow-ledger/http'
import { expressMount } from '@escrow-ledger/http/express'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import autocannon from 'autocannon'
import { createLedger, type GatewayWebhooks, ledgerError, money, openDelivery } from 'escrow-ledger'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { START, terms } from './fixtures/open-server.js'

const long = process.env.TEST_LONG === '1'
/** Requests of each kind. */
const AMOUNT = Number(process.env.LOAD_REQUESTS ?? (long ? 20_000 : 400))
const CONNECTIONS = 32
/** Some requests are made ready and never sent. */
const SPARE = 4 * CONNECTIONS

const secret = 'load'
const signed = (body: string) => createHmac('sha256', secret).update(body).digest('hex')

/** Webhooks as gateways sign them, about nothing that has to be looked up. */
const webhooks: GatewayWebhooks = {
  async verify(given) {
    const opened = openDelivery('razorpay', given)
    const body = opened.json() as { id: string }
    if (opened.header('x-signature') !== signed(JSON.stringify(body))) {
      throw ledgerError('not_authentic', 'The signature is wrong.', {
        gateway: 'razorpay',
        problem: 'signature_mismatch',
      })
    }
    return { gateway: 'razorpay', type: 'load', dedupeKeys: [body.id], occurredAt: null, body }
  },
  subjectsOf: () => [{ kind: 'dispute', reference: 'd', key: null }],
}

async function listen(app: express.Express): Promise<string> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

async function openMarketplace() {
  const folder = mkdtempSync(path.join(tmpdir(), 'load-'))
  const clock = { now: START }
  const ledger = createLedger({
    storage: createSqliteStorage({ filename: path.join(folder, 'ledger.db') }),
    gateways: { razorpay: { ...acceptingGateway, webhooks } },
    gatewayLimits: { razorpay: { concurrency: 64 } },
    runtime: { now: () => clock.now },
  })
  onTestFinished(async () => {
    await ledger.close()
    rmSync(folder, { recursive: true })
  })
  await ledger.migrate()
  const amount = money('10.00', 'INR')
  async function openDeals(index: number): Promise<void> {
    const parties = { coach: `coach-${index % 50}` }
    await ledger.escrows.open({ id: `o${index}`, payer: 'chen', parties, amount, terms })
    await ledger.escrows.open({ id: `s${index}`, payer: 'chen', parties, amount, terms })
    await ledger.escrows.fund({ id: `s${index}`, amount, gateway: 'razorpay', reference: `pay_${index}` })
    await ledger.escrows.complete({ id: `s${index}` })
  }
  // Not all at once: a ledger takes so many waiting calls and no more.
  for (let first = 0; first < AMOUNT + SPARE; first += 1_000) {
    const count = Math.min(1_000, AMOUNT + SPARE - first)
    await Promise.all(Array.from({ length: count }, (_, nth) => openDeals(first + nth)))
  }
  clock.now += 2 * 86_400_000
  const handler = createHandler({ ledger, authenticate: () => ({ id: 'backend', roles: ['service'] }) })
  return { ledger, url: await listen(express().use('/api', expressMount(handler))) }
}

/** Sends so many requests, each with a body of its own, as fast as they are answered; answers how many a second. */
async function fire(
  url: string,
  bodyOf: (index: number) => string,
  headersOf: (body: string) => Record<string, string> = () => ({}),
) {
  let next = 0
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    amount: AMOUNT,
    method: 'POST',
    requests: [
      {
        setupRequest(request: autocannon.Request) {
          const index = next++
          const body = bodyOf(index)
          const headers = {
            'content-type': 'application/json',
            'idempotency-key': `${url}:${index}`,
            ...headersOf(body),
          }
          return { ...request, body, headers }
        },
      },
    ],
  })
  expect({ errors: result.errors, timeouts: result.timeouts, refused: result.non2xx }).toEqual({
    errors: 0,
    timeouts: 0,
    refused: 0,
  })
  return Math.round(AMOUNT / result.duration)
}

test('orders, webhooks and settlements go through under load without an error', { timeout: 600_000 }, async () => {
  const { ledger, url } = await openMarketplace()
  const bare = await listen(
    express()
      .use(express.json())
      .post('/x', (request, response) => void response.json({ id: request.body.id })),
  )
  const order = (index: number) => JSON.stringify({ id: `o${index}`, session: `o${index}`, gateway: 'razorpay' })
  const settle = (index: number) => JSON.stringify({ id: `s${index}` })
  const webhook = (index: number) => JSON.stringify({ id: `w${index}` })
  const rates = {
    'the same server without the ledger': await fire(`${bare}/x`, settle),
    'create-order': await fire(`${url}/api/payments/create-order`, order),
    webhook: await fire(`${url}/api/payments/razorpay/webhook`, webhook, (body) => ({ 'x-signature': signed(body) })),
    settle: await fire(`${url}/api/sessions/settle`, settle),
  }
  if (long || process.env.LOAD_REQUESTS)
    process.stderr.write(`Requests a second, ${AMOUNT} of each: ${JSON.stringify(rates)}\n`)
  let settled = 0
  for await (const _ of ledger.escrows.list({ status: 'settled' })) settled += 1
  expect(settled).toBe(AMOUNT)
  let orders = 0
  for await (const { state } of ledger.orders.list()) orders += state === 'accepted' ? 1 : 0
  expect(orders).toBe(AMOUNT)
  let kept = 0
  for await (const _ of ledger.webhooks.list()) kept += 1
  expect(kept).toBe(AMOUNT)
  expect(await ledger.verify()).toMatchObject({ ok: true, deviations: [] })
})
