import { setTimeout as sleep } from 'node:timers/promises'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3, { type Database } from 'better-sqlite3'
import { createLedger, type Ledger } from 'escrow-ledger'
import { expect, onTestFinished, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { START } from '../fixtures/open-ledger.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { temporaryFile } from '../fixtures/temporary-file.js'

/** A ledger on a file's connection that the host goes on using, with a table of the host's own. */
async function besideHost(): Promise<{ ledger: Ledger; database: Database }> {
  const database = new BetterSqlite3(temporaryFile())
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.exec('CREATE TABLE bookings (id INTEGER PRIMARY KEY)')
  const storage = createSqliteStorage({ database, busyDeadlineMs: 30_000 })
  const ledger = createLedger({ storage, runtime: { now: () => START } })
  await ledger.migrate()
  onTestFinished(async () => {
    await ledger.close()
    database.close()
  })
  return { ledger, database }
}

const bookings = (database: Database) => database.prepare('SELECT id FROM bookings ORDER BY id').pluck().all()

const entry = (description: string) => ({
  description,
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
})

const posts = (ledger: Ledger) =>
  Promise.all(Array.from({ length: 100 }, (_, index) => codeOf(ledger.journal.post(entry(`post ${index}`)))))

test.each(['COMMIT', 'ROLLBACK'])(
  'a host transaction that ends in %s beside 100 posts takes none with it',
  async (end) => {
    const { ledger, database } = await besideHost()
    database.exec('BEGIN')
    const insert = database.prepare('INSERT INTO bookings VALUES (?)')
    insert.run(1)
    const posting = posts(ledger)
    for (let id = 2; id <= 20; id++) {
      await sleep(1)
      insert.run(id)
    }
    // None of ours has joined it, though all of them are waiting.
    expect(database.prepare('SELECT count(*) FROM ledger_entries').pluck().get()).toBe(0)
    expect(database.inTransaction).toBe(true)
    database.exec(end)

    expect(new Set(await posting)).toEqual(new Set(['ok']))
    expect(bookings(database)).toHaveLength(end === 'COMMIT' ? 20 : 0)
    expect(await balances(ledger)).toEqual({ 'bank:hdfc INR': '1000.00', 'opening-balances INR': '1000.00' })
    await expectClean(ledger)
  },
)

test('host transactions across awaits take turns with whole lives', async () => {
  const { ledger, database } = await besideHost()
  async function hostWork(): Promise<void> {
    for (let id = 1; id <= 10; id++) {
      while (database.inTransaction) await sleep(1)
      database.exec('BEGIN')
      database.prepare('INSERT INTO bookings VALUES (?)').run(id)
      await sleep(1)
      database.exec(id % 2 ? 'COMMIT' : 'ROLLBACK')
      await sleep(1)
    }
  }
  const lives = Array.from({ length: 20 }, async (_, index) => {
    const id = `s${index}`
    await ledger.escrows.open(deal(id))
    await ledger.escrows.fund({ id, amount: inr('1000.00'), ...paymentOf(id) })
    await ledger.escrows.complete({ id })
    await ledger.escrows.settle({ id, early: { reason: 'agreed' } })
  })
  await Promise.all([hostWork(), ...lives])
  expect(bookings(database)).toEqual([1, 3, 5, 7, 9])
  expect(await balances(ledger)).toMatchObject({ 'payee:priya:payable INR': '16000.00' })
  await expectClean(ledger)
})

test('what the host writes while batches of ours are rolled back and halved stays', async () => {
  const { ledger, database } = await besideHost()
  database.exec(`CREATE TRIGGER poison BEFORE INSERT ON ledger_entries WHEN NEW.description = 'poison'
    BEGIN SELECT RAISE(ABORT, 'poisoned'); END`)
  const insert = database.prepare('INSERT INTO bookings VALUES (?)')
  const calls = Array.from({ length: 100 }, (_, index) => ledger.journal.post(entry(index % 10 ? 'good' : 'poison')))
  let open = true
  const tally = tallyOf(calls).finally(() => {
    open = false
  })
  let written = 0
  while (open || written < 50) {
    written += 1
    insert.run(written)
    await (written % 5 ? Promise.resolve() : sleep(0))
  }
  expect(await tally).toEqual({ ok: 90, storage_refused: 10 })
  expect(bookings(database)).toHaveLength(written)
  expect(await all(ledger.journal.list())).toHaveLength(90)
  await expectClean(ledger)
})

test('the refusal of an entry never ends a transaction of the host', async () => {
  const { ledger, database } = await besideHost()
  database.exec(`CREATE TRIGGER poison BEFORE INSERT ON ledger_entries WHEN NEW.description = 'poison'
    BEGIN SELECT RAISE(ROLLBACK, 'poisoned'); END`)
  database.exec('BEGIN')
  database.prepare('INSERT INTO bookings VALUES (1)').run()
  const refused = codeOf(ledger.journal.post(entry('poison')))
  await sleep(5)
  expect(database.inTransaction).toBe(true)
  database.exec('COMMIT')
  expect(await refused).toBe('storage_refused')
  expect(bookings(database)).toEqual([1])
})
