import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Ledger, LedgerError } from 'escrow-ledger'

export interface WebhookReceiver {
  /** Where a gateway, by the name that the ledger knows it under, delivers. */
  urlFor(gateway: string): string
  close(): Promise<void>
}

/** Gateways' events have some kilobytes. */
const MOST_BYTES = 1_000_000

/** Takes deliveries at `/webhooks/<gateway>` and hands them to the ledger, which keeps them for its worker. */
export async function startWebhookReceiver(ledger: Ledger): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    answer(ledger, request).then((status) => {
      response.writeHead(status, { connection: status === 413 ? 'close' : 'keep-alive' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    urlFor: (gateway) => `http://127.0.0.1:${port}/webhooks/${gateway}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The status to answer with: what is not 2xx, the gateway sends again. */
async function answer(ledger: Ledger, request: IncomingMessage): Promise<number> {
  const [, gateway] = /^\/webhooks\/([a-z]+)$/.exec(request.url ?? '') ?? []
  if (request.method !== 'POST' || gateway === undefined) return 404
  try {
    const rawBody = await readBody(request)
    if (rawBody === null) return 413
    await ledger.webhooks.receive({ gateway, headers: request.headers, rawBody })
    return 200
  } catch (error) {
    return error instanceof LedgerError && error.code === 'not_authentic' ? 400 : 503
  }
}

/** The bytes as they came, which are what was signed; null when there are too many. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
