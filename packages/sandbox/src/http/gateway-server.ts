import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Control } from './control.js'
import { carryOut, type GatewayApi, type Outcome } from './exchange.js'
import type { Faults } from './faults.js'
import type { SandboxAnswer, SandboxRequest } from './operation.js'
import type { RequestLog } from './request-log.js'
import { createRouter } from './router.js'

export interface GatewayServer {
  /** `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

interface Setup {
  readonly api: GatewayApi
  readonly port: number
  readonly faults: Faults
  readonly log: RequestLog
  readonly control: Control
  now(): number
}

/** Serves a gateway's API on the loopback address, and what controls the sandbox under /sandbox. */
export async function startGatewayServer(setup: Setup): Promise<GatewayServer> {
  const answer = createAnswerer(setup)
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  // A connection that is closed while a client sends the next request on it would look like a fault.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(setup.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function createAnswerer({ api, faults, log, control, now }: Setup) {
  const route = createRouter(api.operations)
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://sandbox')
    const rawBody = await readBody(incoming)
    if (url.pathname === '/sandbox' || url.pathname.startsWith('/sandbox/')) {
      return control.answer({ incoming, response, url, rawBody })
    }
    const method = incoming.method ?? 'GET'
    const match = route(method, url.pathname)
    const fault = match && faults.take(api.name, match.route.name)
    const request = readRequest({ method, url, incoming, rawBody, params: match?.params ?? {} })
    const outcome: Outcome = match
      ? await carryOut(api, { operation: match.route, request, fault })
      : { answer: api.failure(404), handled: false }
    const sent = send(response, outcome)
    log.add({
      gateway: api.name,
      operation: match?.route.name,
      at: now(),
      method,
      url: incoming.url ?? '/',
      headers: incoming.headers,
      body: rawBody.toString(),
      fault,
      answer: sent,
      handled: outcome.handled,
      bug: outcome.bug,
    })
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function readRequest(given: {
  readonly method: string
  readonly url: URL
  readonly incoming: IncomingMessage
  readonly rawBody: Buffer
  readonly params: Readonly<Record<string, string>>
}): SandboxRequest {
  const { method, url, incoming, rawBody, params } = given
  return {
    method,
    path: url.pathname,
    params,
    query: url.searchParams,
    headers: incoming.headers,
    rawBody,
    json: () => (rawBody.length === 0 ? undefined : (JSON.parse(rawBody.toString()) as unknown)),
  }
}

/** A body as it is sent: as JSON, or as it is where the answer is said to be something else. */
function written({ body, headers }: SandboxAnswer): string {
  if (body === undefined) return ''
  return typeof body === 'string' && headers?.['content-type'] !== undefined ? body : JSON.stringify(body)
}

/** What was sent, or undefined where the connection was cut instead. */
function send(response: ServerResponse, { answer }: Outcome) {
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return undefined
  }
  const { status, body, headers } =
    answer === 'unreadable'
      ? { status: 200, body: '<html><body>Bad gateway</body></html>', headers: { 'content-type': 'text/html' } }
      : { ...answer, body: written(answer), headers: answer.headers ?? {} }
  const sent = body === '' ? headers : { 'content-type': 'application/json; charset=utf-8', ...headers }
  response.writeHead(status, sent).end(body)
  return { status, headers: sent, body }
}
