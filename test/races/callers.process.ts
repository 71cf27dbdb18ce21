/**
 * Many callers of one process, each with one call after another, on the same hot accounts and the same deals as those
 * of other processes; tells what they were told:
 *
 *   callers.process.ts PLACE NAME NOW CALLERS CALLS DEALS SEED
 */
import { createTestRuntime } from '@escrow-ledger/testkit'
import { createLedger, type EntryView, type Ledger, LedgerError, money } from 'escrow-ledger'
import { openStorage } from '../fixtures/storage-place.js'

export interface Told {
  /** The id of every entry that a call was answered with. */
  readonly entries: readonly string[]
  /** Which deals came to an end by a call of this process. */
  readonly ended: readonly string[]
  /** How many deals its settlement runs released. */
  readonly settledByRuns: number
  /** What its entries came to, by account: debits less credits in minor units. */
  readonly nets: Readonly<Record<string, string>>
  readonly refusals: Readonly<Record<string, number>>
}

/** How many accounts everybody writes to. */
const HOT = 8

const [place = '', name = '', now = '0', callers = '0', calls = '0', deals = '0', seed = '0'] = process.argv.slice(2)

const { random } = createTestRuntime({ seed: Number(seed) })
const roll = (below: number) => ((random(1)[0] ?? 0) + 256 * (random(1)[0] ?? 0)) % below

const ledger = createLedger({ storage: openStorage(place, { durable: false }), runtime: { now: () => Number(now) } })
const entries: string[] = []
const ended: string[] = []
const nets: Record<string, bigint> = {}
const refusals: Record<string, number> = {}
let settledByRuns = 0

function note(posted: readonly EntryView[]): void {
  for (const entry of posted) {
    entries.push(entry.id)
    for (const { account, debit, credit } of entry.postings) {
      nets[account] = (nets[account] ?? 0n) + (debit?.minor ?? 0n) - (credit?.minor ?? 0n)
    }
  }
}

/** Two to five of the hot accounts, in any order: one pays all the others. */
async function postAcross(on: Ledger, call: string): Promise<void> {
  const accounts = Array.from({ length: HOT }, (_, index) => `hot:${index}`)
  const chosen = Array.from({ length: 2 + roll(4) }, () => accounts.splice(roll(accounts.length), 1)[0] as string)
  const [payer = '', ...payees] = chosen
  const amounts = payees.map(() => BigInt(1 + roll(500)))
  const inMinor = (minor: bigint) => ({ currency: 'INR', minor })
  const credits = payees.map((account, index) => ({ account, credit: inMinor(amounts[index] ?? 0n) }))
  const debit = { account: payer, debit: inMinor(amounts.reduce((sum, each) => sum + each, 0n)) }
  const postings = roll(2) === 0 ? [debit, ...credits] : [...credits, debit]
  const { entry } = await on.journal.post({ postings, reference: call }, roll(2) ? { idempotencyKey: call } : {})
  note([entry])
}

/** Ends a deal one way or another. */
async function end(on: Ledger): Promise<void> {
  const id = `s${roll(Number(deals))}`
  const ways = [
    () => on.escrows.settle({ id, early: { reason: name } }),
    () => on.escrows.refund({ id, reason: name }),
    () => on.escrows.cancel({ id, reason: name }),
  ]
  const answer = await ways[roll(ways.length)]?.()
  note(answer?.entries ?? [])
  ended.push(id)
}

/** Compare-and-set on a hot account, which goes under locks where it was overtaken. */
async function postExpecting(on: Ledger, call: string): Promise<void> {
  const { version } = await on.accounts.get({ code: 'hot:0', currency: 'INR' })
  const one = money('1.00', 'INR')
  const { entry } = await on.journal.post({
    postings: [
      { account: 'hot:1', debit: one },
      { account: 'hot:0', credit: one },
    ],
    reference: call,
    expect: [{ account: 'hot:0', currency: 'INR', version }],
  })
  note([entry])
}

/** Takes the whole book for itself. */
async function freezeAndThaw(on: Ledger): Promise<void> {
  await on.accounts.freeze({ code: `cold:${name}` })
  await on.accounts.unfreeze({ code: `cold:${name}` })
}

async function settleDue(on: Ledger): Promise<void> {
  const run = await on.settlements.run({ pageSize: 5, limit: 10 })
  settledByRuns += run.settled
}

async function deed(on: Ledger, call: string): Promise<void> {
  const which = roll(40)
  if (which < 22) return postAcross(on, call)
  if (which < 32) return end(on)
  if (which < 36) return postExpecting(on, call)
  if (which < 38) return settleDue(on)
  return freezeAndThaw(on)
}

async function caller(nth: number): Promise<void> {
  for (let index = 0; index < Number(calls); index++) {
    try {
      await deed(ledger, `${name}-${nth}-${index}`)
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      refusals[error.code] = (refusals[error.code] ?? 0) + 1
    }
  }
}

await Promise.all(Array.from({ length: Number(callers) }, (_, nth) => caller(nth)))
await ledger.close()
const told = Object.fromEntries(Object.entries(nets).map(([account, net]) => [account, net.toString()]))
process.stdout.write(JSON.stringify({ entries, ended, settledByRuns, nets: told, refusals } satisfies Told))
