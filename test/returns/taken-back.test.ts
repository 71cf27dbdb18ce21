import { type ClawbackKind, fromMinor, type Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { completedDeal, deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { DAY } from '../fixtures/open-ledger.js'
import { storages } from '../fixtures/storages.js'

/** A gateway took an amount of a deal's payment without being asked; tells the item that is missing in suspense. */
async function taken(ledger: Ledger, kind: ClawbackKind, { of, amount }: { of: string; amount: string }) {
  const { gateway, reference: payment } = paymentOf(of)
  const answer = await ledger.clawbacks.record({
    ...{ kind, gateway, payment, reference: `${kind}-${of}`, taken: inr(amount) },
  })
  return answer.excess?.suspense ?? ''
}

const chargedBack = (ledger: Ledger, of: string, amount = '1000.00') => taken(ledger, 'dispute', { of, amount })

/** What the payer gets of a payment in all: by us, at the gateway, by disputes. */
async function backOf(ledger: Ledger, id: string) {
  const { refunded, chargedBack: disputed } = await ledger.payments.get(paymentOf(id))
  return fromMinor(refunded.minor + disputed.minor, refunded.currency)
}

const exceeds = (available: string, requested: string) => ({
  code: 'refund_exceeds_payment',
  available: inr(available),
  requested: inr(requested),
})

/** The 1,000.00 that escrow `s` held are with the payer, who has had them once. */
async function expectNothingLeft(ledger: Ledger) {
  expect(await ledger.escrows.get('s')).toMatchObject({
    status: 'refunded',
    held: inr('0.00'),
    refunded: inr('1000.00'),
  })
  expect(await backOf(ledger, 's')).toEqual(inr('1000.00'))
  expect(await balances(ledger)).toEqual({})
  expect(await all(ledger.suspense.list())).toEqual([])
  expect(await all(ledger.instructions.list())).toEqual([])
  await expectClean(ledger)
}

describe.each(storages)('on $name, a payment gives back no more than it was', ({ openLedger }) => {
  test('when its escrow is cancelled; what was charged back is allocated to the escrow', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    const suspense = await chargedBack(ledger, 's')
    const cancel = ledger.escrows.cancel({ id: 's' })
    await expect(cancel).rejects.toMatchObject(exceeds('0.00', '1000.00'))
    await expect(cancel).rejects.toThrow(
      'Nothing of the 1000.00 INR can go back from escrow s: of the 1000.00 INR of payment pay-s of razorpay, 1000.00 INR was charged back. Resolve first what suspense.list shows of it: suspense.resolve can allocate it to the escrow.',
    )
    const { entries } = await ledger.suspense.resolve({ id: suspense, allocate: { escrow: 's' } })
    expect(entries.map(({ kind, escrow }) => [kind, escrow])).toEqual([
      ['refund', 's'],
      ['suspense_refunded', 's'],
    ])
    const told = (await all(ledger.escrows.timeline('s'))).at(-1)
    expect(told).toMatchObject({ command: 'chargeback', detail: { suspense, amount: inr('1000.00') } })
    await expectNothingLeft(ledger)
  })

  test('when it is cancelled after a part was charged back: the rest goes back', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    const suspense = await chargedBack(ledger, 's', '300.00')
    await expect(ledger.escrows.cancel({ id: 's' })).rejects.toMatchObject(exceeds('700.00', '1000.00'))
    await ledger.suspense.resolve({ id: suspense, allocate: { escrow: 's' } })
    expect(await ledger.escrows.cancel({ id: 's' })).toMatchObject({ status: 'cancelled', refunded: inr('1000.00') })
    expect(await all(ledger.instructions.list())).toMatchObject([{ amount: inr('700.00') }])
    expect(await backOf(ledger, 's')).toEqual(inr('1000.00'))
    await expectClean(ledger)
  })

  test('when a dispute is resolved for the payer, who has been refunded at the gateway', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.dispute({ id: 's' })
    const suspense = await taken(ledger, 'refund', { of: 's', amount: '1000.00' })
    const forPayer = ledger.escrows.resolve({ id: 's', outcome: 'payer' })
    await expect(forPayer).rejects.toMatchObject(exceeds('0.00', '1000.00'))
    await expect(forPayer).rejects.toThrow('1000.00 INR was refunded, here or at the gateway.')
    const part = ledger.escrows.resolve({ id: 's', outcome: { payer: inr('100.00') } })
    await expect(part).rejects.toMatchObject(exceeds('0.00', '100.00'))
    const allocate = () => ledger.suspense.resolve({ id: suspense, allocate: { escrow: 's' } })
    await expect(allocate()).rejects.toMatchObject({ code: 'escrow_disputed' })
    await ledger.escrows.resolve({ id: 's', outcome: 'payee' })
    await allocate()
    expect((await all(ledger.escrows.timeline('s'))).at(-1)).toMatchObject({ command: 'gateway-refund' })
    await expectNothingLeft(ledger)
  })

  test('when a penalty goes back to it: a run keeps the reason and goes on, and the preview says so', async () => {
    const { ledger, clock } = await openLedger()
    for (const id of ['s', 't']) {
      await fundedDeal(ledger, id)
      await ledger.escrows.complete({ id, measures: { satisfaction: 2 } })
    }
    const suspense = await chargedBack(ledger, 's')
    clock.now += DAY
    await expect(ledger.escrows.preview('s')).rejects.toMatchObject(exceeds('0.00', '200.00'))
    await expect(ledger.escrows.settle({ id: 's' })).rejects.toMatchObject(exceeds('0.00', '200.00'))
    expect(await ledger.settlements.run()).toMatchObject({
      settled: 1,
      refused: [{ escrow: 's', code: 'refund_exceeds_payment' }],
    })
    await ledger.suspense.resolve({ id: suspense, allocate: { escrow: 's' } })
    expect(await ledger.escrows.get('s')).toMatchObject({ status: 'refunded', refunded: inr('1000.00') })
    expect(await ledger.settlements.run()).toMatchObject({ settled: 0, refusedCount: 0 })
    expect(await backOf(ledger, 's')).toEqual(inr('1000.00'))
    await expectClean(ledger)
  })

  test('when a penalty goes back to it: what is left of the deal after a part was charged back is released', async () => {
    const { ledger, clock } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } })
    const suspense = await chargedBack(ledger, 's', '900.00')
    clock.now += DAY
    await expect(ledger.escrows.settle({ id: 's' })).rejects.toMatchObject(exceeds('100.00', '200.00'))
    await ledger.suspense.resolve({ id: suspense, allocate: { escrow: 's' } })
    // 20.00 for the platform, 60.00 for the coach, 20.00 for the payer.
    expect(await ledger.escrows.settle({ id: 's' })).toMatchObject({ status: 'settled', released: inr('100.00') })
    expect(await backOf(ledger, 's')).toEqual(inr('920.00'))
    await expectClean(ledger)
  })

  test('when the platform bears the loss: it is written off, and without a penalty the payee is paid', async () => {
    const { ledger, clock } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } })
    const suspense = await chargedBack(ledger, 's')
    await ledger.suspense.resolve({ id: suspense, writeOff: { reason: 'The dispute was lost.' } })
    clock.now += DAY
    await expect(ledger.escrows.settle({ id: 's' })).rejects.toMatchObject({ code: 'refund_exceeds_payment' })
    await ledger.escrows.measure({ id: 's', measures: { satisfaction: 5 } })
    await ledger.escrows.settle({ id: 's' })
    expect(await balances(ledger)).toEqual({
      'platform:losses INR': '1000.00',
      'platform:fees INR': '200.00',
      'payee:priya:payable INR': '800.00',
    })
    await expectClean(ledger)
  })

  test('of a payment that funded two escrows: what was refunded at the gateway is allocated to one of them', async () => {
    const { ledger } = await openLedger()
    for (const id of ['a', 'b']) {
      await ledger.escrows.open(deal(id, inr('500.00')))
      await ledger.escrows.fund({ id, amount: inr('500.00'), ...paymentOf('s'), paymentAmount: inr('1000.00') })
    }
    const suspense = await taken(ledger, 'refund', { of: 's', amount: '500.00' })
    await ledger.escrows.cancel({ id: 'a' })
    await expect(ledger.escrows.cancel({ id: 'b' })).rejects.toMatchObject(exceeds('0.00', '500.00'))
    await expect(ledger.suspense.resolve({ id: suspense, allocate: { escrow: 'a' } })).rejects.toMatchObject({
      code: 'escrow_already_cancelled',
    })
    await ledger.suspense.resolve({ id: suspense, allocate: { escrow: 'b' } })
    expect(await ledger.escrows.get('b')).toMatchObject({ status: 'refunded', held: inr('0.00') })
    expect(await backOf(ledger, 's')).toEqual(inr('1000.00'))
    await expectClean(ledger)
  })

  test('of several sources: one that is used up is passed over, and credit has no such cap', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s', inr('1500.00')))
    await owe(ledger, 'chen', inr('500.00'))
    await ledger.escrows.fund({ id: 's', amount: inr('500.00'), from: 'payee:chen:payable' })
    await ledger.escrows.fund({ id: 's', amount: inr('600.00'), ...paymentOf('first') })
    await ledger.escrows.fund({ id: 's', amount: inr('400.00'), ...paymentOf('second') })
    const suspense = await chargedBack(ledger, 'second', '350.00')
    await ledger.escrows.refund({ id: 's', amount: inr('100.00') })
    expect((await all(ledger.instructions.list())).map(({ payment, amount }) => [payment, amount])).toEqual(
      expect.arrayContaining([
        ['pay-second', inr('50.00')],
        ['pay-first', inr('50.00')],
      ]),
    )
    const named = ledger.escrows.refund({ id: 's', payment: paymentOf('second') })
    await expect(named).rejects.toMatchObject(exceeds('0.00', '1400.00'))
    await expect(ledger.escrows.cancel({ id: 's' })).rejects.toMatchObject(exceeds('1050.00', '1400.00'))
    await ledger.suspense.resolve({ id: suspense, allocate: { escrow: 's' } })
    await ledger.escrows.cancel({ id: 's' })
    for (const [id, amount] of Object.entries({ first: '600.00', second: '400.00' })) {
      expect(await backOf(ledger, id)).toEqual(inr(amount))
    }
    await expectClean(ledger)
  })

  test('when it is named and has given back all: that is said, with what there was', async () => {
    const { ledger } = await openLedger()
    await ledger.escrows.open(deal('s'))
    for (const id of ['first', 'second'])
      await ledger.escrows.fund({ id: 's', amount: inr('500.00'), ...paymentOf(id) })
    const refund = () => ledger.escrows.refund({ id: 's', payment: paymentOf('first') })
    await refund()
    await expect(refund()).rejects.toMatchObject(exceeds('0.00', '500.00'))
    await expect(refund()).rejects.toThrow(
      'Nothing of the 500.00 INR can go back to payment pay-first of razorpay: it gave escrow s 500.00 INR, of which 500.00 INR has gone back. Refund the rest to another, or name none.',
    )
  })

  test('and a gateway is asked for whole steps only', async () => {
    const { ledger } = await openLedger()
    const { terms } = deal('s')
    await ledger.escrows.open({ ...deal('s'), terms: { ...terms, step: '10.00' } })
    await ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') })
    const suspense = await chargedBack(ledger, 's', '15.00')
    await expect(ledger.escrows.refund({ id: 's' })).rejects.toMatchObject(exceeds('980.00', '1000.00'))
    const allocate = { escrow: 's' }
    await expect(ledger.suspense.resolve({ id: suspense, allocate })).rejects.toMatchObject({ code: 'amount_off_step' })
    await ledger.escrows.refund({ id: 's', payment: paymentOf('s') })
    expect(await all(ledger.instructions.list())).toMatchObject([{ amount: inr('980.00') }])
    await ledger.suspense.resolve({ id: suspense, amount: inr('10.00'), allocate })
    await ledger.suspense.resolve({ id: suspense, writeOff: { reason: 'Less than a step.' } })
    expect(await ledger.escrows.get('s')).toMatchObject({ held: inr('10.00') })
    await expectClean(ledger)
  })

  test('though a refund came back to suspense before it was charged back', async () => {
    const { ledger } = await openLedger()
    await fundedDeal(ledger, 's')
    await ledger.escrows.refund({ id: 's' })
    const [refund] = await all(ledger.instructions.list())
    await ledger.accounts.close({ code: 'payer:chen:refunds' })
    await ledger.instructions.fail({ id: refund?.id ?? '', reason: 'The card is closed.' })
    const [item] = await all(ledger.suspense.list())
    await chargedBack(ledger, 's', '1000.00')
    const again = ledger.suspense.resolve({ id: item?.id ?? '', refund: { payer: 'amit' } })
    await expect(again).rejects.toMatchObject(exceeds('0.00', '1000.00'))
    await expectClean(ledger)
  })

  test('what cannot be taken from an escrow is not allocated to it', async () => {
    const { ledger } = await openLedger()
    for (const id of ['s', 't']) await completedDeal(ledger, id)
    const suspense = await chargedBack(ledger, 's')
    const allocate = (escrow: string, amount?: string) =>
      ledger.suspense.resolve({ id: suspense, allocate: { escrow }, ...(amount ? { amount: inr(amount) } : {}) })
    const refused = async (call: Promise<unknown>, code: string) => expect(call).rejects.toMatchObject({ code })
    await refused(allocate('nobody'), 'escrow_not_found')
    await refused(allocate('t'), 'payment_not_found')
    await ledger.escrows.open(deal('u'))
    await refused(allocate('u'), 'escrow_not_funded')
    await ledger.escrows.dispute({ id: 's', amount: inr('400.00') })
    await refused(allocate('s'), 'insufficient_held')
    await ledger.escrows.fund({ id: 'u', amount: inr('500.00'), ...paymentOf('u1') })
    await ledger.escrows.fund({ id: 'u', amount: inr('500.00'), ...paymentOf('u2') })
    await ledger.escrows.refund({ id: 'u', amount: inr('300.00') })
    const other = await chargedBack(ledger, 'u2', '500.00')
    const twice = ledger.suspense.resolve({ id: other, allocate: { escrow: 'u' } })
    await expect(twice).rejects.toMatchObject(exceeds('200.00', '500.00'))
    await expect(twice).rejects.toThrow('Allocate at most that, and write off the rest.')
    await ledger.escrows.settle({ id: 's', early: { reason: 'The rest is disputed.' } })
    await ledger.escrows.resolve({ id: 's', outcome: 'payee' })
    await ledger.escrows.settle({ id: 's', early: { reason: 'Agreed.' } })
    await refused(allocate('s'), 'escrow_already_settled')
    await expectClean(ledger)
  })
})
