import { readConfig } from '@escrow-ledger/http/config'
import { launchServer } from '@escrow-ledger/postgres-server'
import { createSandbox, followTime } from '@escrow-ledger/sandbox'
import { pino } from 'pino'
import { sandboxEnvironment } from './sandbox-environment.js'
import { startApplication } from './start.js'

const USAGE = `Usage: npm run example -- express

Starts a marketplace on Express, PostgreSQL and Razorpay's sandbox. It takes no arguments, but these variables, among others:
  PORT           where it listens; 3000
  DATABASE_URL   an empty PostgreSQL database; a server of its own
  METRICS_TOKEN  serves metrics at /metrics to whoever has it
  LOG_LEVEL      how much is logged; info
`

/** Stands for the database until its server is there: what is wrong with the environment is told before it starts. */
const OWN_SERVER = 'postgres://own-server'

const release: (() => unknown)[] = []
/** Lets go of what was started, the latest first. */
async function end(): Promise<void> {
  for (const step of release.splice(0).reverse()) await step()
}

async function main(): Promise<void> {
  const sandbox = await createSandbox({ clock: { startAt: Date.now() }, razorpay: { capture: 'automatic' } })
  release.push(() => sandbox.close())
  const read = (databaseUrl: string) => readConfig(sandboxEnvironment(process.env, { ...sandbox, databaseUrl }))
  let config = read(OWN_SERVER)
  if (config.database.kind === 'postgres' && config.database.connectionString === OWN_SERVER) {
    process.stdout.write('Starting a PostgreSQL server of its own …\n')
    const server = await launchServer()
    release.push(() => server.stop())
    config = read(server.connectionString)
  }
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
  const application = await startApplication({ config, sandbox, logger })
  release.push(() => application.stop())
  const time = followTime({ now: () => performance.now(), advance: sandbox.clock.advance })
  release.push(() => time.stop())
  process.stdout.write(`Open ${application.url} and log in as Alice. Ctrl-C ends it.\n`)

  // Once for all: a second signal ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.stdout.write('Stopping …\n')
      void end()
    })
  }
}

/** What the person who started it can do something about, in words; everything else with its stack. */
function told(error: unknown): unknown {
  const { name, message, code, port } = error as Partial<Error> & { readonly code?: unknown; readonly port?: unknown }
  if (code === 'EADDRINUSE') return `Port ${port} is in use. End what listens there, or set PORT to another one.`
  if (code === 'ECONNREFUSED') return `Nothing answers at the address of DATABASE_URL: ${message}`
  return name === 'ConfigError' ? message : error
}

const [argument] = process.argv.slice(2)
if (argument !== undefined) {
  const isAsked = argument === '--help' || argument === '-h'
  process[isAsked ? 'stdout' : 'stderr'].write(isAsked ? USAGE : `${argument} is not known here.\n\n${USAGE}`)
  process.exitCode = isAsked ? 0 : 1
} else {
  await main().catch(async (error: unknown) => {
    console.error(told(error))
    process.exitCode = 1
    await end()
  })
}
