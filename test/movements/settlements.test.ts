import type { Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { fundedDeal, inr } from '../fixtures/deals.js'
import { rows } from '../fixtures/entry-rows.js'
import { HOUR, openLedger, START } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'

const setl = { gateway: 'razorpay', reference: 'setl_1' }
const settlement = { ...setl, amount: inr('776.40'), utr: 'UTR1' }
const line = { bank: 'hdfc', gateway: 'razorpay', utr: 'UTR1', amount: inr('776.40') }

/** A ledger with INR 1,000.00 in Razorpay's clearing account. */
async function collected() {
  const opened = await openLedger()
  await fundedDeal(opened.ledger, 's1')
  return opened
}

const open = (ledger: Ledger) => all(ledger.suspense.list())

describe('a settlement', () => {
  test('is in transit until the bank shows it', async () => {
    const { ledger } = await collected()
    const settled = await ledger.movements.settled(settlement)
    expect(rows(settled.entries)).toEqual([
      'settlement | settlements:in-transit:razorpay 776.40 | gateway:razorpay:clearing 776.40',
    ])
    expect(settled).toMatchObject({ kind: 'settlement', state: 'in_transit', amount: inr('776.40'), excess: null })
    const credit = { kind: 'credit', gateway: 'razorpay', reference: 'UTR1' } as const
    expect(await ledger.movements.get(credit)).toMatchObject({ state: 'expected', matches: 'setl_1', entry: null })
    await expectClean(ledger)

    const credited = await ledger.movements.credited(line)
    expect(rows(credited.entries)).toEqual(['bank_credit | bank:hdfc 776.40 | settlements:in-transit:razorpay 776.40'])
    expect(credited).toMatchObject({ kind: 'credit', state: 'done', excess: null })
    expect(await ledger.movements.get({ kind: 'settlement', ...setl })).toMatchObject({
      state: 'done',
      matches: 'UTR1',
    })
    expect(await balances(ledger)).toMatchObject({
      'bank:hdfc INR': '776.40',
      'gateway:razorpay:clearing INR': '223.60',
    })
    await expectClean(ledger)
  })

  test('takes its fee out of the balance as well', async () => {
    const { ledger } = await collected()
    const settled = await ledger.movements.settled({ ...settlement, fee: inr('5.90'), tax: inr('0.90') })
    expect(rows(settled.entries)).toEqual([
      'settlement | settlements:in-transit:razorpay 776.40, gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90' +
        ' | gateway:razorpay:clearing 782.30',
    ])
    const { fee, tax } = await ledger.movements.get({ kind: 'settlement', ...setl })
    expect([fee, tax]).toEqual([inr('5.90'), inr('0.90')])
    await expectClean(ledger)
  })

  test('that the bank returned is in the balance again, and its UTR is free', async () => {
    const { ledger, clock } = await collected()
    await ledger.movements.settled(settlement)
    clock.now += HOUR
    const failed = await ledger.movements.settlementFailed({ ...setl, reason: 'account closed', at: START - HOUR })
    expect(rows(failed.entries)).toEqual([
      'settlement_failed | gateway:razorpay:clearing 776.40 | settlements:in-transit:razorpay 776.40',
    ])
    // Not before the settlement that it undoes.
    expect(failed.entries).toMatchObject([{ effectiveAt: START, occurredAt: START - HOUR, reason: 'account closed' }])
    const again = await ledger.movements.settlementFailed({ ...setl, reason: 'told twice' })
    expect(again).toMatchObject({ replayed: true, state: 'failed', entries: failed.entries })
    await expectClean(ledger)

    const credited = await ledger.movements.credited(line)
    expect(credited.excess).toMatchObject({ reason: 'settlement_unknown' })
    const settled = await ledger.movements.settled({ ...settlement, reference: 'setl_2' })
    expect(settled.state).toBe('done')
    await expectClean(ledger)
  })

  test('is the same fact under whatever key it comes', async () => {
    const { ledger } = await collected()
    const first = await ledger.movements.settled(settlement, { idempotencyKey: 'webhook' })
    await ledger.movements.credited(line)
    const again = await ledger.movements.settled({ ...setl, amount: inr('776.40') }, { idempotencyKey: 'poll' })
    expect(again).toMatchObject({ replayed: true, state: 'done', entries: first.entries })
    const creditedAgain = await ledger.movements.credited(line)
    expect(creditedAgain).toMatchObject({ replayed: true, state: 'done' })
    expect(rows(creditedAgain.entries)).toHaveLength(1)
    expect(await all(ledger.journal.list())).toHaveLength(3)
  })

  test('may become known by its UTR later', async () => {
    const { ledger } = await collected()
    await ledger.movements.settled({ ...setl, amount: inr('776.40') })
    expect((await ledger.movements.credited(line)).excess).toMatchObject({ reason: 'settlement_unknown' })
    const told = await ledger.movements.settled(settlement)
    expect(told).toMatchObject({ replayed: false, state: 'done' })
    expect(rows(told.entries)).toEqual([
      'credit_matched | suspense:razorpay 776.40 | settlements:in-transit:razorpay 776.40',
    ])
    expect(await ledger.movements.settled(settlement)).toMatchObject({ replayed: true, state: 'done' })
    expect(await open(ledger)).toEqual([])
    await expectClean(ledger)
  })
})

describe('a credit that no settlement explains', () => {
  test('is in suspense until its settlement becomes known', async () => {
    const { ledger, clock } = await collected()
    const credited = await ledger.movements.credited(line)
    expect(rows(credited.entries)).toEqual(['bank_credit | bank:hdfc 776.40 | suspense:razorpay 776.40'])
    expect(credited).toMatchObject({
      state: 'unmatched',
      excess: { amount: inr('776.40'), reason: 'settlement_unknown', suspense: 'credit:razorpay:UTR1' },
    })
    expect(await ledger.movements.credited(line)).toMatchObject({ replayed: true, excess: credited.excess })
    await expectClean(ledger)

    clock.now += HOUR
    const settled = await ledger.movements.settled({ ...settlement, at: START - HOUR })
    expect(rows(settled.entries)).toEqual([
      'settlement | settlements:in-transit:razorpay 776.40 | gateway:razorpay:clearing 776.40',
      'credit_matched | suspense:razorpay 776.40 | settlements:in-transit:razorpay 776.40',
    ])
    expect(settled.entries.map(({ effectiveAt }) => effectiveAt)).toEqual([START - HOUR, START])
    expect(settled.state).toBe('done')
    expect(await ledger.movements.settled(settlement)).toMatchObject({ replayed: true, entries: settled.entries })
    expect(await open(ledger)).toEqual([])
    expect(await all(ledger.movements.list({ state: 'done' }))).toHaveLength(2)
    await expectClean(ledger)
  })

  test('stays there where the settlement is of another amount, whichever came first', async () => {
    const { ledger } = await collected()
    await ledger.movements.settled(settlement)
    const other = { ...line, amount: inr('770.00') }
    expect((await ledger.movements.credited(other)).excess).toMatchObject({ reason: 'amount_differs' })
    await ledger.movements.credited({ ...other, utr: 'UTR2' })
    await ledger.movements.settled({ ...setl, reference: 'setl_2', amount: inr('100.00'), utr: 'UTR2' })
    expect((await open(ledger)).map(({ reason }) => reason)).toEqual(['amount_differs', 'amount_differs'])
    expect(await all(ledger.movements.list({ state: 'in_transit' }))).toHaveLength(2)
    await expectClean(ledger)
  })

  test('is explained by the settlement as it really was, told in place of the one that was wrong', async () => {
    const { ledger } = await collected()
    await ledger.movements.settled(settlement)
    await ledger.movements.credited({ ...line, amount: inr('770.00') })
    await ledger.movements.settlementFailed({ ...setl, reason: 'the bank took 6.40 on the way' })
    await expectClean(ledger)
    const real = { ...settlement, reference: 'setl_1 corrected', amount: inr('770.00'), fee: inr('6.40') }
    expect((await ledger.movements.settled(real)).state).toBe('done')
    expect(await open(ledger)).toEqual([])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '770.00', 'gateway:razorpay:fees INR': '6.40' })
    await expectClean(ledger)
  })

  test('that was written off is missing when its settlement becomes known', async () => {
    const { ledger } = await collected()
    await ledger.movements.credited(line)
    const id = 'credit:razorpay:UTR1'
    await ledger.suspense.resolve({ id, amount: inr('76.40'), writeOff: { reason: 'nobody knows' } })
    const settled = await ledger.movements.settled(settlement)
    expect(settled.state).toBe('done')
    const [missing, ...others] = await open(ledger)
    expect(others).toEqual([])
    expect(missing).toMatchObject({ amount: inr('-76.40'), reason: 'already_resolved' })
    await expectClean(ledger)
    await ledger.suspense.resolve({ id: missing?.id ?? '', writeOff: { reason: 'written off too early' } })
    expect(await balances(ledger)).not.toHaveProperty('platform:losses INR')
    await expectClean(ledger)
  })

  test('came in with no payment, so that it can only be written off', async () => {
    const { ledger } = await collected()
    await ledger.movements.credited(line)
    const refund = ledger.suspense.resolve({ id: 'credit:razorpay:UTR1', refund: { payer: 'chen' } })
    expect(await codeOf(refund)).toBe('payment_not_found')
  })
})

describe('a fact that contradicts what is known', () => {
  const contradictions: readonly [string, (ledger: Ledger) => Promise<unknown>][] = [
    ['another amount', ({ movements }) => movements.settled({ ...settlement, amount: inr('776.41') })],
    ['another UTR', ({ movements }) => movements.settled({ ...settlement, utr: 'UTR2' })],
    ['another fee', ({ movements }) => movements.settled({ ...settlement, fee: inr('1.00') })],
    ['the UTR of another', ({ movements }) => movements.settled({ ...settlement, reference: 'setl_2' })],
    ['another credit', ({ movements }) => movements.credited({ ...line, amount: inr('776.41') })],
    ['another bank', ({ movements }) => movements.credited({ ...line, bank: 'icici' })],
    ['a return of what arrived', ({ movements }) => movements.settlementFailed({ ...setl, reason: 'returned' })],
  ]
  test.each(contradictions)('is refused: %s', async (_, tell) => {
    const { ledger } = await collected()
    await ledger.movements.settled(settlement)
    await ledger.movements.credited(line)
    expect(await codeOf(tell(ledger))).toBe('movement_mismatch')
    await expectClean(ledger)
  })

  test('is refused for a top-up as well', async () => {
    const { ledger } = await openLedger()
    const topUp = { gateway: 'razorpay', bank: 'hdfc', reference: 'NEFT1', amount: inr('700.00') }
    const first = await ledger.movements.toppedUp(topUp)
    expect(rows(first.entries)).toEqual(['top_up | gateway:razorpay:clearing 700.00 | bank:hdfc 700.00'])
    expect(await ledger.movements.toppedUp(topUp)).toMatchObject({ replayed: true, entries: first.entries })
    expect(await codeOf(ledger.movements.toppedUp({ ...topUp, bank: 'icici' }))).toBe('movement_mismatch')
    await expectClean(ledger)
  })
})

describe('an account in transit that takes nothing', () => {
  test('leaves a settlement in suspense, and what the bank shows of it', async () => {
    const { ledger } = await collected()
    await ledger.accounts.open({ code: 'settlements:in-transit:razorpay', currency: 'INR' })
    await ledger.accounts.freeze({ code: 'settlements:in-transit:razorpay', what: 'all' })
    await ledger.movements.settled(settlement)
    await ledger.movements.settled({ ...setl, reference: 'setl_2', amount: inr('20.00'), utr: 'UTR2' })
    await expectClean(ledger)
    await ledger.movements.credited(line)
    await expectClean(ledger)
    // What was settled before the account was thawed never came into it, so that it cannot leave it either.
    await ledger.accounts.unfreeze({ code: 'settlements:in-transit:razorpay' })
    await ledger.movements.credited({ ...line, utr: 'UTR2', amount: inr('20.00') })
    expect((await open(ledger)).map(({ amount, reason }) => [amount, reason])).toEqual([
      [inr('-776.40'), 'account_frozen'],
      [inr('-20.00'), 'account_frozen'],
      [inr('776.40'), 'account_frozen'],
      [inr('20.00'), 'limit_exceeded'],
    ])
    await expectClean(ledger)
  })

  test('leaves a credit in suspense that was matched or returned', async () => {
    const { ledger } = await collected()
    await ledger.movements.settled(settlement)
    await ledger.movements.settled({ ...setl, reference: 'setl_2', amount: inr('20.00') })
    await ledger.movements.credited({ ...line, utr: 'UTR3', amount: inr('30.00') })
    await ledger.accounts.freeze({ code: 'settlements:in-transit:razorpay', what: 'all' })
    await ledger.movements.credited(line)
    await ledger.movements.settlementFailed({ ...setl, reference: 'setl_2', reason: 'returned' })
    await ledger.movements.settled({ ...setl, reference: 'setl_3', amount: inr('30.00'), utr: 'UTR3' })
    await expectClean(ledger)
  })
})

test('one unit of work with what the host writes', async () => {
  const { ledger, database } = await collected()
  database.exec('BEGIN IMMEDIATE')
  await ledger.within(database).movements.settled(settlement)
  database.exec('ROLLBACK')
  expect(await all(ledger.movements.list())).toEqual([])
})

test('facts of one batch see each other', async () => {
  const { ledger } = await collected()
  const told = await Promise.all([
    ledger.movements.credited(line),
    ledger.movements.settled(settlement),
    ledger.movements.settled(settlement),
    ledger.movements.credited(line),
  ])
  expect(told.map(({ state, replayed }) => [state, replayed])).toEqual([
    ['unmatched', false],
    ['done', false],
    ['done', true],
    ['done', true],
  ])
  await expectClean(ledger)
})
