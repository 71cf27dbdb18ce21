import { createPrometheusEndpoint } from '@escrow-ledger/http/prometheus'
import { createTelemetry } from '@escrow-ledger/http/telemetry'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openServer, paidSession, people } from './fixtures/open-server.js'
import { openTelemetry } from './fixtures/open-telemetry.js'

/** Each stands for something that belongs in no log, span or metric, in a place where a request may bring it. */
const canaries = {
  token: 'canary-bearer-token',
  apiKey: 'canary-api-key',
  cookie: 'canary-cookie',
  card: '4111111111111111',
  account: '50100012345678',
  query: 'canary-query',
  signature: 'canary-signature',
}

/** What a bug of the host's says is in the log, where people mend it by, and nowhere else. */
const words = 'canary-words-of-a-bug'

test('no token, secret, card or bank number of a request stands in any log, span or metric', async () => {
  const written: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => void written.push(line) })
  const traced = openTelemetry()
  const endpoint = createPrometheusEndpoint({ open: true })
  const measured = createTelemetry({ meterProvider: endpoint.meterProvider })
  const { ask, ledger } = await openServer({
    logger,
    observers: [traced.telemetry.httpObserver, measured.httpObserver],
    observer: measured.ledgerObserver,
    authenticate: ({ headers }) => {
      if (headers.get('x-break') !== null) throw new Error(words)
      return headers.get('authorization') === `Bearer ${canaries.token}` ? (people.backend ?? null) : null
    },
  })
  measured.watch(ledger)
  await paidSession({ ledger })
  const headers = {
    authorization: `Bearer ${canaries.token}`,
    'x-api-key': canaries.apiKey,
    cookie: `session=${canaries.cookie}`,
    'x-razorpay-signature': canaries.signature,
    baggage: `card=${canaries.card}`,
  }
  const body = { id: 's1', card: canaries.card, account: canaries.account }
  const answers = [
    await ask({ path: `/sessions/s1?next=${canaries.query}`, headers }),
    await ask({ path: '/sessions/complete', body, headers }),
    await ask({ path: `/payouts/${canaries.card}`, headers }),
    await ask({ path: `/no/${canaries.account}/such/path`, headers }),
    await ask({ path: '/payments/razorpay/webhook', body: JSON.stringify(body), headers }),
    await ask({ path: '/sessions/s1', headers: { ...headers, authorization: 'Bearer wrong' } }),
    await ask({ path: '/sessions/s1', headers: { ...headers, 'x-break': '1' } }),
  ]
  expect(answers.map(({ status }) => status)).toContain(500)
  expect(written.length).toBeGreaterThanOrEqual(answers.length)
  const spans = traced.spans.getFinishedSpans()
  expect(spans).toHaveLength(answers.length)
  const metrics = await (await endpoint.handler(new Request('http://localhost/metrics'))).text()
  const told = spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
  const observed = [JSON.stringify(told), metrics].join('\n')
  const everything = [...written, observed].join('\n')
  const found = Object.entries(canaries).filter(([, canary]) => everything.includes(canary))
  expect(found.map(([name]) => name)).toEqual([])
  expect(observed + JSON.stringify(answers)).not.toContain(words)
})
