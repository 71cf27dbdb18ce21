import type { CallOutcome } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { captureCall, orderCall, pay, referenceOf, refundCall, releaseCall, transferCall } from '../fixtures/calls.js'
import { DAY, openGateway, usd } from '../fixtures/open-gateway.js'
import { sell } from '../fixtures/sell.js'

/** What the ledger makes of an adapter that throws. */
const heard = (outcome: Promise<CallOutcome>): Promise<CallOutcome> =>
  outcome.catch((error: Error) => ({ outcome: 'unknown', reason: error.message }))

describe('a payment to a seller', () => {
  test('tells the part of the seller, and until when it is held', async () => {
    const { gateway, payment, seller, context, sandbox, shares } = await sell()
    expect(await gateway.payments.fetch(payment, context)).toMatchObject({
      ...{ amount: usd('100.00'), received: null, fee: { fee: usd('3.98') } },
      payeePart: { account: seller, amount: usd('76.02'), heldUntil: sandbox.clock.now() + 28 * DAY },
    })
    expect(shares()).toEqual([2_000n, 7_602n, 0n])
  })

  test.each(['CAPTURE', 'AUTHORIZE'] as const)('tells it with its capture, by intent %s', async (intent) => {
    const { send, ask, paypal, seller } = await sell({ gateway: { intent }, order: { disbursement: 'INSTANT' } })
    const call = orderCall()
    const order = referenceOf(await send(call))
    paypal.approve(order)
    const payments = [
      expect.objectContaining({ payeePart: { account: seller, amount: usd('76.02'), heldUntil: null } }),
    ]
    expect(await send(captureCall({ payment: order }))).toMatchObject({ outcome: 'processed', payments })
    expect(await ask({ ...call, reference: order })).toMatchObject({ outcome: 'processed', payments })
  })

  test('is in its own currency, whatever the seller makes of it', async () => {
    const exchangeRates = [{ from: 'USD', to: 'EUR', value: '0.9' }]
    const { gateway, payment, context } = await sell({ paypal: { exchangeRates } })
    expect(await gateway.payments.fetch(payment, context)).toMatchObject({
      ...{ received: null, fee: { fee: usd('3.98') } },
      payeePart: { amount: usd('76.02') },
    })
  })

  test('is not asked for where the platform has not said who it is', async () => {
    const { send, done } = await openGateway({
      gateway: { partnerId: undefined, orderDetails: () => ({ payee: 'ABCDEFGHJKLMN' }) },
    })
    expect(await send(orderCall())).toMatchObject({ outcome: 'refused', code: 'PARTNER_ID_REQUIRED' })
    expect(done('createOrder')).toBe(0)
  })

  test('to the platform itself has no such part, nor has its refund', async () => {
    const opened = await openGateway()
    const { payment } = await pay(opened)
    expect(await opened.gateway.payments.fetch(payment, opened.context)).not.toHaveProperty('payeePart')
    const refunded = await opened.send(refundCall({ payment, amount: usd('10.00') }))
    expect(refunded).toMatchObject({ outcome: 'processed', payeePart: undefined })
    const asked = opened.sandbox.log.all().find(({ operation }) => operation === 'refundCapture')
    expect(asked?.headers).not.toHaveProperty('paypal-auth-assertion')
  })
})

describe('a transfer', () => {
  test('comes with its payment: it is there when that is, and cannot be asked for', async () => {
    const { gateway, ask, send, payment, sandbox } = await sell()
    expect(gateway.operations).toMatchObject({ transfer: { comesWith: 'payment' }, reversal: { comesWith: 'refund' } })
    const at = sandbox.clock.now()
    expect(await ask(transferCall({ payment }))).toEqual({ outcome: 'processed', reference: payment, at })
    for (const none of [null, 'NOTTHERE']) {
      expect(await ask(transferCall({ payment: none }))).toEqual({ outcome: 'absent' })
    }
    expect(await send(transferCall({ payment }))).toMatchObject({ outcome: 'refused', code: 'UNSUPPORTED' })
  })

  test('that was never held is released already', async () => {
    const { send, payment, shares } = await sell({ order: { disbursement: 'INSTANT' } })
    expect(shares()).toEqual([2_000n, 0n, 7_602n])
    expect(await send(releaseCall({ transfer: payment }))).toEqual({ outcome: 'processed', reference: payment })
    expect(await send(releaseCall({ transfer: 'NOTTHERE' }))).toMatchObject({ outcome: 'refused' })
  })
})

describe('a refund of a payment to a seller', () => {
  test('is made in the name of the seller, and divided as the payment was', async () => {
    const { send, ask, paypal, payment, seller, shares, sandbox } = await sell()
    const call = refundCall({ payment, amount: usd('50.00') })
    const refunded = await send(call)
    expect(refunded).toMatchObject({ outcome: 'processed', payeePart: usd('40.00') })
    expect(await ask({ ...call, reference: referenceOf(refunded) })).toEqual(refunded)
    expect(await ask(call)).toEqual(refunded)
    expect(shares()).toEqual([1_000n, 3_602n, 0n])
    const asked = sandbox.log.all().find(({ operation }) => operation === 'refundCapture')
    const [header = '', claims = '', signature] = String(asked?.headers['paypal-auth-assertion']).split('.')
    const [read, said] = [header, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    expect(read).toEqual({ alg: 'none' })
    expect(said).toEqual({ iss: paypal.clientId, payer_id: seller })
    expect(signature).toBe('')
  })

  test('says what the platform gives of its fee, where the host does', async () => {
    const refundDetails = async () => ({ platformFee: usd('1.00') })
    const { send, payment, shares } = await sell({ paypal: { platformFeeRefunds: true }, gateway: { refundDetails } })
    const refunded = await send(refundCall({ payment, amount: usd('50.00') }))
    expect(refunded).toMatchObject({ outcome: 'processed', payeePart: usd('49.00') })
    expect(shares()).toEqual([1_900n, 2_702n, 0n])
  })

  test.each([
    ['PLATFORM_FEE_NOT_ENABLED', {}, '5.00'],
    ['PLATFORM_FEE_EXCEEDED', { platformFeeRefunds: true }, '20.01'],
  ] as const)('is refused with %s', async (code, paypal, fee) => {
    const { send, payment, shares } = await sell({
      paypal,
      gateway: { refundDetails: () => ({ platformFee: usd(fee) }) },
    })
    expect(await send(refundCall({ payment, amount: usd('50.00') }))).toMatchObject({ outcome: 'refused', code })
    expect(shares()).toEqual([2_000n, 7_602n, 0n])
  })

  test('waits while the seller has not got what PayPal keeps, or has taken its consent back', async () => {
    const { send, paypal, payment, seller, shares } = await sell()
    const call = refundCall({ payment })
    expect(await send(call)).toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining('REFUND_FAILED_INSUFFICIENT_FUNDS'),
    })
    paypal.topUp({ currency: 'USD', amountMinor: 398n, merchantId: seller })
    expect(await send(call)).toMatchObject({ outcome: 'processed', payeePart: usd('80.00') })
    expect(shares()).toEqual([0n, 0n, 0n])
    const other = await sell()
    other.paypal.revokeConsent(other.seller)
    const refused = await other.send(refundCall({ payment: other.payment }))
    expect(refused).toMatchObject({ outcome: 'waiting', reason: expect.stringContaining('PERMISSION_DENIED') })
  })

  test.each([
    ['getCapture', { kind: 'resetBefore' }],
    ['getCapture', { kind: 'errorBefore', status: 503 }],
    ['refundCapture', { kind: 'resetAfter' }],
    ['refundCapture', { kind: 'errorAfter', status: 500 }],
    ['refundCapture', { kind: 'unreadable' }],
  ] as const)('is made once though %s fails: %j', async (operation, fault) => {
    const { send, fail, payment, shares } = await sell()
    const call = refundCall({ payment, amount: usd('50.00') })
    fail(operation, fault)
    expect(await heard(send(call))).toMatchObject({ outcome: 'unknown' })
    expect(await send(call)).toMatchObject({ outcome: 'processed', payeePart: usd('40.00') })
    expect(shares()).toEqual([1_000n, 3_602n, 0n])
  })

  test('sent again after its key has run out is found with the part of the seller', async () => {
    const { send, sandbox, payment, shares } = await sell()
    const call = refundCall({ payment, amount: usd('50.00') })
    const first = await send(call)
    await sandbox.clock.advance(46 * DAY)
    expect(await send(call)).toEqual(first)
    expect(shares()).toEqual([1_000n, 0n, 3_602n])
  })

  test('of a payment that is not there is refused', async () => {
    const { send } = await openGateway()
    const refused = await send(refundCall({ payment: 'NOTTHERE' }))
    expect(refused).toMatchObject({ outcome: 'refused', code: 'INVALID_RESOURCE_ID' })
  })
})
