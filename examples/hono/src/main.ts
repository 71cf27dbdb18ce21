import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSandbox, followTime } from '@escrow-ledger/sandbox'
import { pino } from 'pino'
import { startApplication } from './start.js'

const folder = mkdtempSync(path.join(tmpdir(), 'sessions-abroad-'))
const sandbox = await createSandbox({ clock: { startAt: Date.now() } })
const time = followTime({ now: () => performance.now(), advance: sandbox.clock.advance })
const application = await startApplication({
  filename: path.join(folder, 'marketplace.db'),
  sandbox,
  logger: pino({ level: process.env.LOG_LEVEL ?? 'info' }, pino.destination({ dest: 2, sync: true })),
  port: Number(process.env.PORT ?? 3_001),
})
process.stdout.write(`Open ${application.url} and log in as Chloé. Ctrl-C ends it.\n`)

async function stop(): Promise<void> {
  process.stdout.write('Stopping …\n')
  time.stop()
  await application.stop()
  await sandbox.close()
  rmSync(folder, { recursive: true })
}
// Once for all: a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
