/**
 * Takes every terminal step of every deal in books that another process hammers as well, and tells which it won:
 *
 *   hammer.process.ts PLACE NAME NOW DEALS
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createLedger, type Ledger, LedgerError, money } from 'escrow-ledger'
import { openStorage } from '../fixtures/storage-place.js'

export interface Hammered {
  /** Who was refused how often, by code. */
  readonly refusals: Readonly<Record<string, number>>
  /** What this process won: `settle s1`. */
  readonly won: readonly string[]
  /** How often this process raised the counter. */
  readonly raised: number
}

const [place = '', name = '', now = '0', deals = '0'] = process.argv.slice(2)

const storage = openStorage(place, { durable: false })
const ledger = createLedger({ storage, runtime: { now: () => Number(now) } })
const AT_ONCE = 3
const won: string[] = []
const refusals: Record<string, number> = {}

async function attempt(what: string, call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    won.push(what)
    return true
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    refusals[error.code] = (refusals[error.code] ?? 0) + 1
    return false
  }
}

/** Waits until the other process has come as far as this one, which the books tell. */
async function meet(round: number): Promise<void> {
  const prefix = `ready:${round}:`
  await ledger.accounts.open({ code: prefix + name, currency: 'INR', type: 'asset' })
  while ((await ledger.accounts.list({ prefix }).page()).items.length < 2) await sleep(1)
  // Whoever came last knows first that both are here.
  await sleep(Math.random() * 4)
}

/** Every way to end one deal, the payout of its coach's whole balance, and its outcome. */
async function hammer(id: string, nth: number): Promise<void> {
  const steps: ((on: Ledger) => [string, Promise<unknown>])[] = [
    (on) => ['end', on.escrows.settle({ id, early: { reason: name } })],
    (on) => ['end', on.escrows.refund({ id, reason: name })],
    (on) => ['end', on.escrows.cancel({ id, reason: name })],
  ]
  // Each process settles first where the other cancels first.
  if ((name === 'other') === (nth % 2 === 0)) steps.reverse()
  await Promise.all(
    steps.map(async (step) => {
      const [what, call] = step(ledger)
      await attempt(`${what} ${id}`, call)
    }),
  )
  const payout = `${name}-${id}`
  const amount = money('800.00', 'INR')
  const requesting = ledger.payouts.request({ id: payout, payee: `coach-${id}`, amount, gateway: 'razorpay' })
  await attempt(`payout ${id}`, requesting)
  for (const each of [payout, `${name === 'one' ? 'other' : 'one'}-${id}`]) {
    const instruction = `payout:${each}`
    await Promise.all([
      attempt(`outcome ${id}`, ledger.instructions.confirm({ id: instruction, reference: `utr-${name}` })),
      attempt(`outcome ${id}`, ledger.instructions.cancel({ id: instruction })),
    ])
  }
}

/** Raises a counter by compare-and-set: reads its version, posts with it, and tries again when it lost. */
async function raise(times: number): Promise<number> {
  let raised = 0
  while (raised < times) {
    const { version } = await ledger.accounts.get({ code: 'counter', currency: 'INR' })
    const one = money('1.00', 'INR')
    const posting = ledger.journal.post({
      postings: [
        { account: 'opening-balances', debit: one },
        { account: 'counter', credit: one },
      ],
      expect: [{ account: 'counter', currency: 'INR', version }],
    })
    if (await attempt('raise', posting)) raised += 1
  }
  return raised
}

const ids = Array.from({ length: Number(deals) }, (_, index) => `s${index}`)

/** A few deals at a time, so that no process ends all of them in one unit of work. */
async function hammerAll(): Promise<void> {
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    await meet(start)
    await Promise.all(ids.slice(start, start + AT_ONCE).map((id, index) => hammer(id, start + index)))
  }
}

const [raised] = await Promise.all([raise(50), hammerAll()])
await ledger.close()
process.stdout.write(JSON.stringify({ refusals, won, raised } satisfies Hammered))
