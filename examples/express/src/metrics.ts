import { createPrometheusEndpoint } from '@escrow-ledger/http/prometheus'
import { createTelemetry } from '@escrow-ledger/http/telemetry'
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express'

/** Metrics for whoever has the token; null where the environment names none, and nothing is measured. */
export function createMetrics(token: string | null) {
  if (token === null) return null
  const endpoint = createPrometheusEndpoint({ token })
  const telemetry = createTelemetry({ meterProvider: endpoint.meterProvider })

  /** Express's way to the endpoint, which takes a `Request` and gives a `Response`. */
  async function serve(req: ExpressRequest, res: ExpressResponse): Promise<void> {
    const headers = { authorization: req.get('authorization') ?? '' }
    const answer = await endpoint.handler(new Request('http://localhost/metrics', { method: req.method, headers }))
    res
      .status(answer.status)
      .set(Object.fromEntries(answer.headers))
      .send(await answer.text())
  }

  return { telemetry, serve, shutdown: endpoint.shutdown }
}

export type Metrics = NonNullable<ReturnType<typeof createMetrics>>
