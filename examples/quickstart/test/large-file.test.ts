import { spawn } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger, type TrialBalance } from 'escrow-ledger'
import { afterAll, expect, test } from 'vitest'
import { demo, demoFolder } from './demo-run.js'
import { generatedSessions } from './generated-sessions.js'

const folder = demoFolder()
afterAll(folder.remove)
const long = process.env.TEST_LONG === '1'
const asOf = ['--as-of', '2026-11-02T00:00:00Z']

async function sessionsFile(count: number): Promise<string> {
  const file = folder.file(`${count}.csv`)
  await pipeline(Readable.from(generatedSessions(count)), createWriteStream(file))
  return file
}

/** Starts the demo in a process of its own, which tells the most memory that it took as its last word. */
function start(...args: readonly string[]) {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const tellMemory = 'process.on("exit", () => process.stderr.write("KiB " + process.resourceUsage().maxRSS))'
  const node = [
    '--import',
    'tsx',
    '--conditions=@escrow-ledger/source',
    '--import',
    `data:text/javascript,${tellMemory}`,
  ]
  const child = spawn(process.execPath, [...node, main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let progress = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (progress += text))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { kill: () => child.kill('SIGKILL'), ended, progress: () => progress }
}

async function trialBalanceOf(filename: string): Promise<TrialBalance> {
  const ledger = createLedger({ storage: createSqliteStorage({ filename }) })
  try {
    return await ledger.reports.trialBalance()
  } finally {
    await ledger.close()
  }
}

test(`takes ${long ? '100,000' : '2,000'} sessions in less than 300 MB`, async () => {
  const input = await sessionsFile(long ? 100_000 : 2_000)
  const run = start('--input', input, '--db', folder.file('memory.db'), ...asOf)
  expect(await run.ended).toBe(0)
  const [, kibibytes] = /KiB (\d+)$/.exec(run.progress()) ?? []
  expect((Number(kibibytes) * 1_024) / 1e6).toBeLessThan(300)
})

/** How many rows there are of what a run does one after the other; zero before there is a table. */
const phases = {
  opened: 'SELECT count(*) FROM ledger_escrows',
  completed: 'SELECT count(*) FROM ledger_escrows WHERE completed_at IS NOT NULL',
  settled: 'SELECT count(*) FROM ledger_escrows WHERE settled_at IS NOT NULL',
  paid: `SELECT count(*) FROM ledger_instructions WHERE state = 'processed'`,
} as const

function count(filename: string, phase: keyof typeof phases): number {
  if (!existsSync(filename)) return 0
  const database = new BetterSqlite3(filename, { readonly: true })
  try {
    return Number(database.prepare(phases[phase]).pluck().get())
  } catch (error) {
    if (error instanceof BetterSqlite3.SqliteError && /no such table|locked/.test(error.message)) return 0
    throw error
  } finally {
    database.close()
  }
}

test('goes on after it was killed in the middle of anything, and ends where an undisturbed run ends', async () => {
  const input = await sessionsFile(600)
  const filename = folder.file('disturbed.db')
  const disturbed = ['--input', input, '--db', filename, ...asOf]
  const killed: { phase: keyof typeof phases; at: number }[] = []
  for (const phase of Object.keys(phases) as (keyof typeof phases)[]) {
    const before = count(filename, phase)
    const run = start(...disturbed)
    let over = false
    void run.ended.then(() => {
      over = true
    })
    while (!over && count(filename, phase) === before) await sleep(1)
    run.kill()
    await run.ended
    killed.push({ phase, at: count(filename, phase) })
    expect(killed.at(-1)?.at, phase).toBeGreaterThan(before)
  }
  const last = await demo(...disturbed)
  expect(last.code).toBe(0)
  for (const { phase, at } of killed) expect(at, phase).toBeLessThan(count(filename, phase))
  expect(last.results).toContain('nothing deviates')
  await demo('--input', input, '--db', folder.file('undisturbed.db'), ...asOf)
  expect(await trialBalanceOf(folder.file('disturbed.db'))).toEqual(await trialBalanceOf(folder.file('undisturbed.db')))
})
