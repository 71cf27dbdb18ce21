import { fromMinor, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { captureCall, orderCall, pay, referenceOf, refundCall } from '../fixtures/calls.js'
import { HOUR, openGateway, usd } from '../fixtures/open-gateway.js'

describe('an order', () => {
  test('waits for its payer, and is kept under its key', async () => {
    const { send, ask, sandbox, done } = await openGateway()
    const call = orderCall()
    const first = await send(call)
    expect(first).toMatchObject({ outcome: 'accepted', awaits: 'payer' })
    const reference = referenceOf(first)
    expect(await send({ ...call, firstSentAt: 0 })).toMatchObject({ outcome: 'accepted', reference })
    expect(await ask({ ...call, reference })).toEqual({ outcome: 'accepted', reference, awaits: 'payer' })
    expect(done('createOrder')).toBe(2)
    const [created] = sandbox.log.all().filter(({ operation }) => operation === 'createOrder')
    expect(created?.headers['paypal-request-id']).toBe(call.key)
    const [unit] = JSON.parse(created?.body ?? '').purchase_units
    expect(unit).toMatchObject({ reference_id: 's-42', custom_id: call.key, amount: { value: '100.00' } })
  })

  test('is to be captured when the payer has approved, and paid when it was', async () => {
    const opened = await openGateway()
    const { send, ask, paypal } = opened
    const call = orderCall()
    const reference = referenceOf(await send(call))
    paypal.approve(reference)
    expect(await ask({ ...call, reference })).toMatchObject({ outcome: 'accepted', awaits: { capture: reference } })
    const captured = await send(captureCall({ payment: reference }))
    const payment = {
      reference: referenceOf(captured),
      order: reference,
      orderKey: call.key,
      state: 'captured',
      amount: usd('100.00'),
      received: null,
      fee: { fee: usd('3.98'), tax: usd('0.00') },
      refunded: usd('0.00'),
      at: opened.sandbox.clock.now(),
    }
    expect(captured).toEqual({
      outcome: 'processed',
      reference: payment.reference,
      at: payment.at,
      payments: [payment],
    })
    expect(await ask({ ...call, reference })).toEqual({
      outcome: 'processed',
      reference,
      at: payment.at,
      payments: [payment],
    })
  })

  test('is refused when nobody has paid it in time', async () => {
    const { send, ask, sandbox } = await openGateway()
    const call = orderCall()
    const reference = referenceOf(await send(call))
    await sandbox.clock.advance(4 * HOUR)
    expect(await ask({ ...call, reference })).toMatchObject({ outcome: 'refused', code: 'RESOURCE_NOT_FOUND' })
  })

  test('of which no id is known was never there', async () => {
    const { ask } = await openGateway()
    expect(await ask(orderCall())).toEqual({ outcome: 'absent' })
  })

  test('is refused with the code of PayPal and the id that its support asks for', async () => {
    const { send, exchanges } = await openGateway({ gateway: { orderDetails: () => ({ payee: '2222222222222' }) } })
    expect(await send(orderCall())).toMatchObject({
      outcome: 'refused',
      code: 'PAYEE_ACCOUNT_INVALID',
      requestId: exchanges[0]?.requestId,
    })
    expect(exchanges[0]?.requestId).toMatch(/^f/)
  })

  test('is under the same key not made with other details, which decides nothing', async () => {
    let description = 'A session'
    const { send } = await openGateway({ gateway: { orderDetails: () => ({ description }) } })
    const call = orderCall()
    await send(call)
    description = 'Another session'
    expect(await send(call)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('DUPLICATE_REQUEST_ID'),
    })
  })

  test('shows what the host adds to it', async () => {
    const orderDetails = () => ({ description: 'A session', softDescriptor: 'COACHING' })
    const { send, sandbox } = await openGateway({ gateway: { orderDetails } })
    await send(orderCall({ escrow: null }))
    const { purchase_units: units } = JSON.parse(sandbox.log.all().at(-1)?.body ?? '')
    expect(units[0]).toMatchObject({ description: 'A session', soft_descriptor: 'COACHING' })
    expect(units[0]).not.toHaveProperty('reference_id')
  })
})

describe('a payment', () => {
  test('is read by its id, with what has gone back of it', async () => {
    const opened = await openGateway({ paypal: { openingBalances: { USD: 1_000n } } })
    const { gateway, context, send } = opened
    const { payment, order, call } = await pay(opened)
    expect(await gateway.payments.fetch(payment, context)).toMatchObject({
      order,
      orderKey: call.key,
      refunded: usd('0.00'),
    })
    for (const [amount, refunded] of [
      ['30.00', '30.00'],
      ['20.00', '50.00'],
      ['50.00', '100.00'],
    ] as const) {
      await send(refundCall({ payment, amount: usd(amount) }))
      expect(await gateway.payments.fetch(payment, context)).toMatchObject({
        state: 'captured',
        refunded: usd(refunded),
      })
    }
    expect(await gateway.payments.fetch('0NOTTHERE0', context)).toBeNull()
  })

  test('is in the currency that arrives, fee and all, where PayPal changes it', async () => {
    const opened = await openGateway({
      paypal: {
        primaryCurrency: 'EUR',
        exchangeRates: [{ from: 'USD', to: 'EUR', value: '0.9' }],
        paymentFee: { basisPoints: 340, fixedMinor: { USD: 50n } },
      },
    })
    const { payment } = await pay(opened, { amount: usd('10.00') })
    expect(await opened.gateway.payments.fetch(payment, opened.context)).toMatchObject({
      amount: usd('10.00'),
      received: money('9.00', 'EUR'),
      fee: { fee: money('0.76', 'EUR') },
    })
    expect(opened.paypal.balances()[`balance:${opened.paypal.merchantId}`]).toEqual({ EUR: 824n })
  })

  test('in a currency without decimals is asked for in whole units', async () => {
    const opened = await openGateway()
    const amount = fromMinor(1_099_00n, 'HUF')
    const { payment } = await pay(opened, { amount })
    expect(opened.sandbox.log.all().some(({ body }) => body.includes('"value":"1099"'))).toBe(true)
    expect(await opened.gateway.payments.fetch(payment, opened.context)).toMatchObject({ amount })
    expect(['HUF', 'TWD', 'JPY', 'USD'].map((each) => opened.gateway.stepMinor?.(each))).toEqual([100n, 100n, 1n, 1n])
  })
})
