import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSandbox } from '@escrow-ledger/sandbox'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger } from 'escrow-ledger'
import { showAmount, showCount } from './amounts.js'
import { type Arguments, type GatewayName, UsageError } from './arguments.js'
import { unknownSession } from './asked-session.js'
import { chooseDeal } from './choose-deal.js'
import { exitCodeOf } from './exit-codes.js'
import { liveThrough, notArrived } from './gateway-life.js'
import { gatewayPositions } from './gateway-positions.js'
import { showInstant } from './instant.js'
import { notSettled } from './not-settled.js'
import { payPalAtSandbox, payPalCurrencies } from './paypal-sandbox.js'
import type { Place } from './place.js'
import { razorpayAtSandbox, razorpayCurrencies } from './razorpay-sandbox.js'
import type { Screen } from './screen.js'
import { readForGateway, type SessionsForGateway } from './sessions-for-gateway.js'
import { exportJournal, showBooks, showSection } from './show-books.js'
import { stopwatch } from './stopwatch.js'
import { startWebhookReceiver } from './webhook-receiver.js'

const gateways = {
  razorpay: { open: razorpayAtSandbox, currencies: razorpayCurrencies },
  paypal: { open: payPalAtSandbox, currencies: payPalCurrencies },
} as const

type GatewayArguments = Arguments & { readonly gateway: GatewayName }

/** The demo through a sandbox of a gateway. Gives the exit code. */
export async function runGatewayDemo(options: GatewayArguments, screen: Screen): Promise<number> {
  const { gateway, asOf, input, session } = options
  const { open, currencies } = gateways[gateway]
  const filename = options.db ?? path.join(await mkdtemp(path.join(tmpdir(), 'escrow-ledger-')), 'ledger.db')
  if (existsSync(filename)) throw databaseExists(filename)
  const read = await readForGateway(input, { now: asOf, takes: (currency) => currencies.has(currency) })
  if (session !== null && !read.sessions.some(({ id }) => id === session)) throw unknownSession(session)
  const startAt = startOf(read, asOf)
  screen.line('Escrow Ledger: sessions, from payment to payout')
  screen.line()
  screen.line(`  Sessions  ${input}`)
  screen.line(`  Database  ${filename} (new)`)
  screen.line(`  Gateway   ${gateway}, by a sandbox on this machine, with its own fees`)
  screen.line(`  Clock     ${showInstant(startAt)} to ${showInstant(asOf)} UTC, the sandbox's`)
  screen.line()

  const sandbox = await createSandbox({ clock: { startAt }, razorpay: { settlements: 'manual' } })
  const there = open(sandbox)
  const ledger = createLedger({
    storage: createSqliteStorage({ filename }),
    gateways: { [gateway]: there.adapter },
    runtime: { now: sandbox.clock.now },
  })
  const receiver = await startWebhookReceiver(ledger)
  sandbox.webhooks.to(receiver.urlFor(gateway), gateway)
  try {
    await ledger.migrate()
    return await runIn({ ledger, sandbox, gateway, there }, { options, read, screen })
  } finally {
    await sandbox.close()
    await receiver.close()
    await ledger.close()
  }
}

interface Running {
  readonly options: GatewayArguments
  readonly read: SessionsForGateway
  readonly screen: Screen
}

async function runIn(place: Place, { options, read, screen }: Running): Promise<number> {
  const { ledger, gateway, there } = place
  const { refused, left, deal } = await live(place, { options, read, screen })
  const ok = await showBooks(ledger, { deal: options.session ?? deal, screen })
  const { agree, lines } = await gatewayPositions(ledger, { gateway, positions: there.positions() })
  showSection(screen, 'What the gateway says', lines)
  if (options.export !== null) await exportJournal(ledger, options.export, screen)
  return exitCodeOf({ ok: ok && agree, refused, left })
}

/** Takes the sessions through the gateway, and tells of those that were not. */
async function live(
  place: Place,
  { options, read, screen }: Running,
): Promise<{ refused: number; left: number; deal: string | null }> {
  const { gateway } = place
  const deal = chooseDeal()
  const seconds = stopwatch()
  for (const { line, reason } of read.refused) screen.line(`  Line ${line} refused: ${reason}`)
  const { counts, owed } = await liveThrough(place, read.sessions, {
    end: options.asOf,
    onTaken: deal.consider,
    onLeft: ({ line }, { as, reason }) =>
      screen.line(`  Line ${line} ${as === 'refused' ? 'refused' : 'not paid'}: ${reason}`),
    onProgress: ({ taken }, now) =>
      screen.progress(`${showInstant(now)} UTC: ${showCount(taken, 'session')} paid through ${gateway} …`),
  })
  const took = seconds()
  let unsettled = 0
  for await (const { session, reason } of notSettled(place.ledger, { asOf: options.asOf })) {
    unsettled += 1
    screen.line(`  Session ${session} not settled: ${reason}`)
  }
  for (const { code, currency, balance } of owed) {
    screen.line(`  Still owed: ${showAmount(balance)} ${currency}, ${code}`)
  }
  const lost = await notArrived(place)
  for (const { kind, amount, party, state, reason } of lost) {
    const about = `${kind} of ${showAmount(amount)} ${amount.currency} to ${party}`
    screen.line(`  Not arrived: ${about}, ${state}${reason === null ? '' : `: ${reason}`}`)
  }
  const { taken, known, declined } = counts
  const refused = counts.refused + read.refused.length
  for (const [currency, count] of read.elsewhere) {
    screen.line(`  ${showCount(count, 'session')} in ${currency} left out: the demo takes none through ${gateway}.`)
  }
  screen.line()
  screen.line(
    `  ${showCount(taken, 'session')} taken (${known} of them known already), ${refused} refused, ${declined} not paid.`,
  )
  screen.done(`Paid, settled and paid out in ${took.toFixed(1)} s.`)
  return { refused, left: unsettled + owed.length + lost.length, deal: deal.chosen() }
}

/** The start of the first second in which something happens. */
function startOf({ sessions }: SessionsForGateway, asOf: number): number {
  const first = sessions.reduce((earliest, { capturedAt }) => Math.min(earliest, capturedAt), asOf)
  return Math.floor(first / 1_000) * 1_000
}

const databaseExists = (filename: string) =>
  new UsageError(
    `--db must name a new file with --gateway, and ${filename} exists: the sandbox is new in each run, and knows nothing of what an earlier one was paid.`,
  )
