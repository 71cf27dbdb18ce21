import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { deal, inr, paymentOf } from '../fixtures/deals.js'
import { rows } from '../fixtures/entry-rows.js'
import { openLedger } from '../fixtures/open-ledger.js'

const usd = (amount: string) => money(amount, 'USD')
const arrived = (id: string, amount = inr('1000.00')) => ({ id, amount, ...paymentOf('s') })
const item = 'payment:razorpay:pay-s'
const toSuspense = ['funding | gateway:razorpay:clearing 1000.00 | suspense:razorpay 1000.00']

/** A payment of which all went to suspense, since its escrow is not there. */
async function suspended() {
  const opened = await openLedger()
  const { ledger } = opened
  const first = await ledger.escrows.fund(arrived('s'))
  expect(rows(first.entries)).toEqual(toSuspense)
  return { ...opened, first }
}

/** Tells the same again, under a key of its own, and expects the first result of it: nothing is posted. */
async function expectKnown({ ledger, first }: Awaited<ReturnType<typeof suspended>>) {
  const before = (await all(ledger.journal.list())).length
  const again = await ledger.escrows.fund(arrived('s'))
  expect(again).toMatchObject({ replayed: true, allocated: first.allocated, excess: first.excess })
  expect(again.entries.map(({ id }) => id)).toEqual(first.entries.map(({ id }) => id))
  expect(await all(ledger.journal.list())).toHaveLength(before)
  await expectClean(ledger)
}

describe('a funding that went to suspense is known when it is told again', () => {
  test('while it is there and there is no escrow yet', async () => {
    const books = await suspended()
    await expectKnown(books)
  })

  test('after an operator allocated a part of it to the escrow that it was for', async () => {
    const books = await suspended()
    await books.ledger.escrows.open(deal('s', inr('900.00')))
    await books.ledger.suspense.resolve({ id: item, amount: inr('900.00'), allocate: { escrow: 's' } })
    await expectKnown(books)
    const other = books.ledger.escrows.fund(arrived('s', inr('800.00')))
    await expect(other).rejects.toMatchObject({ code: 'payment_mismatch' })
  })

  test.each([
    ['refunded it', { refund: { payer: 'chen' } }],
    ['wrote it off', { writeOff: { reason: 'nobody claims it' } }],
    ['gave it to another escrow', { allocate: { escrow: 'other' } }],
  ])('after an operator %s', async (_, way) => {
    const books = await suspended()
    await books.ledger.escrows.open(deal('other'))
    await books.ledger.suspense.resolve({ id: item, ...way })
    await expectKnown(books)
    await books.ledger.escrows.open(deal('s'))
    await expectKnown(books)
    const more = books.ledger.escrows.fund(arrived('s', inr('800.00')))
    await expect(more).rejects.toMatchObject({ code: 'payment_exceeded' })
  })

  test('after an operator refunded a part of it, and then its escrow was opened', async () => {
    const books = await suspended()
    await books.ledger.suspense.resolve({ id: item, amount: inr('0.01'), refund: { payer: 'chen' } })
    await books.ledger.escrows.open(deal('s'))
    await expectKnown(books)
  })

  test('where a second escrow was said to get a part of the payment', async () => {
    const { ledger } = await suspended()
    const second = await ledger.escrows.fund(arrived('t', inr('400.00')))
    expect(second).toMatchObject({ entries: [], replayed: false, allocated: inr('0.00') })
    await ledger.suspense.resolve({ id: item, refund: { payer: 'chen' } })
    const again = await ledger.escrows.fund(arrived('t', inr('400.00')))
    expect(again).toMatchObject({ entries: [], replayed: true, excess: second.excess })
    await expectClean(ledger)
  })

  test('and moves to its escrow once that is there, if nobody resolved it meanwhile', async () => {
    const { ledger } = await suspended()
    await ledger.escrows.open(deal('s'))
    const { entries } = await ledger.escrows.fund(arrived('s'))
    expect(rows(entries)).toEqual(['funding | suspense:razorpay 1000.00 | escrow:s 1000.00'])
    expect(await ledger.escrows.fund(arrived('s'))).toMatchObject({ replayed: true, allocated: inr('1000.00') })
    await expectClean(ledger)
  })
})

describe('a funding that is told again with a fee', () => {
  const fee = { fee: inr('23.60'), tax: inr('3.60') }
  const feeRow = 'fee | gateway:razorpay:fees 20.00, gateway:razorpay:fee-tax 3.60 | gateway:razorpay:clearing 23.60'

  test('posts the fee, once', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    await ledger.escrows.fund(arrived('s'))
    const told = await ledger.escrows.fund({ ...arrived('s'), fee })
    expect(told).toMatchObject({ replayed: false, allocated: inr('1000.00'), excess: null })
    expect(rows(told.entries)).toEqual([feeRow])
    expect(await ledger.payments.get(paymentOf('s'))).toMatchObject({ fees: [fee] })
    expect((await all(ledger.escrows.timeline('s'))).map(({ command }) => command)).toEqual(['open', 'fund', 'fee'])

    const again = await ledger.escrows.fund({ ...arrived('s'), fee })
    expect(again.replayed).toBe(true)
    expect(again.entries.map(({ kind }) => kind)).toEqual(['funding'])
    expect(await ledger.payments.fee({ ...paymentOf('s'), ...fee })).toMatchObject({ replayed: true })
    expect(await all(ledger.journal.list())).toHaveLength(2)
    await expectClean(ledger)
  })

  test('refuses another fee of the same id, and posts one with an id of its own', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    await ledger.escrows.fund({ ...arrived('s'), fee })
    const other = { fee: inr('5.00') }
    const refused = ledger.escrows.fund({ ...arrived('s'), fee: other })
    await expect(refused).rejects.toMatchObject({ code: 'fee_mismatch' })
    const { entries } = await ledger.escrows.fund({ ...arrived('s'), fee: { ...other, id: 'surcharge' } })
    expect(entries.map(({ kind }) => kind)).toEqual(['fee'])
    expect((await ledger.payments.get(paymentOf('s'))).fees).toHaveLength(2)
    await expectClean(ledger)
  })

  test('posts it also for a payment that is in suspense, or was', async () => {
    const { ledger } = await suspended()
    const { entries, replayed } = await ledger.escrows.fund({ ...arrived('s'), fee })
    expect([replayed, rows(entries)]).toEqual([false, [feeRow]])
    await ledger.suspense.resolve({ id: item, refund: { payer: 'chen' } })
    const { entries: more } = await ledger.escrows.fund({ ...arrived('s'), fee: { fee: inr('1.00'), id: 'late' } })
    expect(more.map(({ kind }) => kind)).toEqual(['fee'])
    expect(await ledger.escrows.fund({ ...arrived('s'), fee })).toMatchObject({ replayed: true })
    await expectClean(ledger)
  })
})

describe('a fee that comes with a funding is of the escrow that payments.fee would say', () => {
  const fee = { fee: inr('23.60') }
  const escrowsOf = (entries: readonly { readonly escrow: string | null }[]) => entries.map(({ escrow }) => escrow)

  test('of none, where the escrow has ended and got nothing', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    await ledger.escrows.cancel({ id: 's' })
    const { entries } = await ledger.escrows.fund({ ...arrived('s'), fee })
    expect(escrowsOf(entries)).toEqual([null, null])
    expect(await all(ledger.journal.list({ escrow: 's' }))).toEqual([])
    expect((await all(ledger.escrows.timeline('s'))).map(({ command }) => command)).toEqual(['open', 'cancel'])
  })

  test('of none, where the payment funded two', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s', inr('600.00')))
    await ledger.escrows.open(deal('t', inr('400.00')))
    await ledger.escrows.fund({ ...arrived('s', inr('600.00')), paymentAmount: inr('1000.00') })
    const { entries } = await ledger.escrows.fund({ ...arrived('t', inr('400.00')), fee })
    expect(escrowsOf(entries)).toEqual(['t', null])
    await expectClean(ledger)
  })

  test('of the one that the payment funded, where the call is about another', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s', inr('600.00')))
    await ledger.escrows.fund({ ...arrived('s', inr('600.00')), paymentAmount: inr('1000.00') })
    const { entries } = await ledger.escrows.fund({ ...arrived('t', inr('400.00')), fee })
    expect(escrowsOf(entries)).toEqual(['s'])
    expect((await all(ledger.escrows.timeline('s'))).map(({ command }) => command)).toEqual(['open', 'fund', 'fee'])
    await expectClean(ledger)
  })
})

describe('what arrived in another currency', () => {
  const exchanged = { ...arrived('s'), received: usd('12.00') }

  test('is the same again, also where it is not stated', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    await ledger.escrows.fund(exchanged)
    expect(await ledger.escrows.fund(exchanged)).toMatchObject({ replayed: true })
    expect(await ledger.escrows.fund(arrived('s'))).toMatchObject({ replayed: true })
  })

  test.each([
    ['of another amount', usd('12.01')],
    ['in another currency', money('12.00', 'EUR')],
  ])('is refused %s', async (_, received) => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    await ledger.escrows.fund(exchanged)
    const other = ledger.escrows.fund({ ...exchanged, received })
    await expect(other).rejects.toMatchObject({
      code: 'payment_mismatch',
      message: expect.stringContaining('1000.00 INR (received as 12.00 USD)'),
    })
  })

  test('is refused where the payment is known to have arrived in its own', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    await ledger.escrows.fund(arrived('s'))
    await expect(ledger.escrows.fund(exchanged)).rejects.toMatchObject({ code: 'payment_mismatch' })
  })
})
