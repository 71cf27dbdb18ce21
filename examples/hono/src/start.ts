import type { Server } from 'node:http'
import { createHandler, type Logger } from '@escrow-ledger/http'
import { createRateLimiter } from '@escrow-ledger/http/rate-limits'
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
  /** A file that is not there yet. */
  readonly filename: string
  /** Stands in for PayPal. Its clock is the application's. */
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
  readonly knex: Knex
  /** For programs of the marketplace's own. */
  readonly serviceKey: string
  /** Finishes what was accepted, and takes nothing new. */
  stop(): Promise<void>
}

/** Starts the marketplace: one SQLite file, its ledger, a worker and the server. */
export async function startApplication(options: StartOptions): Promise<Application> {
  const { filename, sandbox, logger, port = 0, manualWorker = false } = options
  const { now } = sandbox.clock
  const knex = knexModule({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  })
  const storage = createSqliteStorage({ filename })
  const ledger = createLedger({ storage, gateways: { [GATEWAY]: openPayPal(sandbox, knex) }, runtime: { now } })
  await ledger.migrate()
  await prepareTables(knex, { now: now() })

  const logins = await createLogins({ now })
  const { authenticate, serviceKey } = logins
  const handler = createHandler({
    ledger,
    authenticate,
    policies: [ratingsByPage],
    limiter: createRateLimiter(),
    logger,
  })
  const { server, url } = await listen(createApp({ knex, ledger, logger, logins, sandbox }, handler).fetch, port)
  sandbox.webhooks.to(`${url}/api/payments/${GATEWAY}/webhook`, GATEWAY)
  const worker = createWorker(ledger, { logger, manual: manualWorker, everyMs: { settle: 2_000 } })

  async function stopAll(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    await handler.drain()
    await closed
    await worker.stop()
    await ledger.close()
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
