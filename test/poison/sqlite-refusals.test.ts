import { expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { inr } from '../fixtures/deals.js'
import { openLedger } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'

const entry = (description: string) => ({
  description,
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
})

// A FAIL leaves what the statement wrote before it, and a ROLLBACK ends the transaction behind the storage's back.
test.each(['FAIL', 'ROLLBACK'])('a batch of which SQLite refuses a row by a %s fails no neighbour', async (how) => {
  const { ledger, database } = await openLedger()
  database.exec(`CREATE TRIGGER poison BEFORE INSERT ON ledger_entries WHEN NEW.description = 'poison'
    BEGIN SELECT RAISE(${how}, 'poisoned'); END`)
  const calls = ['a', 'b', 'poison', 'c', 'd'].map((description) => ledger.journal.post(entry(description)))
  expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'ok', 'storage_refused', 'ok', 'ok'])
  expect(database.inTransaction).toBe(false)
  expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '40.00' })
  await expectClean(ledger)
})
