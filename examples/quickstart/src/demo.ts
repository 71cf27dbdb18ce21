import { existsSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, createManualGateway, type Ledger } from 'escrow-ledger'
import { showCount } from './amounts.js'
import type { Arguments } from './arguments.js'
import { isInBooks, isInFile, unknownSession } from './asked-session.js'
import { chooseDeal } from './choose-deal.js'
import { exitCodeOf } from './exit-codes.js'
import { showInstant } from './instant.js'
import { notSettled } from './not-settled.js'
import { payOut } from './pay-out.js'
import { gateway, processSessions } from './process-sessions.js'
import type { Screen } from './screen.js'
import { checkColumns, readSessions } from './sessions-csv.js'
import { exportJournal, showBooks } from './show-books.js'
import { stopwatch } from './stopwatch.js'

/** The whole demo: takes the sessions, then shows, checks and exports the books. Gives the exit code. */
export async function runDemo(options: Arguments, screen: Screen): Promise<number> {
  if (options.gateway !== null) {
    // Loaded only for this: servers and SDKs take their time to start.
    const { runGatewayDemo } = await import('./gateway-demo.js')
    return runGatewayDemo({ ...options, gateway: options.gateway }, screen)
  }
  // Before a database is made for it; what is no plain file can be read only once.
  if (statSync(options.input).isFile()) await checkColumns(options.input)
  const filename = options.db ?? path.join(await mkdtemp(path.join(tmpdir(), 'escrow-ledger-')), 'ledger.db')
  const { session, input, asOf } = options
  const sought = session === null || (await isInFile(input, { session, now: asOf })) ? null : session
  if (sought !== null && !existsSync(filename)) throw unknownSession(sought)
  screen.line('Escrow Ledger: finished sessions, from payment to payout')
  screen.line()
  screen.line(`  Sessions  ${input}`)
  screen.line(`  Database  ${filename} (${existsSync(filename) ? 'exists' : 'new'})`)
  screen.line(`  Clock     ${showInstant(asOf)} UTC`)
  screen.line()

  const ledger = createLedger({
    storage: createSqliteStorage({ filename }),
    gateways: { [gateway]: createManualGateway({ bank: 'main' }) },
    // The ledger takes the time from here and nowhere else.
    runtime: { now: () => asOf },
  })
  try {
    await ledger.migrate()
    if (sought !== null && !(await isInBooks(ledger, sought))) throw unknownSession(sought)
    const { refused, left, deal } = await takeSessions(ledger, options, screen)
    const ok = await showBooks(ledger, { deal: session ?? deal, screen })
    if (options.export !== null) await exportJournal(ledger, options.export, screen)
    return exitCodeOf({ ok, refused, left })
  } finally {
    await ledger.close()
  }
}

/** From the file into the books, through the settlement run, to the bank. */
async function takeSessions(
  ledger: Ledger,
  { input, asOf }: Arguments,
  screen: Screen,
): Promise<{ refused: number; left: number; deal: string | null }> {
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
  let left = 0
  for await (const { session, reason } of notSettled(ledger, { asOf, run })) {
    left += 1
    screen.line(`  Session ${session} not settled: ${reason}`)
  }
  const unpaid = await payOut(ledger, {
    onProgress: (confirmed) => screen.progress(`Paying: ${showCount(confirmed, 'payment')} confirmed …`),
  })
  for (const { party, reason } of unpaid) screen.line(`  ${party} not paid: ${reason}`)

  const { taken, known, refused } = tally
  const rate = Math.round((taken + refused) / taking)
  if (refused + left + unpaid.length > 0) screen.line()
  screen.line(`  ${showCount(taken, 'session')} taken (${known} of them known already), ${refused} refused.`)
  screen.done(`${showCount(rate, 'row')} taken a second; settled and paid after ${seconds().toFixed(1)} s.`)
  return { refused, left: left + unpaid.length, deal: deal.chosen() }
}
