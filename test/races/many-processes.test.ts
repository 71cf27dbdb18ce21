import type { Ledger } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { bundle, outputOf } from '../fixtures/child-process.js'
import { type Database, databases } from '../fixtures/databases.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { DAY } from '../fixtures/open-ledger.js'
import { openShared } from '../fixtures/open-shared.js'
import { postgresPlace } from '../fixtures/storage-place.js'
import { openPostgres, startPostgres } from '../postgres/open-postgres.js'
import type { Told } from './callers.process.js'

const isLong = process.env.TEST_LONG === '1'
const program = bundle('races/callers.process.ts')
const PROCESSES = ['one', 'two', 'three', 'four']
const CALLERS = 16
const CALLS = isLong ? 400 : 15
const DEALS = isLong ? 2_000 : 120

/** What a call may be refused with here; that anything was busy, lost or refused by the database is not among it. */
const allowed = new Set([
  'escrow_already_settled',
  'escrow_already_refunded',
  'escrow_already_cancelled',
  'escrow_already_completed',
  'expectation_failed',
])

const ids = Array.from({ length: DEALS }, (_, index) => `s${index}`)

/** Deals that everybody ends, a third of which are due; each is paid to one of three coaches. */
async function openDeals(ledger: Ledger): Promise<void> {
  await Promise.all(
    ids.flatMap((id, index) => [
      ledger.escrows.open({ ...deal(id), parties: { coach: `coach-${index % 3}` } }),
      ledger.escrows.fund({ id, amount: inr('1000.00'), ...paymentOf(id) }),
      ...(index % 3 === 0 ? [ledger.escrows.complete({ id })] : []),
    ]),
  )
  for (const name of PROCESSES) await ledger.accounts.open({ code: `cold:${name}`, currency: 'INR', type: 'liability' })
  for (let index = 0; index < 8; index++) {
    await ledger.accounts.open({ code: `hot:${index}`, currency: 'INR', type: 'liability' })
  }
}

/** Debits less credits of every account, in minor units, as all entries of some kinds say. */
function netsOf(entries: Awaited<ReturnType<typeof entriesOf>>): Record<string, bigint> {
  const nets: Record<string, bigint> = {}
  for (const { account, debit, credit } of entries.flatMap((entry) => entry.postings)) {
    nets[account] = (nets[account] ?? 0n) + (debit?.minor ?? 0n) - (credit?.minor ?? 0n)
  }
  return nets
}

const entriesOf = (ledger: Ledger) => all(ledger.journal.list())

async function hammer(database: Database): Promise<void> {
  const { ledgers, place, clock } = await openShared(database, { storages: 1 })
  const [ledger] = ledgers
  if (!ledger) throw new Error('The books need a ledger.')
  await openDeals(ledger)
  clock.now += 2 * DAY
  const before = new Set((await entriesOf(ledger)).map(({ id }) => id))
  const args = [CALLERS, CALLS, DEALS].map(String)
  const { start } = await program
  const outputs = await Promise.all(
    PROCESSES.map((name, seed) => outputOf(start([place, name, String(clock.now), ...args, String(seed)]))),
  )
  const told = outputs.map((output) => JSON.parse(output) as Told)

  const refusals = told.flatMap((each) => Object.keys(each.refusals))
  expect(refusals.filter((code) => !allowed.has(code))).toEqual([])

  // What settlement runs released is told as numbers; every other entry was told to one caller.
  const written = (await entriesOf(ledger)).filter(({ id }) => !before.has(id))
  const answered = told.flatMap((each) => each.entries)
  expect(new Set(answered).size).toBe(answered.length)
  const byRuns = written.filter(({ id }) => !new Set(answered).has(id))
  expect(written.length).toBe(answered.length + byRuns.length)
  expect(byRuns.filter(({ kind }) => kind !== 'release')).toEqual([])
  const settledByRuns = told.reduce((sum, each) => sum + each.settledByRuns, 0)
  expect(new Set(byRuns.map(({ escrow }) => escrow)).size).toBe(settledByRuns)

  const ended = told.flatMap((each) => each.ended)
  expect(new Set(ended).size).toBe(ended.length)
  const closed = (await all(ledger.escrows.list())).filter(({ status }) => !['funded', 'completed'].includes(status))
  expect(closed.map(({ id }) => id).sort()).toEqual([...ended, ...byRuns.map(({ escrow }) => escrow)].sort())

  const nets = netsOf(byRuns)
  for (const [account, net] of told.flatMap((each) => Object.entries(each.nets))) {
    nets[account] = (nets[account] ?? 0n) + BigInt(net)
  }
  expect(netsOf(written)).toEqual(nets)
  await expectClean(ledger)
}

const title = `${PROCESSES.length} processes of ${CALLERS} callers are told what the books say`

test.each(databases)(`${title} (on $name)`, { timeout: 40 * 60_000 }, hammer)

test('the server breaks no deadlock of theirs', { timeout: 40 * 60_000 }, async () => {
  // Waiting for a lock ends before the server looks for deadlocks, so that it is made to look at once.
  const server = await startPostgres({ flags: { deadlock_timeout: '20ms' } })
  const { connectionString, schema, pool } = await openPostgres({ server })
  await hammer({ name: 'PostgreSQL', newPlace: async () => postgresPlace({ connectionString, schema }) })
  const { rows } = await pool.query('select deadlocks::int from pg_stat_database where datname = current_database()')
  expect(rows).toEqual([{ deadlocks: 0 }])
})
