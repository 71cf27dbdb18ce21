import type { Server } from 'node:http'
import { createHandler, createShutdown, type Logger } from '@escrow-ledger/http'
import type { Config } from '@escrow-ledger/http/config'
import { createRateLimiter, rateRules } from '@escrow-ledger/http/rate-limits'
import type { Sandbox } from '@escrow-ledger/sandbox'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { serve } from '@hono/node-server'
import { createLedger, createWorker, type Ledger, type Worker } from 'escrow-ledger'
import knexModule, { type Knex } from 'knex'
import { createApp } from './app.js'
import { createLogins } from './authenticate.js'
import { ratingsByPage } from './host-rules.js'
import { GATEWAY, openPayPal } from './paypal.js'
import { prepareTables } from './tables.js'

export interface StartOptions {
  /** From `readConfig`, with a file that is not there yet. */
  readonly config: Config
  /** Stands in for PayPal. Its clock is the application's. */
  readonly sandbox: Sandbox
  readonly logger: Logger
  /** Whether the worker does nothing by itself, and a test calls its `runOnce`. */
  readonly manualWorker?: boolean | undefined
}

export interface Application {
  readonly url: string
  readonly ledger: Ledger
  readonly worker: Worker
  readonly knex: Knex
  /** For programs of the marketplace's own. */
  readonly serviceKey: string
  /** Finishes what was accepted, and takes nothing new. */
  stop(): Promise<void>
}

/** Starts the marketplace: one SQLite file, its ledger, a worker and the server. */
export async function startApplication(options: StartOptions): Promise<Application> {
  const { config, sandbox, logger, manualWorker = false } = options
  if (config.database.kind !== 'sqlite') throw new Error('This example keeps its tables in SQLite.')
  const { filename } = config.database
  const { now } = sandbox.clock
  const knex = knexModule({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  })
  const storage = createSqliteStorage({ filename })
  const ledger = createLedger({
    storage,
    gateways: { [GATEWAY]: openPayPal(config, { sandbox, knex }) },
    runtime: { now },
  })
  await ledger.migrate()
  await prepareTables(knex, { now: now() })

  const logins = await createLogins({ now })
  const { authenticate, serviceKey } = logins
  const handler = createHandler({
    ledger,
    authenticate,
    policies: [ratingsByPage],
    limiter: createRateLimiter({ rules: rateRules(config.rateLimits) }),
    logger,
  })
  const { server, url } = await listen(
    createApp({ knex, ledger, logger, logins, sandbox }, handler).fetch,
    config.port,
  ).catch(async (error: unknown) => {
    await ledger.close()
    await knex.destroy()
    throw error
  })
  sandbox.webhooks.to(`${url}/api/payments/${GATEWAY}/webhook`, GATEWAY)
  const everyMs = { settle: 2_000, ...config.worker?.everyMs }
  const worker = createWorker(ledger, { logger, manual: manualWorker || config.worker === null, everyMs })
  const shutdown = createShutdown({ handler, worker, ledger, server, logger, graceMs: config.shutdownGraceMs })

  async function stopAll(): Promise<void> {
    await shutdown()
    await knex.destroy()
  }

  let stopped: Promise<void> | undefined
  return {
    ...{ url, ledger, worker, knex, serviceKey },
    stop() {
      stopped ??= stopAll()
      return stopped
    },
  }
}

function listen(fetch: (request: Request) => Response | Promise<Response>, port: number) {
  return new Promise<{ readonly server: Server; readonly url: string }>((resolve, reject) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, (info) => {
      resolve({ server, url: `http://127.0.0.1:${info.port}` })
    }) as Server
    server.once('error', reject)
    letGoWhenClosing(server)
  })
}

/** Once the server is closing, a connection that was kept alive ends with its last answer, not seconds later. */
function letGoWhenClosing(server: Server): void {
  server.on('request', (_, response) => {
    response.on('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
  })
}
