import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider, type MeterProviderOptions, MetricReader } from '@opentelemetry/sdk-metrics'

/** Who may read the metrics. Say `open` only where nobody but Prometheus reaches the address. */
export type PrometheusAccess = { readonly token: string } | { readonly open: true }

export type PrometheusOptions = PrometheusAccess & {
  /** The SDK's own options: the `resource`, which is told as `target_info`, and `views`. */
  readonly sdk?: Pick<MeterProviderOptions, 'resource' | 'views'> | undefined
}

export interface PrometheusEndpoint {
  /** For `createTelemetry({ meterProvider })`, and for whatever else of the host's makes metrics. */
  readonly meterProvider: MeterProvider
  /**
   * Answers Prometheus. It belongs to no route of the ledger's handler, so users cannot come to it by their credentials:
   * mount it by itself, best on an address that only Prometheus reaches. Never rejects.
   */
  readonly handler: (request: Request) => Promise<Response>
  shutdown(): Promise<void>
}

/** A meter provider whose metrics Prometheus reads. Throws for an empty token, or one that is short enough to guess. */
export function createPrometheusEndpoint(options: PrometheusOptions): PrometheusEndpoint {
  const expected = 'token' in options ? checkToken(options.token) : null
  const reader = new PullReader()
  const meterProvider = new MeterProvider({ ...options.sdk, readers: [reader] })
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true)

  async function handler(request: Request): Promise<Response> {
    if (request.method !== 'GET') return plain(405, 'Only GET is answered here.\n', { allow: 'GET' })
    if (expected !== null && !(await bears(request.headers, expected))) {
      const challenge = { 'www-authenticate': 'Bearer realm="metrics"' }
      return plain(401, 'This needs the bearer token of the metrics.\n', challenge)
    }
    try {
      const { resourceMetrics } = await reader.collect()
      return plain(200, serializer.serialize(resourceMetrics), { 'content-type': METRICS_TYPE })
    } catch {
      return plain(503, 'The metrics could not be collected.\n')
    }
  }

  return { meterProvider, handler, shutdown: () => meterProvider.shutdown() }
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'
const TEXT_TYPE = 'text/plain; charset=utf-8'
const SHORTEST_TOKEN = 16

function plain(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  const always = { 'content-type': TEXT_TYPE, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  return new Response(body, { status, headers: { ...always, ...headers } })
}

function checkToken(token: string): string {
  if (typeof token === 'string' && token.length >= SHORTEST_TOKEN) return token
  throw new Error(`The token of the metrics must have ${SHORTEST_TOKEN} characters or more.`)
}

/** Digests are compared, so that the time it takes says nothing of the token. */
async function bears(headers: Headers, expected: string): Promise<boolean> {
  const [, given = ''] = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
  const [left, right] = await Promise.all([digestOf(given), digestOf(expected)])
  return left.every((byte, index) => byte === right[index])
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** Collects when it is asked, and keeps nothing to flush. The SDK takes readers only as this class. */
class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
