import { createPrometheusEndpoint } from '@escrow-ledger/http/prometheus'
import { createTelemetry } from '@escrow-ledger/http/telemetry'
import { describe, expect, test } from 'vitest'
import { openServer, paidSession } from './fixtures/open-server.js'

const TOKEN = 'a-token-of-the-metrics-0001'

const scrape = (headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  new Request('http://localhost/metrics', { method, headers })

describe('the endpoint of Prometheus', () => {
  test('serves what the ledger and the handler measure', async () => {
    const endpoint = createPrometheusEndpoint({ token: TOKEN })
    const telemetry = createTelemetry({ meterProvider: endpoint.meterProvider })
    const { ask, ledger } = await openServer({
      observers: [telemetry.httpObserver],
      observer: telemetry.ledgerObserver,
    })
    telemetry.watch(ledger)
    await paidSession({ ledger })
    await ask({ path: '/sessions/s1' })
    const response = await endpoint.handler(scrape({ authorization: `Bearer ${TOKEN}` }))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    const lines = (await response.text()).split('\n')
    const route = 'http_request_method="GET",http_route="/sessions/{id}",http_response_status_code="200"'
    expect(lines).toContain(`http_server_request_duration_count{${route}} 1`)
    expect(lines).toContain('escrow_ledger_book_readable{escrow_ledger_book="main"} 1')
    expect(lines).toContain('escrow_ledger_batch_size_count{escrow_ledger_path="locked"} 2')
  })

  test.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer a-token-of-the-metrics-0002' }],
    ['the beginning of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['two of them', { authorization: `Bearer ${TOKEN} ${TOKEN}` }],
  ])('refuses %s', async (_, headers) => {
    const { handler } = createPrometheusEndpoint({ token: TOKEN })
    const response = await handler(scrape(headers))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await response.text()).not.toContain('target_info')
  })

  test('is open only where that is said', async () => {
    const { handler } = createPrometheusEndpoint({ open: true })
    expect((await handler(scrape())).status).toBe(200)
    expect(() => createPrometheusEndpoint({ token: '' })).toThrow(/16 characters/)
  })

  test('takes nothing but GET', async () => {
    const { handler } = createPrometheusEndpoint({ open: true })
    const response = await handler(scrape({}, 'POST'))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET'])
  })

  test('is no route of the handler, whoever asks', async () => {
    const { ask } = await openServer()
    for (const as of ['olga', 'backend', null])
      expect(await ask({ as, path: '/metrics' })).toMatchObject({ status: 404 })
  })

  test('answers 503 when it is shut down', async () => {
    const endpoint = createPrometheusEndpoint({ open: true })
    await endpoint.shutdown()
    expect((await endpoint.handler(scrape())).status).toBe(503)
  })
})
