import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHandler } from '@escrow-ledger/http'
import { createRateLimiter } from '@escrow-ledger/http/rate-limits'
import { createPostgresStorage } from '@escrow-ledger/postgres'
import type { Sandbox } from '@escrow-ledger/sandbox'
import { createLedger, createWorker, type Ledger, money, type Worker } from 'escrow-ledger'
import { Pool } from 'pg'
import type { Logger } from 'pino'
import { createApp } from './app.js'
import { createAuthenticate } from './authenticate.js'
import { CURRENCY } from './bookings.js'
import { ratingsByPage } from './host-rules.js'
import { createCheckout, GATEWAY, openRazorpay } from './razorpay.js'
import { prepareTables } from './tables.js'
import { createTokens } from './tokens.js'

export interface StartOptions {
  readonly databaseUrl: string
  /** Stands in for Razorpay. Its clock is the application's. */
  readonly sandbox: Sandbox
  readonly logger: Logger
  /** Any free one unless it is given. */
  readonly port?: number | undefined
  /** Whether the worker does nothing by itself, and a test calls its `runOnce`. */
  readonly manualWorker?: boolean | undefined
}

export interface Application {
  readonly url: string
  readonly ledger: Ledger
  readonly worker: Worker
  readonly pool: Pool
  /** Finishes what was accepted, and takes nothing new. */
  stop(): Promise<void>
}

/** Starts the marketplace: its database, its ledger, a worker and the server. */
export async function startApplication(options: StartOptions): Promise<Application> {
  const { databaseUrl, sandbox, logger, port = 0, manualWorker = false } = options
  const { now } = sandbox.clock
  const pool = new Pool({ connectionString: databaseUrl, max: 10 })
  pool.on('error', (error) => logger.error({ err: error }, 'A connection that idled has broken.'))
  const ledger = createLedger({
    storage: createPostgresStorage({ pool }),
    gateways: { [GATEWAY]: openRazorpay(sandbox, pool) },
    runtime: { now },
  })
  await ledger.migrate()
  await prepareTables(pool, { now: now() })
  await bringCapital(ledger, sandbox)

  const tokens = await createTokens({ now })
  const authenticate = createAuthenticate(tokens, { now })
  const handler = createHandler({
    ...{ ledger, authenticate, limiter: createRateLimiter(), logger },
    policies: [ratingsByPage],
  })
  const place = {
    ...{ pool, ledger, tokens, authenticate, checkout: createCheckout(sandbox) },
    passTime: sandbox.clock.advance,
    sandboxUrl: `${sandbox.razorpay.url}/sandbox/razorpay`,
  }
  const server = await listen(createServer(createApp(place, { handler, logger })), port)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sandbox.webhooks.to(`${url}/api/payments/${GATEWAY}/webhook`, GATEWAY)
  const worker = createWorker(ledger, { logger, manual: manualWorker, everyMs: { settle: 2_000 } })

  async function stopAll(): Promise<void> {
    const closed = close(server)
    await handler.drain()
    await closed
    await worker.stop()
    await ledger.close()
    await pool.end()
  }

  let stopped: Promise<void> | undefined
  return {
    ...{ url, ledger, worker, pool },
    stop() {
      stopped ??= stopAll()
      return stopped
    },
  }
}

/** Payouts leave from an account of their own, so the platform brings money there that is not its clients'. */
async function bringCapital(ledger: Ledger, { razorpay, clock }: Sandbox): Promise<void> {
  const [bank, amount] = ['hdfc', money('10000.00', CURRENCY)]
  razorpay.topUp(amount.minor)
  await ledger.journal.post({
    description: 'Money of the platform, to pay out from',
    postings: [
      { account: `bank:${bank}`, debit: amount },
      { account: 'opening-balances', credit: amount },
    ],
  })
  await ledger.movements.toppedUp({ gateway: GATEWAY, bank, reference: `start-${clock.now()}`, amount })
}

function listen(server: Server, port: number): Promise<Server> {
  letGoWhenClosing(server)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Takes no more connections, and waits for the requests that are under way. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

/** Once the server is closing, a connection that was kept alive is let go with its last answer, not seconds later. */
function letGoWhenClosing(server: Server): void {
  server.on('request', (_request, response) => {
    response.on('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
  })
}
