import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { knexes } from './hosts.js'

const entry = (amount: string) => ({
  postings: [
    { account: 'bank:hdfc', debit: inr(amount) },
    { account: 'opening-balances', credit: inr(amount) },
  ],
})

describe.each(knexes)('$name', ({ openKnexLedger }) => {
  test('marks a booking paid together with its money', async () => {
    const { knex, ledger } = await openKnexLedger()
    const idempotencyKey = 'fund:session-42'
    const payment = { id: 'session-42', amount: inr('1000.00'), ...paymentOf('42') }
    await knex('bookings').insert({ id: 42, status: 'new' })
    await ledger.escrows.open(deal('session-42'))

    await knex.transaction(async (trx) => {
      await trx('bookings').where({ id: 42 }).update({ status: 'paid' })
      await ledger.within(trx).escrows.fund(payment, { idempotencyKey })
    })
    expect(await knex('bookings').select()).toEqual([{ id: 42, status: 'paid' }])
    expect(await ledger.escrows.get('session-42')).toMatchObject({ status: 'funded' })

    const failing = knex.transaction(async (trx) => {
      await trx('bookings').where({ id: 42 }).update({ status: 'done' })
      await ledger.within(trx).escrows.complete({ id: 'session-42' })
      throw new RangeError('The host thinks again.')
    })
    await expect(failing).rejects.toThrow('The host thinks again.')
    expect(await knex('bookings').select()).toEqual([{ id: 42, status: 'paid' }])
    expect(await ledger.escrows.get('session-42')).toMatchObject({ status: 'funded' })
    await expectClean(ledger)
  })

  test('takes back a nested transaction with what the ledger wrote in it', async () => {
    const { knex, ledger, bookings } = await openKnexLedger()
    await knex.transaction(async (trx) => {
      await ledger.within(trx).journal.post(entry('1.00'))
      const failing = trx.transaction(async (nested) => {
        await nested('bookings').insert({ id: 1 })
        await ledger.within(nested).journal.post(entry('2.00'))
        await ledger.within(nested).book('eu').journal.post(entry('2.00'))
        throw new RangeError('Not this part.')
      })
      await expect(failing).rejects.toThrow('Not this part.')
      await trx.transaction(async (nested) => {
        await nested('bookings').insert({ id: 2 })
        await ledger.within(nested).journal.post(entry('4.00'))
      })
      await ledger.within(trx).journal.post(entry('8.00'))
    })
    expect(await bookings()).toEqual([2])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '13.00' })
    expect(await balances(ledger.book('eu'))).toEqual({})
    await expectClean(ledger)
  })

  test('takes no call through a nested transaction that is over', async () => {
    const { knex, ledger } = await openKnexLedger()
    await knex.transaction(async (trx) => {
      const nested = await trx.transaction()
      await nested.commit()
      const refused = { code: 'invalid_input', message: expect.stringContaining('must be open') }
      await expect(ledger.within(nested).journal.post(entry('1.00'))).rejects.toMatchObject(refused)
      await ledger.within(trx).journal.post(entry('2.00'))
    })
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '2.00' })
  })
})
