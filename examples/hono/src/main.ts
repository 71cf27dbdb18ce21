import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '@escrow-ledger/http/config'
import { createSandbox, followTime } from '@escrow-ledger/sandbox'
import { pino } from 'pino'
import { paypalSettings } from './paypal.js'
import { sandboxEnvironment } from './sandbox-environment.js'
import { startApplication } from './start.js'

const USAGE = `Usage: npm run example -- hono

Starts a marketplace on Hono, SQLite and PayPal's sandbox. It takes no arguments, but these variables, among others:
  PORT        where it listens; 3001
  LOG_LEVEL   how much is logged; info
`

const release: (() => unknown)[] = []
/** Lets go of what was started, the latest first. */
async function end(): Promise<void> {
  for (const step of release.splice(0).reverse()) await step()
}

async function main(): Promise<void> {
  const sandbox = await createSandbox({ clock: { startAt: Date.now() }, paypal: paypalSettings })
  release.push(() => sandbox.close())
  const folder = mkdtempSync(path.join(tmpdir(), 'sessions-abroad-'))
  release.push(() => rmSync(folder, { recursive: true }))
  const filename = path.join(folder, 'marketplace.db')
  const config = readConfig(sandboxEnvironment(process.env, { ...sandbox, filename }))
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
  const application = await startApplication({ config, sandbox, logger })
  release.push(() => application.stop())
  const time = followTime({ now: () => performance.now(), advance: sandbox.clock.advance })
  release.push(() => time.stop())
  process.stdout.write(`Open ${application.url} and log in as Chloé. Ctrl-C ends it.\n`)

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
