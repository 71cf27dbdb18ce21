import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, createManualGateway, type Ledger } from 'escrow-ledger'
import { showCount } from './amounts.js'
import type { Arguments } from './arguments.js'
import { currencyTotals } from './currency-totals.js'
import { hledgerJournal } from './hledger.js'
import { showInstant } from './instant.js'
import { payOut } from './pay-out.js'
import { gateway, processSessions } from './process-sessions.js'
import { clientMoney, trialBalance, verification } from './report.js'
import type { Screen } from './screen.js'
import { readSessions, type Session } from './sessions-csv.js'
import { dealTimeline } from './timeline.js'

export const exitCodes = { done: 0, failed: 1, rowsRefused: 2, booksDeviate: 3 } as const

/** The whole demo: takes the sessions, then shows, checks and exports the books. Gives the exit code. */
export async function runDemo(options: Arguments, screen: Screen): Promise<number> {
  const filename = options.db ?? path.join(await mkdtemp(path.join(tmpdir(), 'escrow-ledger-')), 'ledger.db')
  screen.line('Escrow Ledger: finished sessions, from payment to payout')
  screen.line()
  screen.line(`  Sessions  ${options.input}`)
  screen.line(`  Database  ${filename} (${existsSync(filename) ? 'exists' : 'new'})`)
  screen.line(`  Clock     ${showInstant(options.asOf)} UTC`)
  screen.line()

  const ledger = createLedger({
    storage: createSqliteStorage({ filename }),
    gateways: { [gateway]: createManualGateway({ bank: 'main' }) },
    // The ledger takes the time from here and nowhere else.
    runtime: { now: () => options.asOf },
  })
  try {
    await ledger.migrate()
    const { refused, deal } = await takeSessions(ledger, options, screen)
    const ok = await showBooks(ledger, { deal: options.session ?? deal, screen })
    if (options.export !== null) await exportJournal(ledger, options.export, screen)
    if (!ok) return exitCodes.booksDeviate
    return refused > 0 ? exitCodes.rowsRefused : exitCodes.done
  } finally {
    await ledger.close()
  }
}

/** From the file into the books, through the settlement run, to the bank. */
async function takeSessions(
  ledger: Ledger,
  { input, asOf }: Arguments,
  screen: Screen,
): Promise<{ refused: number; deal: string | null }> {
  const deal = chooseDeal()
  const seconds = stopwatch()
  const tally = await processSessions(ledger, readSessions(input, { now: asOf }), {
    onRefused: ({ line, reason }) => screen.line(`  Line ${line} refused: ${reason}`),
    onTaken: deal.consider,
    onProgress: ({ taken, refused }) => screen.progress(`Taking sessions: ${showCount(taken + refused, 'row')} …`),
  })
  const taking = seconds()
  const run = await ledger.settlements.run({
    asOf,
    onProgress: ({ settled }) => screen.progress(`Settling: ${showCount(settled, 'session')} …`),
  })
  for (const { escrow, message } of run.refused) screen.line(`  Session ${escrow} not settled: ${message}`)
  const payouts = await payOut(ledger, {
    onProgress: (confirmed) => screen.progress(`Paying: ${showCount(confirmed, 'payment')} confirmed …`),
  })
  for (const { payee, reason } of payouts.left) screen.line(`  Payee ${payee} not paid: ${reason}`)

  const { taken, known, refused } = tally
  const rate = Math.round((taken + refused) / taking)
  if (refused > 0) screen.line()
  screen.line(`  ${showCount(taken, 'session')} taken (${known} of them known already), ${refused} refused.`)
  screen.done(`${showCount(rate, 'row')} taken a second; settled and paid after ${seconds().toFixed(1)} s.`)
  return { refused, deal: deal.chosen() }
}

async function showBooks(ledger: Ledger, { deal, screen }: { deal: string | null; screen: Screen }): Promise<boolean> {
  const section = (title: string, lines: readonly string[]) => {
    screen.line()
    screen.line(title)
    screen.line()
    for (const line of lines) screen.line(line)
  }
  section('What became of the money', await currencyTotals(ledger))
  section('Trial balance, accounts of one kind added up', await trialBalance(ledger))
  section('Client money', await clientMoney(ledger))
  if (deal !== null) section(`The story of ${deal}`, await dealTimeline(ledger, deal))
  const onProgress = (text: string) => screen.progress(`Checking: ${text} …`)
  const { ok, lines } = await verification(ledger, { onProgress })
  section('Check of the books', lines)
  return ok
}

async function exportJournal(ledger: Ledger, file: string, screen: Screen): Promise<void> {
  await pipeline(Readable.from(hledgerJournal(ledger)), createWriteStream(file))
  screen.line()
  screen.line(`Journal written to ${file}. To add it up: hledger -f ${file} balance`)
}

/** The deal whose story is told: the first that had a penalty, or the first of all. */
function chooseDeal() {
  let first: string | null = null
  let penalised: string | null = null
  return {
    consider({ id, satisfaction }: Session): void {
      first ??= id
      if (satisfaction !== null && Number(satisfaction) < 3) penalised ??= id
    },
    chosen: () => penalised ?? first,
  }
}

function stopwatch(): () => number {
  const started = performance.now()
  return () => (performance.now() - started) / 1_000
}
