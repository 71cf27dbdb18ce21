import { type Gateway, type Ledger, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { row, rows } from '../fixtures/entry-rows.js'
import { DAY, HOUR, openLedger, START } from '../fixtures/open-ledger.js'
import { refundsAndPayouts } from '../fixtures/operations.js'
import { coaching } from '../fixtures/sample-terms.js'

const inr = (amount: string) => money(amount, 'INR')
const payment = { gateway: 'razorpay', reference: 'pay_29QQoUBi66xm2f' }

/** What the ledger is told of Razorpay: where its payouts leave from. Nothing is ever sent through it here. */
const razorpayFrom = (payouts: string): Gateway => ({
  payouts,
  operations: refundsAndPayouts(null),
  send: async () => ({ outcome: 'unknown', reason: 'nothing is sent in this example' }),
  ask: async () => ({ outcome: 'unknown', reason: 'nothing is sent in this example' }),
})

/** Posts a plain entry of one debit and one credit. */
async function move(ledger: Ledger, { debit, credit, amount }: { debit: string; credit: string; amount: string }) {
  const postings = [
    { account: debit, debit: inr(amount) },
    { account: credit, credit: inr(amount) },
  ]
  return row((await ledger.journal.post({ postings })).entry)
}

/** The deal of design.md, section 5, up to the day after the session. */
async function settledDeal(payouts: string) {
  const opened = await openLedger({ gateways: { razorpay: razorpayFrom(payouts) } })
  const { ledger, clock } = opened
  const deal = { id: 's1', payer: 'c1', parties: { coach: 'p1' }, amount: inr('1000.00'), terms: coaching }
  await ledger.escrows.open(deal)
  const captured = await ledger.escrows.fund({ id: 's1', amount: inr('1000.00'), ...payment })
  const fee = await ledger.payments.fee({ ...payment, fee: inr('23.60'), tax: inr('3.60') })
  const completed = await ledger.escrows.complete({ id: 's1', measures: { satisfaction: 2 } })
  return { ...opened, captured, fee, completed, clock }
}

/** The same, settled by the run and the refund of the penalty processed. */
async function refundedDeal(payouts: string) {
  const opened = await settledDeal(payouts)
  const { ledger, clock } = opened
  clock.now = START + DAY
  await ledger.settlements.run()
  const [refund] = await all(ledger.instructions.list({ escrow: 's1' }))
  const processed = await ledger.instructions.confirm({ id: refund?.id ?? '', reference: 'rfnd_1' })
  return { ...opened, processed }
}

describe('one deal through Razorpay', () => {
  test('is captured, charged and held', async () => {
    const { ledger, captured, fee, completed } = await settledDeal('gateway:razorpay:payouts')
    expect(rows(captured.entries)).toEqual(['funding | gateway:razorpay:clearing 1000.00 | escrow:s1 1000.00'])
    expect(rows(fee.entries)).toEqual([
      'fee | gateway:razorpay:fees 20.00, gateway:razorpay:fee-tax 3.60 | gateway:razorpay:clearing 23.60',
    ])
    expect(rows(completed.entries)).toEqual([])
    expect(completed).toMatchObject({ status: 'completed', held: inr('1000.00'), dueAt: START + DAY })
    await expectClean(ledger)
  })

  test('is settled a day later, effective when it fell due, and the penalty goes back to the payer', async () => {
    const { ledger, clock } = await settledDeal('gateway:razorpay:payouts')
    clock.now = START + DAY - 1
    expect(await ledger.settlements.run()).toMatchObject({ settled: 0, refusedCount: 0 })
    clock.now = START + DAY + 6 * HOUR
    const run = await ledger.settlements.run()
    expect(run.totals).toEqual([
      {
        currency: 'INR',
        releases: 1,
        released: inr('1000.00'),
        payable: inr('600.00'),
        fees: inr('200.00'),
        penalties: inr('0.00'),
        refunds: inr('200.00'),
      },
    ])
    const entries = (await all(ledger.journal.list({ escrow: 's1' }))).slice(-2)
    expect(rows(entries)).toEqual([
      'release | escrow:s1 1000.00 | platform:fees 200.00, payee:p1:payable 600.00, payer:c1:refunds 200.00',
      'refund_instructed | payer:c1:refunds 200.00 | refunds:in-transit:razorpay 200.00',
    ])
    expect(entries.map((entry) => entry.effectiveAt)).toEqual([START + DAY, START + DAY])
    expect(entries.map((entry) => entry.recordedAt)).toEqual([clock.now, clock.now])
    expect(await ledger.escrows.get('s1')).toMatchObject({ status: 'settled', settledAt: START + DAY })
    await expectClean(ledger)
  })

  test('is refunded and paid out, and what is left is what the platform earned', async () => {
    const { ledger, processed } = await refundedDeal('gateway:razorpay:payouts')
    expect(rows(processed.entries)).toEqual([
      'refund_processed | refunds:in-transit:razorpay 200.00 | gateway:razorpay:clearing 200.00',
    ])
    // A gateway's settlement to the bank has a command of its own later; until then it is a plain entry.
    await move(ledger, { debit: 'bank:hdfc', credit: 'gateway:razorpay:clearing', amount: '776.40' })
    await move(ledger, { debit: 'gateway:razorpay:payouts', credit: 'bank:hdfc', amount: '700.00' })

    const po = { id: 'po-7', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' }
    expect(rows((await ledger.payouts.request(po)).entries)).toEqual([
      'payout_requested | payee:p1:payable 600.00 | payouts:in-transit:razorpay 600.00',
    ])
    const paid = await ledger.instructions.confirm({
      id: 'payout:po-7',
      reference: 'pout_1',
      fee: { fee: inr('5.90'), tax: inr('0.90') },
    })
    expect(rows(paid.entries)).toEqual([
      'payout_processed | payouts:in-transit:razorpay 600.00, gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90' +
        ' | gateway:razorpay:payouts 605.90',
    ])
    expect(await balances(ledger)).toEqual({
      'gateway:razorpay:payouts INR': '94.10',
      'bank:hdfc INR': '76.40',
      'gateway:razorpay:fee-tax INR': '4.50',
      'gateway:razorpay:fees INR': '25.00',
      'platform:fees INR': '200.00',
    })
    await expectClean(ledger)
  })

  test('owes the payee again when the payout fails', async () => {
    const { ledger } = await refundedDeal('gateway:razorpay:payouts')
    await ledger.payouts.request({ id: 'po-7', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' })
    const failed = await ledger.instructions.fail({ id: 'payout:po-7', reason: 'account closed' })
    expect(rows(failed.entries)).toEqual([
      'payout_failed | payouts:in-transit:razorpay 600.00 | payee:p1:payable 600.00',
    ])
    expect(await ledger.payouts.get('po-7')).toMatchObject({ state: 'failed', reason: 'account closed' })
    expect(await balances(ledger)).toMatchObject({ 'payee:p1:payable INR': '600.00' })
    await expectClean(ledger)
  })

  test('owes the payee again when the payout comes back', async () => {
    const { ledger } = await refundedDeal('gateway:razorpay:payouts')
    await ledger.payouts.request({ id: 'po-7', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' })
    await ledger.instructions.confirm({ id: 'payout:po-7', reference: 'pout_1' })
    const reversed = await ledger.instructions.reverse({ id: 'payout:po-7', reason: 'returned by the bank' })
    expect(rows(reversed.entries)).toEqual([
      'payout_reversed | gateway:razorpay:payouts 600.00 | payee:p1:payable 600.00',
    ])
    expect(await ledger.payouts.get('po-7')).toMatchObject({ state: 'reversed' })
    expect(await balances(ledger)).toMatchObject({ 'payee:p1:payable INR': '600.00' })
    await expectClean(ledger)
  })
})

describe('the same deal by Route', () => {
  test('ends with 174.04 in clearing', async () => {
    // A payout of a linked account leaves that account. Transfers and their reversals have commands of their own later.
    const linked = 'gateway:razorpay:linked:p1'
    const { ledger, clock } = await settledDeal(linked)
    await ledger.journal.post({
      description: 'on-hold transfer of 800.00',
      postings: [
        { account: linked, debit: inr('800.00') },
        { account: 'gateway:razorpay:fees', debit: inr('2.00') },
        { account: 'gateway:razorpay:fee-tax', debit: inr('0.36') },
        { account: 'gateway:razorpay:clearing', credit: inr('802.36') },
      ],
    })
    clock.now = START + DAY
    await ledger.settlements.run()
    expect(await move(ledger, { debit: 'gateway:razorpay:clearing', credit: linked, amount: '200.00' })).toBe(
      'journal | gateway:razorpay:clearing 200.00 | gateway:razorpay:linked:p1 200.00',
    )
    const [refund] = await all(ledger.instructions.list({ escrow: 's1' }))
    await ledger.instructions.confirm({ id: refund?.id ?? '', reference: 'rfnd_1' })

    const released = await ledger.payouts.request({
      id: 'hold-1',
      payee: 'p1',
      amount: inr('600.00'),
      gateway: 'razorpay',
    })
    expect(rows(released.entries)).toEqual([
      'payout_requested | payee:p1:payable 600.00 | payouts:in-transit:razorpay 600.00',
    ])
    const settled = await ledger.instructions.confirm({ id: 'payout:hold-1', reference: 'setl_1' })
    expect(rows(settled.entries)).toEqual([
      'payout_processed | payouts:in-transit:razorpay 600.00 | gateway:razorpay:linked:p1 600.00',
    ])
    expect(await balances(ledger)).toEqual({
      'gateway:razorpay:clearing INR': '174.04',
      'gateway:razorpay:fees INR': '22.00',
      'gateway:razorpay:fee-tax INR': '3.96',
      'platform:fees INR': '200.00',
    })
    await expectClean(ledger)
  })
})
