import { randomBytes } from 'node:crypto'
import { readConfig } from '@escrow-ledger/http/config'
import { createSandbox, type Sandbox } from '@escrow-ledger/sandbox'
import { escapeIdentifier, Pool } from 'pg'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { sharedPostgres } from '../../../test/postgres/open-postgres.js'
import { sandboxEnvironment } from '../src/sandbox-environment.js'
import { type Application, startApplication } from '../src/start.js'

export const MINUTE = 60_000
/** What Prometheus would bear. */
export const METRICS_TOKEN = 'metrics-token-of-the-tests'
export const DAY = 86_400_000

/** When the clock of every test starts: 2026-11-02T09:00:00Z, a Monday. */
const START = Date.UTC(2026, 10, 2, 9)

export interface OpenApplication extends Application {
  readonly sandbox: Sandbox
  /** What it has logged, one JSON object a line. */
  readonly logged: () => string
  /** Delivers webhooks, and lets the worker do all that there is to do now. */
  work(): Promise<void>
}

/** The marketplace on a database of its own, with a sandbox whose clock stands still. All of it ends with the test. */
export async function openApplication(): Promise<OpenApplication> {
  const databaseUrl = await createDatabase()
  const sandbox = await createSandbox({ clock: { startAt: START }, razorpay: { capture: 'automatic' } })
  onTestFinished(() => sandbox.close())
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const config = readConfig(sandboxEnvironment({ PORT: '0', METRICS_TOKEN }, { ...sandbox, databaseUrl }))
  const application = await startApplication({ config, sandbox, logger, manualWorker: true })
  onTestFinished(() => application.stop())
  return {
    ...application,
    sandbox,
    logged: () => lines.join(''),
    async work() {
      for (let round = 0; round < 3; round += 1) {
        await sandbox.webhooks.idle()
        await application.worker.runOnce()
      }
    },
  }
}

/** The address of a new database, which is dropped when the test is finished. */
export async function createDatabase(): Promise<string> {
  const server = await sharedPostgres()
  const name = `express_${randomBytes(8).toString('hex')}`
  const pool = new Pool({ connectionString: server, max: 1 })
  await pool.query(`create database ${escapeIdentifier(name)}`)
  onTestFinished(async () => {
    await pool.query(`drop database ${escapeIdentifier(name)} with (force)`)
    await pool.end()
  })
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
