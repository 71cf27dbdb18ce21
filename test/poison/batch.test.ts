import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { storages } from '../fixtures/storages.js'
import type { TestDatabase } from '../fixtures/test-database.js'

/** Lets the database refuse every entry that says `poison`. */
const poison = (database: TestDatabase) =>
  database.refuse({ table: 'ledger_entries', on: 'INSERT', when: "NEW.description = 'poison'" })

const COUNT = 64

const entry = (description: string) => ({
  description,
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
})

const poisonedBatches: readonly (readonly [string, readonly number[]])[] = [
  ['the first', [0]],
  ['the last', [COUNT - 1]],
  ['one in the middle', [31]],
  ['two side by side across the halves', [31, 32]],
  ['several', [3, 4, 17, 40, 41, 42, 63]],
  ['every second', Array.from({ length: COUNT / 2 }, (_, index) => 2 * index)],
  ['all', Array.from({ length: COUNT }, (_, index) => index)],
]

describe.each(storages)('a batch of which the database refuses rows, on $name', ({ openLedger, refusalCode }) => {
  test.each(poisonedBatches)('fails %s, and no neighbour', async (_, poisoned) => {
    const { ledger, database } = await openLedger()
    await poison(database)
    const calls = Array.from({ length: COUNT }, (_, index) =>
      ledger.journal.post(entry(poisoned.includes(index) ? 'poison' : `good ${index}`), {
        idempotencyKey: `k${index}`,
      }),
    )
    const codes = await Promise.all(calls.map(codeOf))
    const refused = codes.flatMap((code, index) => (code === 'storage_refused' ? [index] : []))
    expect(refused).toEqual(poisoned)
    expect(codes.filter((code) => code === 'ok')).toHaveLength(COUNT - poisoned.length)

    const good = Array.from({ length: COUNT }, (_, index) => index).filter((index) => !poisoned.includes(index))
    const kept = await all(ledger.journal.list())
    expect(kept.map(({ description }) => description)).toEqual(good.map((index) => `good ${index}`))
    const sum =
      good.length === 0 ? {} : { 'bank:hdfc INR': `${good.length}0.00`, 'opening-balances INR': `${good.length}0.00` }
    expect(await balances(ledger)).toEqual(sum)
    await expectClean(ledger)
  })

  test('tells the cause, and takes the same call under the same key once the database takes it', async () => {
    const { ledger, database } = await openLedger()
    await poison(database)
    const call = () => ledger.journal.post(entry('poison'), { idempotencyKey: 'k' })
    const [refused] = await Promise.allSettled([call(), ledger.journal.post(entry('good'))])
    expect(refused).toMatchObject({
      reason: { code: 'storage_refused', kind: 'internal', cause: { code: refusalCode } },
    })
    await database.allow()
    expect(await call()).toMatchObject({ replayed: false })
    expect(await call()).toMatchObject({ replayed: true })
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '20.00' })
    await expectClean(ledger)
  })

  test('is refused in whole where a list of entries holds one, and changes nothing of it', async () => {
    const { ledger, database } = await openLedger()
    await poison(database)
    const calls = [
      ledger.journal.post(entry('before')),
      ledger.journal.post([entry('first'), entry('poison'), entry('third')]),
      ledger.journal.post(entry('after')),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'storage_refused', 'ok'])
    const kept = await all(ledger.journal.list())
    expect(kept.map(({ description }) => description)).toEqual(['before', 'after'])
    await expectClean(ledger)
  })

  test('decides what comes after the poisoned command as if it had never been there', async () => {
    const { ledger, database } = await openLedger()
    await ledger.accounts.open({ code: 'wallet', currency: 'INR', type: 'liability', floor: inr('0.00') })
    await poison(database)
    const spend = (description: string) =>
      ledger.journal.post({
        description,
        postings: [
          { account: 'wallet', debit: inr('5.00') },
          { account: 'bank:hdfc', credit: inr('5.00') },
        ],
      })
    const fill = (description: string) =>
      ledger.journal.post({
        description,
        postings: [
          { account: 'bank:hdfc', debit: inr('5.00') },
          { account: 'wallet', credit: inr('5.00') },
        ],
      })
    const calls = [fill('poison'), spend('too soon'), fill('good'), spend('good'), spend('too much')]
    const codes = ['storage_refused', 'insufficient_funds', 'ok', 'ok', 'insufficient_funds']
    expect(await Promise.all(calls.map(codeOf))).toEqual(codes)
    await expectClean(ledger)
  })
})

describe.each(storages)('lives of which the database refuses a part, on $name', ({ openLedger }) => {
  test('go on in all other deals, and in what is left of that one', async () => {
    const { ledger, database } = await openLedger()
    await database.refuse({ table: 'ledger_escrows', on: 'INSERT', when: "NEW.id = 's3'" })
    const ids = Array.from({ length: 8 }, (_, index) => `s${index}`)
    const calls = ids.flatMap((id) => [
      ledger.escrows.open(deal(id)),
      ledger.escrows.fund({ id, amount: inr('1000.00'), ...paymentOf(id) }),
      ledger.escrows.complete({ id }),
    ])
    expect(await tallyOf(calls)).toEqual({ ok: 22, storage_refused: 1, escrow_not_found: 1 })
    // The payment of a deal that is not there is a fact all the same.
    expect(await balances(ledger)).toMatchObject({ 'suspense:razorpay INR': '1000.00', 'escrow:s4 INR': '1000.00' })
    await expectClean(ledger)
  })
})
