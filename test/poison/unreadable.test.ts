import { describe, expect, test } from 'vitest'
import { deal, inr } from '../fixtures/deals.js'
import { codeOf } from '../fixtures/outcomes.js'
import { storages } from '../fixtures/storages.js'

const entry = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}

/** As another process leaves it that has registered a unit which is not known here. */
describe.each(storages)('what is kept in a unit that is not known here, on $name', ({ openLedger }) => {
  test('as a first result fails its own call, and no neighbour', async () => {
    const { ledger, database } = await openLedger()
    await ledger.escrows.open(deal('s1'), { idempotencyKey: 'k' })
    const tampering = await database.tamper()
    await tampering.run(
      `UPDATE ledger_idempotency_keys SET result = REPLACE(result, '"INR"', '"ZZQ"') WHERE result LIKE '%"INR"%'`,
    )

    const calls = [
      ledger.journal.post(entry),
      ledger.escrows.open(deal('s1'), { idempotencyKey: 'k' }),
      ledger.journal.post(entry, { idempotencyKey: 'k' }),
      ledger.journal.post(entry),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'currency_unknown', 'idempotency_key_reused', 'ok'])
  })

  test('as a deal fails what is asked of that deal, and no neighbour', async () => {
    const { ledger, database } = await openLedger()
    await ledger.escrows.open(deal('s1'))
    await ledger.escrows.open(deal('s2'))
    const tampering = await database.tamper()
    await tampering.run(`UPDATE ledger_escrows SET currency = 'ZZQ', revision = revision + 1 WHERE id = 's1'`)

    const calls = [
      ledger.journal.post(entry),
      ledger.escrows.complete({ id: 's1' }),
      ledger.escrows.complete({ id: 's2' }),
      ledger.journal.post(entry),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'currency_unknown', 'ok', 'ok'])
  })
})
