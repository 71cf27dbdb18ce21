import { launchServer } from '@escrow-ledger/postgres-server'
import { createSandbox } from '@escrow-ledger/sandbox'
import { pino } from 'pino'
import { followTime } from './follow-time.js'
import { startApplication } from './start.js'

const DEFAULT_PORT = 3_000

const logger = pino({ level: process.env.LOG_LEVEL ?? 'info' }, pino.destination({ dest: 2, sync: true }))

async function main(): Promise<void> {
  const given = process.env.DATABASE_URL
  if (given === undefined) process.stdout.write('Starting a PostgreSQL server of its own …\n')
  const server = given === undefined ? await launchServer() : null
  const sandbox = await createSandbox({ clock: { startAt: Date.now() }, razorpay: { capture: 'automatic' } })
  const time = followTime(sandbox.clock)
  const application = await startApplication({
    databaseUrl: given ?? server?.connectionString ?? '',
    sandbox,
    logger,
    port: Number(process.env.PORT ?? DEFAULT_PORT),
  })
  process.stdout.write(`Open ${application.url} and log in as Alice. Ctrl-C ends it.\n`)

  async function stop(): Promise<void> {
    process.stdout.write('Stopping …\n')
    time.stop()
    await application.stop()
    await sandbox.close()
    await server?.stop()
  }
  // Once for all: a second signal ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

await main()
