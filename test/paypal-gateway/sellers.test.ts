import { describe, expect, test } from 'vitest'
import { balances } from '../fixtures/balances.js'
import { deal } from '../fixtures/deals.js'
import { DAY, HOUR } from '../fixtures/open-ledger.js'
import { openSeller, usd } from './open-seller.js'
import { passingFaults } from './passing-faults.js'

type Opened = Awaited<ReturnType<typeof openSeller>>

const refundOf = async ({ ledger }: Opened, escrow: string) =>
  (await ledger.instructions.list({ escrow, kind: 'refund' }).page({ limit: 1 })).items[0]

/** Takes a deal from its order to the seller's account, with a refund of half of it before. */
async function life(opened: Opened): Promise<string> {
  const { ledger, carryOn, sold, settled } = opened
  const payment = await sold('s')
  await ledger.escrows.refund({ id: 's', amount: usd('50.00') })
  await carryOn()
  await settled('s')
  await ledger.transfers.release({ id: payment })
  await carryOn()
  return payment
}

describe('a deal whose seller PayPal pays', () => {
  test('leaves in the books what it leaves with the platform and the seller', async () => {
    const opened = await openSeller()
    const { ledger, sold, settled, carryOn, shares, expectAgreement } = opened
    const payment = await sold('s')
    expect(shares()).toEqual([1_602n, 8_000n, 0n])
    expect(await ledger.transfers.get(payment)).toMatchObject({ state: 'processed', amount: usd('80.00') })
    await expectAgreement()
    await settled('s')
    await ledger.transfers.release({ id: payment })
    await carryOn()
    expect(shares()).toEqual([1_602n, 0n, 8_000n])
    expect(await balances(ledger)).toEqual({
      'gateway:paypal:clearing USD': '16.02',
      'gateway:paypal:fees USD': '3.98',
      'platform:fees USD': '20.00',
    })
    await expectAgreement()
  })

  test('is refunded by both, by what PayPal says that each gave', async () => {
    const opened = await openSeller()
    const { ledger, gives, sold, carryOn, shares, expectAgreement } = opened
    const payment = await sold('s')
    gives.platformFee = usd('5.00')
    await ledger.escrows.refund({ id: 's', amount: usd('50.00') })
    await carryOn()
    expect(shares()).toEqual([1_102n, 3_500n, 0n])
    expect(await ledger.transfers.get(payment)).toMatchObject({ takenBack: usd('45.00') })
    await expectAgreement()
    gives.platformFee = undefined
    await ledger.escrows.refund({ id: 's', amount: usd('10.00') })
    await carryOn()
    await expectAgreement()
  })

  test('that is cancelled waits until the seller has what PayPal keeps, and then owes it to the seller', async () => {
    const opened = await openSeller()
    const { ledger, paypal, seller, sold, carryOn, shares, expectAgreement } = opened
    await sold('s')
    await ledger.escrows.cancel({ id: 's' })
    await carryOn()
    expect(await refundOf(opened, 's')).toMatchObject({ state: 'waiting' })
    paypal.topUp({ currency: 'USD', amountMinor: 398n, merchantId: seller })
    await carryOn()
    expect(await refundOf(opened, 's')).toMatchObject({ state: 'processed' })
    expect(shares()).toEqual([0n, 0n, 0n])
    expect(await balances(ledger)).toEqual({ 'gateway:paypal:fees USD': '3.98', 'payee:priya:payable USD': '3.98' })
    await expectAgreement()
  })

  test('is not released for more than is owed', async () => {
    const { ledger, sold, shares } = await openSeller()
    const payment = await sold('s')
    await expect(ledger.transfers.release({ id: payment })).rejects.toMatchObject({ code: 'insufficient_funds' })
    expect(shares()).toEqual([1_602n, 8_000n, 0n])
  })

  test('makes no transfer and no reversal by itself', async () => {
    const { ledger, sold } = await openSeller()
    const payment = await sold('s')
    const amount = usd('1.00')
    const create = ledger.transfers.create({ id: 't', payee: 'priya', amount, gateway: 'paypal', payment })
    await expect(create).rejects.toMatchObject({ code: 'operation_unsupported' })
    const reverse = ledger.transfers.reverse({ id: 'r', transfer: payment, amount })
    await expect(reverse).rejects.toMatchObject({ code: 'operation_unsupported' })
  })
})

describe('what PayPal lets go of by itself', () => {
  test('after 28 days is released in the books then, once', async () => {
    const { ledger, sold, settled, pass, carryOn, shares, sandbox, expectAgreement } = await openSeller()
    const payment = await sold('s')
    await settled('s')
    await pass(28 * DAY)
    expect(shares()).toEqual([1_602n, 0n, 8_000n])
    await carryOn()
    expect(await ledger.instructions.get(`release:${payment}`)).toMatchObject({ state: 'processed' })
    const asked = sandbox.log.all().filter(({ operation }) => operation === 'createReferencedPayoutItem')
    expect(asked.map(({ answer }) => answer?.status).filter((status) => status !== 401)).toEqual([422])
    await expectAgreement()
    await expect(ledger.transfers.release({ id: payment })).rejects.toMatchObject({ code: 'release_exists' })
  })

  test('though the deal is not settled stays a transfer in the books until it is', async () => {
    const { ledger, sold, settled, pass, carryOn, shares, expectAgreement } = await openSeller()
    const payment = await sold('s')
    await pass(28 * DAY)
    await carryOn()
    expect(await ledger.transfers.get(payment)).toMatchObject({ reason: expect.stringContaining('insufficient_funds') })
    await expectAgreement(8_000n)
    await settled('s')
    await carryOn()
    expect(shares()).toEqual([1_602n, 0n, 8_000n])
    await expectAgreement(0n)
  })

  test('at once, by an order that holds nothing, is released when it is owed', async () => {
    const { sold, settled, carryOn, shares, expectAgreement } = await openSeller({ disbursement: 'INSTANT' })
    await sold('s')
    await expectAgreement(8_000n)
    await settled('s')
    await carryOn()
    expect(shares()).toEqual([1_602n, 0n, 8_000n])
    await expectAgreement(0n)
  })

  test('and then goes back in part is owed to the seller again', async () => {
    const opened = await openSeller()
    const { ledger, gives, sold, settled, pass, carryOn, shares, expectAgreement } = opened
    await sold('s')
    await settled('s')
    const other = await sold('t')
    await pass(28 * DAY)
    await carryOn()
    await expectAgreement(8_000n)
    await ledger.escrows.refund({ id: 't', amount: usd('50.00') })
    gives.platformFee = usd('10.00')
    await carryOn()
    expect(shares()).toEqual([2_204n, 0n, 12_000n])
    expect(await ledger.transfers.get(other)).toMatchObject({ takenBack: usd('40.00') })
    await expectAgreement(4_000n)
  })
})

const operations = [
  'createOrder',
  'getOrder',
  'captureOrder',
  'getCapture',
  'refundCapture',
  'createReferencedPayoutItem',
]

test.each(passingFaults)('whatever happens on the way, each moves once: %j', async (fault) => {
  const opened = await openSeller()
  const { sandbox, ledger, shares, expectAgreement } = opened
  for (const operation of operations) sandbox.faults.plan({ gateway: 'paypal', operation, fault })
  const payment = await life(opened)
  expect(sandbox.faults.pending()).toEqual([])
  expect(await ledger.instructions.get(`release:${payment}`)).toMatchObject({
    state: 'processed',
    amount: usd('38.01'),
  })
  expect(shares()).toEqual([801n, 0n, 3_801n])
  expect(sandbox.paypal.balances()['outside:payers']).toEqual({ USD: -5_000n })
  await expectAgreement()
})

test('a refund that was done while its release was under way is told when that has ended', async () => {
  const opened = await openSeller()
  const { ledger, sandbox, sold, settled, pass, carryOn, shares, expectAgreement } = opened
  await sold('s')
  await settled('s')
  const payment = await sold('t')
  await ledger.escrows.refund({ id: 't', amount: usd('50.00') })
  const fault = { kind: 'resetAfter' } as const
  sandbox.faults.plan({ gateway: 'paypal', operation: 'refundCapture', fault })
  sandbox.faults.plan({ gateway: 'paypal', operation: 'createReferencedPayoutItem', fault, times: 3 })
  await ledger.transfers.release({ id: payment })
  for (let times = 0; times < 2; times += 1) {
    await ledger.instructions.dispatch()
    await pass(HOUR / 4)
  }
  expect(await refundOf(opened, 't')).toMatchObject({
    state: 'unknown',
    reason: expect.stringContaining('is just being released'),
  })
  await carryOn()
  await carryOn()
  expect(await refundOf(opened, 't')).toMatchObject({ state: 'processed' })
  expect(await ledger.instructions.get(`release:${payment}`)).toMatchObject({ state: 'processed' })
  const [platform, , sellers] = shares()
  expect(platform).toBe(2_403n)
  const { 'payee:priya:payable USD': owed = '0.00' } = await balances(ledger)
  // Of 80.00 that were owed the seller has got what PayPal has given it by this release.
  expect(usd(owed).minor).toBe(8_000n - (sellers ?? 0n))
  await expectAgreement()
})

test('a refund that an operator says was done is divided by what PayPal then says that each gave', async () => {
  const opened = await openSeller()
  const { ledger, sandbox, sold, carryOn, shares, expectAgreement } = opened
  const payment = await sold('s')
  await ledger.escrows.refund({ id: 's', amount: usd('50.00') })
  const fault = { kind: 'resetAfter' } as const
  sandbox.faults.plan({ gateway: 'paypal', operation: 'refundCapture', fault })
  await ledger.instructions.dispatch()
  const refund = await refundOf(opened, 's')
  expect(refund).toMatchObject({ state: 'unknown' })
  const state = (await (await fetch(`${sandbox.paypal.url}/sandbox/state/paypal`)).json()) as {
    refunds: { id: string }[]
  }
  const reference = state.refunds[0]?.id ?? ''
  await ledger.instructions.resolve({ id: refund?.id ?? '', processed: { reference } })
  await carryOn()
  expect(shares()).toEqual([801n, 3_801n, 0n])
  expect(await ledger.transfers.get(payment)).toMatchObject({ takenBack: usd('41.99') })
  await expectAgreement()
})

test('webhooks alone tell the transfer and its release, newest first and each of them twice', async () => {
  const { ledger, sandbox, paypal, settled, pass, shares, expectAgreement } = await openSeller()
  let seen = 0
  const receiveNew = async () => {
    const fresh = sandbox.webhooks.all().slice(seen)
    seen += fresh.length
    const told = fresh.map((each) => ({ headers: each.headers(), rawBody: Buffer.from(each.rawBody) }))
    for (const delivery of [...told, ...told].reverse()) {
      await ledger.webhooks.receive({ gateway: 'paypal', ...delivery })
    }
    return ledger.webhooks.apply({ concurrency: 1 })
  }
  await ledger.escrows.open(deal('s', usd('100.00')))
  const { gatewayReference } = await ledger.orders.create({ id: 'o', escrow: 's', gateway: 'paypal' })
  paypal.approve(gatewayReference ?? '')
  await receiveNew()
  const [transfer] = (await ledger.transfers.list({ escrow: 's' }).page({ limit: 1 })).items
  expect(transfer).toMatchObject({ state: 'processed', amount: usd('80.00') })
  await settled('s')
  await pass(28 * DAY)
  await receiveNew()
  await receiveNew()
  expect(await ledger.instructions.get(`release:${transfer?.payment}`)).toMatchObject({ state: 'recorded' })
  await ledger.instructions.dispatch()
  expect(shares()).toEqual([1_602n, 0n, 8_000n])
  expect(await ledger.webhooks.list({ state: 'dead' }).page({ limit: 1 })).toMatchObject({ items: [] })
  await expectAgreement()
})
