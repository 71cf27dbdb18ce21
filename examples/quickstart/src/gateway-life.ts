import { type AccountView, createWorker, type InstructionView } from 'escrow-ledger'
import { agendaOf, createCalendar, type Happening } from './agenda.js'
import { owedToPayees } from './owed-to-payees.js'
import { payThroughGateway } from './pay-through-gateway.js'
import type { Place } from './place.js'
import { completeDeal } from './process-sessions.js'
import { round } from './round.js'
import type { Session } from './sessions-csv.js'
import { topUp } from './top-up.js'

export interface LifeOptions {
  /** The last payday, in milliseconds. */
  readonly end: number
  readonly onTaken: (session: Session) => void
  /** The ledger refused it, or the gateway did not take its payment. */
  readonly onLeft: (session: Session, why: { readonly as: 'refused' | 'declined'; readonly reason: string }) => void
  readonly onProgress: (counts: LifeCounts, now: number) => void
}

export interface LifeCounts {
  taken: number
  /** How many of them were there already. */
  known: number
  refused: number
  declined: number
}

const LOOK_EVERY_MS = 15 * 60_000
/** What is still on its way after so long is told, and not waited for. */
const PATIENCE_MS = 7 * 86_400_000

/**
 * Lets sessions happen through a gateway, each at its time: they are paid, and completed; a day later they are settled, and
 * refunds and payouts sent. Goes on until nothing is on its way, and gives what the last payday left owed.
 */
export async function liveThrough(
  place: Place,
  sessions: readonly Session[],
  options: LifeOptions,
): Promise<{ readonly counts: LifeCounts; readonly owed: readonly AccountView[] }> {
  const { ledger, sandbox, gateway } = place
  const worker = createWorker(ledger, { manual: true })
  const payer = createWorker(ledger, { manual: true, payouts: [{ gateway }] })
  const calendar = createCalendar(options.end)
  const counts: LifeCounts = { taken: 0, known: 0, refused: 0, declined: 0 }
  const happen = takeSessions(place, { counts, options, pay: (session) => payThroughGateway(place, session, worker) })

  async function waitFor(instant: number): Promise<void> {
    // To the end of a second, since gateways tell their times in seconds.
    await sandbox.clock.advance(Math.max(0, Math.ceil(instant / 1_000) * 1_000 - sandbox.clock.now()))
    options.onProgress(counts, sandbox.clock.now())
  }

  async function keepAppointments(instant: number): Promise<void> {
    for (const { at, what } of calendar.until(instant)) {
      await waitFor(at)
      await round(worker)
      if (what === 'look') continue
      await topUp(place)
      await round(payer)
    }
  }

  for (const happening of agendaOf(sessions)) {
    await keepAppointments(happening.at)
    await waitFor(happening.at)
    const dueAt = await happen(happening)
    if (dueAt !== null) calendar.dueAt(dueAt)
  }
  await keepAppointments(options.end)
  const owed: AccountView[] = []
  for await (const account of owedToPayees(ledger)) owed.push(account)
  for (let waited = 0; waited < PATIENCE_MS && (await isUnderWay(place)); waited += LOOK_EVERY_MS) {
    await waitFor(sandbox.clock.now() + LOOK_EVERY_MS)
    await round(worker)
  }
  await Promise.all([worker.stop(), payer.stop()])
  return { counts, owed }
}

/** Takes what happens to sessions, and answers when money falls due by it, if any does. */
function takeSessions(
  { ledger }: Place,
  given: {
    readonly counts: LifeCounts
    readonly options: LifeOptions
    readonly pay: (session: Session) => ReturnType<typeof payThroughGateway>
  },
) {
  const { counts, options, pay } = given
  const running = new Set<Session>()

  return async ({ what, session }: Happening): Promise<number | null> => {
    if (what === 'completed') {
      return running.delete(session) ? (await completeDeal(ledger, session)).dueAt : null
    }
    const paid = await pay(session)
    counts[paid.as] += 1
    if ('reason' in paid) options.onLeft(session, paid)
    else if (paid.as === 'known') counts.taken += 1
    else {
      running.add(session)
      options.onTaken(session)
    }
    return null
  }
}

const underWay = ['recorded', 'sending', 'accepted', 'unknown'] as const

async function isUnderWay({ ledger, gateway }: Place): Promise<boolean> {
  const { items } = await ledger.instructions.list({ gateway, state: underWay }).page({ limit: 1 })
  return items.length > 0
}

const money = new Set<InstructionView['kind']>(['refund', 'payout'])

/** Refunds and payouts that were not sent, failed, or of which nobody knows yet what became of them. */
export async function notArrived({ ledger, gateway }: Place): Promise<InstructionView[]> {
  const found: InstructionView[] = []
  for await (const each of ledger.instructions.list({
    gateway,
    state: [...underWay, 'waiting', 'failed', 'reversed'],
  })) {
    if (money.has(each.kind)) found.push(each)
  }
  return found
}
