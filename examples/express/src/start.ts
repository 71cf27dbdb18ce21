import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHandler, createShutdown } from '@escrow-ledger/http'
import type { Config } from '@escrow-ledger/http/config'
import { createRateLimiter, rateRules } from '@escrow-ledger/http/rate-limits'
import { createPostgresStorage } from '@escrow-ledger/postgres'
import type { Sandbox } from '@escrow-ledger/sandbox'
import { createLedger, createWorker, type Ledger, money, type Worker } from 'escrow-ledger'
import { Pool } from 'pg'
import type { Logger } from 'pino'
import { createApp } from './app.js'
import { createAuthenticate } from './authenticate.js'
import { CURRENCY } from './bookings.js'
import { ratingsByPage } from './host-rules.js'
import { createMetrics } from './metrics.js'
import { createCheckout, GATEWAY, openRazorpay } from './razorpay.js'
import { prepareTables } from './tables.js'
import { createTokens } from './tokens.js'

export interface StartOptions {
  /** From `readConfig`. */
  readonly config: Config
  /** Stands in for Razorpay. Its clock is the application's. */
  readonly sandbox: Sandbox
  readonly logger: Logger
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
  const { config, sandbox, logger, manualWorker = false } = options
  const { now } = sandbox.clock
  const pool = openPool(config, logger)
  const metrics = createMetrics(config.metricsToken)
  const ledger = createLedger({
    storage: createPostgresStorage({ pool, ...layoutOf(config) }),
    gateways: { [GATEWAY]: openRazorpay(config, pool) },
    runtime: { now },
    observer: metrics?.telemetry.ledgerObserver,
  })
  await ledger.migrate()
  await prepareTables(pool, { now: now() })
  await bringCapital(ledger, sandbox)

  const tokens = await createTokens({ now })
  const authenticate = createAuthenticate(tokens, { now })
  const handler = createHandler({
    ...{ ledger, authenticate, logger },
    policies: [ratingsByPage],
    limiter: createRateLimiter({ rules: rateRules(config.rateLimits) }),
    observers: metrics ? [metrics.telemetry.httpObserver] : [],
  })
  const place = {
    ...{ pool, ledger, tokens, authenticate, checkout: createCheckout(sandbox) },
    passTime: sandbox.clock.advance,
    sandboxUrl: `${sandbox.razorpay.url}/sandbox/razorpay`,
  }
  const app = createApp(place, { handler, logger, metrics, trustedProxies: config.trustedProxies })
  const server = await listen(createServer(app), config.port).catch(async (error: unknown) => {
    await ledger.close()
    await pool.end()
    throw error
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sandbox.webhooks.to(`${url}/api/payments/${GATEWAY}/webhook`, GATEWAY)
  const everyMs = { settle: 2_000, ...config.worker?.everyMs }
  const worker = createWorker(ledger, { logger, everyMs, manual: manualWorker || config.worker === null })
  metrics?.telemetry.watch(ledger, { worker })
  const shutdown = createShutdown({ handler, worker, ledger, server, logger, graceMs: config.shutdownGraceMs })

  async function stopAll(): Promise<void> {
    await shutdown()
    await metrics?.shutdown()
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

/** The host's own pool, which the ledger uses as well. */
function openPool({ database }: Config, logger: Logger): Pool {
  if (database.kind !== 'postgres') throw new Error('This example keeps its tables in PostgreSQL.')
  const pool = new Pool({ connectionString: database.connectionString, max: database.maxConnections ?? 10 })
  // Its words alone: pg hangs the whole connection on the error.
  pool.on('error', ({ message }) => logger.error({ err: { message } }, 'A connection that idled has broken.'))
  return pool
}

/** Where the ledger's tables are, and whether a pooler stands between. */
const layoutOf = ({ database }: Config) =>
  database.kind === 'postgres' ? { schema: database.schema, namedStatements: database.namedStatements } : {}

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

/** Once the server is closing, a connection that was kept alive is let go with its last answer, not seconds later. */
function letGoWhenClosing(server: Server): void {
  server.on('request', (_request, response) => {
    response.on('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
  })
}
