import { type CallOutcome, type Gateway, type GatewayCall, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { rows } from '../fixtures/entry-rows.js'
import { DAY, HOUR, openLedger, START } from '../fixtures/open-ledger.js'
import { offering } from '../fixtures/operations.js'
import { coaching } from '../fixtures/sample-terms.js'

const inr = (amount: string) => money(amount, 'INR')
const payment = { gateway: 'razorpay', reference: 'pay_29QQoUBi66xm2f' }

/** What the ledger is told of Razorpay: where its payouts leave from. Nothing is ever sent through it here. */
const razorpay: Gateway = { payouts: 'gateway:razorpay:payouts', ...offering(['refund', 'payout']) }

/** The deal of design.md, section 5, up to the day after the session. */
async function settledDeal(gateway: Gateway = razorpay) {
  const opened = await openLedger({ gateways: { razorpay: gateway } })
  const { ledger, clock } = opened
  const deal = { id: 's1', payer: 'c1', parties: { coach: 'p1' }, amount: inr('1000.00'), terms: coaching }
  await ledger.escrows.open(deal)
  const captured = await ledger.escrows.fund({ id: 's1', amount: inr('1000.00'), ...payment })
  const fee = await ledger.payments.fee({ ...payment, fee: inr('23.60'), tax: inr('3.60') })
  const completed = await ledger.escrows.complete({ id: 's1', measures: { satisfaction: 2 } })
  return { ...opened, captured, fee, completed, clock }
}

/** The same, settled by the run and the refund of the penalty processed. */
async function refundedDeal() {
  const opened = await settledDeal()
  const { ledger, clock } = opened
  clock.now = START + DAY
  await ledger.settlements.run()
  const [refund] = await all(ledger.instructions.list({ escrow: 's1' }))
  const processed = await ledger.instructions.confirm({ id: refund?.id ?? '', reference: 'rfnd_1' })
  return { ...opened, processed }
}

describe('one deal through Razorpay', () => {
  test('is captured, charged and held', async () => {
    const { ledger, captured, fee, completed } = await settledDeal()
    expect(rows(captured.entries)).toEqual(['funding | gateway:razorpay:clearing 1000.00 | escrow:s1 1000.00'])
    expect(rows(fee.entries)).toEqual([
      'fee | gateway:razorpay:fees 20.00, gateway:razorpay:fee-tax 3.60 | gateway:razorpay:clearing 23.60',
    ])
    expect(rows(completed.entries)).toEqual([])
    expect(completed).toMatchObject({ status: 'completed', held: inr('1000.00'), dueAt: START + DAY })
    await expectClean(ledger)
  })

  test('is settled a day later, effective when it fell due, and the penalty goes back to the payer', async () => {
    const { ledger, clock } = await settledDeal()
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
    const { ledger, processed } = await refundedDeal()
    expect(rows(processed.entries)).toEqual([
      'refund_processed | refunds:in-transit:razorpay 200.00 | gateway:razorpay:clearing 200.00',
    ])
    const settled = await ledger.movements.settled({
      gateway: 'razorpay',
      reference: 'setl_1',
      amount: inr('776.40'),
      utr: 'UTR1',
    })
    expect(rows(settled.entries)).toEqual([
      'settlement | settlements:in-transit:razorpay 776.40 | gateway:razorpay:clearing 776.40',
    ])
    // What is on its way to our bank is there for the clients as well.
    const [position] = await ledger.reports.clientMoney()
    expect(position).toMatchObject({ available: inr('776.40'), heldIn: { settlementsInTransit: inr('776.40') } })
    const credited = await ledger.movements.credited({
      bank: 'hdfc',
      gateway: 'razorpay',
      utr: 'UTR1',
      amount: inr('776.40'),
    })
    expect(rows(credited.entries)).toEqual(['bank_credit | bank:hdfc 776.40 | settlements:in-transit:razorpay 776.40'])
    const toppedUp = await ledger.movements.toppedUp({
      gateway: 'razorpay',
      bank: 'hdfc',
      reference: 'NEFT1',
      amount: inr('700.00'),
    })
    expect(rows(toppedUp.entries)).toEqual(['top_up | gateway:razorpay:payouts 700.00 | bank:hdfc 700.00'])

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
    // 94.10 + 76.40 + 4.50 = 175.00 = 200.00 − 25.00, and nothing is owed to anybody.
    expect(await ledger.reports.clientMoney()).toMatchObject([{ owed: inr('0.00'), available: inr('170.50') }])
    await expectClean(ledger)
  })

  test('pays the same when the fee of the payout is told apart from it', async () => {
    const { ledger } = await refundedDeal()
    await ledger.payouts.request({ id: 'po-7', payee: 'p1', amount: inr('600.00'), gateway: 'razorpay' })
    await ledger.instructions.confirm({ id: 'payout:po-7', reference: 'pout_1' })
    const charged = await ledger.payouts.fee({ id: 'po-7', fee: inr('5.90'), tax: inr('0.90') })
    expect(rows(charged.entries)).toEqual([
      'fee | gateway:razorpay:fees 5.00, gateway:razorpay:fee-tax 0.90 | gateway:razorpay:payouts 5.90',
    ])
    expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:payouts INR': '-605.90' })
    await expectClean(ledger)
  })

  test('owes the payee again when the payout fails', async () => {
    const { ledger } = await refundedDeal()
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
    const { ledger } = await refundedDeal()
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

/** A gateway that has done what it is sent at once, and remembers it. */
function prompt() {
  const sent: GatewayCall['kind'][] = []
  const fee = { fee: inr('2.36'), tax: inr('0.36') }
  const send = async ({ kind }: GatewayCall): Promise<CallOutcome> => {
    sent.push(kind)
    return { outcome: 'processed', reference: `${kind}_1`, ...(kind === 'transfer' ? { fee } : {}) }
  }
  const gateway: Gateway = { ...offering(['refund', 'transfer', 'release', 'reversal']), send }
  return { sent, gateway }
}

describe('the same deal by Route', () => {
  test('ends with 174.04 in clearing', async () => {
    const { sent, gateway } = prompt()
    const { ledger, clock } = await settledDeal(gateway)
    const posted: string[] = []
    /** Lets the dispatcher send what is due, and notes what it posted. */
    const dispatch = async () => {
      const before = (await all(ledger.journal.list())).length
      await ledger.instructions.dispatch()
      posted.push(...rows((await all(ledger.journal.list())).slice(before)))
    }

    const onHold = { id: 't1', payee: 'p1', amount: inr('800.00'), gateway: 'razorpay', payment: payment.reference }
    await ledger.transfers.create({ ...onHold, escrow: 's1' })
    await dispatch()
    // The reversal is recorded, and sent, before the refund of the settlement is.
    await ledger.transfers.reverse({ id: 'r1', transfer: 't1', amount: inr('200.00') })
    await dispatch()
    clock.now = START + DAY
    await ledger.settlements.run()
    await dispatch()
    const released = await ledger.transfers.release({ id: 't1' })
    posted.push(...rows(released.entries))
    await dispatch()

    expect(sent).toEqual(['transfer', 'reversal', 'refund', 'release'])
    expect(posted).toEqual([
      'transfer_processed | gateway:razorpay:linked:p1 800.00, gateway:razorpay:fees 2.00, gateway:razorpay:fee-tax 0.36' +
        ' | gateway:razorpay:clearing 802.36',
      'reversal_processed | gateway:razorpay:clearing 200.00 | gateway:razorpay:linked:p1 200.00',
      'refund_processed | refunds:in-transit:razorpay 200.00 | gateway:razorpay:clearing 200.00',
      'release_requested | payee:p1:payable 600.00 | payouts:in-transit:razorpay 600.00',
      'release_processed | payouts:in-transit:razorpay 600.00 | gateway:razorpay:linked:p1 600.00',
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
