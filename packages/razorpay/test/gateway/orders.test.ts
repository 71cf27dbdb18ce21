import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

const inr = (amount: string) => money(amount, 'INR')

describe('an order', () => {
  test('waits for its payer, and is done when it is paid', async () => {
    const { callOf, send, ask, razorpay, requests } = await openGateway()
    const call = callOf('order', { amount: '1000.00' })
    const sent = await send(call)
    expect(sent).toEqual({ outcome: 'accepted', reference: expect.stringMatching(/^order_/), awaits: 'payer' })
    const reference = sent.outcome === 'accepted' ? (sent.reference ?? '') : ''
    expect(await ask({ ...call, reference })).toEqual({ ...sent, payments: [] })
    expect(JSON.parse(requests('createOrder')[0]?.body ?? '')).toEqual({
      ...{ amount: 100_000, currency: 'INR', receipt: call.key, payment_capture: true },
      notes: { key: call.key, escrow: 's1' },
    })

    const { paymentId } = razorpay.pay(reference)
    const payment = {
      ...{ reference: paymentId, order: reference, orderKey: call.key, state: 'captured', amount: inr('1000.00') },
      ...{ received: null, fee: { fee: inr('23.60'), tax: inr('3.60') }, refunded: inr('0') },
      at: 1_793_577_600_000,
    }
    expect(await ask({ ...call, reference })).toEqual({ outcome: 'processed', reference, payments: [payment] })
  })

  test('is found by its key when its answer was lost', async () => {
    const { callOf, send, ask, sandbox } = await openGateway()
    const call = callOf('order', { amount: '1000.00' })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'createOrder', fault: { kind: 'resetAfter' } })
    expect(await send(call)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('ECONNRESET') })
    expect(await ask(call)).toMatchObject({ outcome: 'accepted', reference: expect.stringMatching(/^order_/) })
    await send(callOf('order', { amount: '5.00' }))
    expect(await ask(callOf('order', { amount: '5.00' }))).toEqual({ outcome: 'absent' })
  })

  test('says which payment is to be captured', async () => {
    const { ask, paid, razorpay } = await openGateway({ capture: 'manual' })
    const { order, payment } = await paid('1000.00')
    expect(await ask(order)).toMatchObject({ outcome: 'accepted', awaits: { capture: payment }, payments: [] })
    const { order: other } = await paid('10.00', { authorizeOnly: true })
    razorpay.pay(other.reference, { fail: true })
    expect(await ask(other)).toMatchObject({ outcome: 'accepted', awaits: { capture: expect.anything() } })
  })

  test('leaves alone what is authorised after it was paid', async () => {
    const { callOf, send, ask, razorpay } = await openGateway()
    const call = callOf('order', { amount: '1000.00' })
    const sent = await send(call)
    const reference = sent.outcome === 'accepted' ? (sent.reference ?? '') : ''
    const failed = razorpay.pay(reference, { fail: true })
    const paid = razorpay.pay(reference)
    razorpay.authorizeLate(failed.paymentId)
    expect(await ask({ ...call, reference })).toMatchObject({
      outcome: 'processed',
      payments: [{ reference: paid.paymentId }],
    })
  })

  test('that Razorpay will not take is refused in its words', async () => {
    const { callOf, send } = await openGateway()
    expect(await send(callOf('order', { amount: '0.99' }))).toMatchObject({
      ...{ outcome: 'refused', code: 'BAD_REQUEST_ERROR' },
      reason: expect.stringContaining('The amount must be at least INR 1.00'),
    })
    expect(await send(callOf('order', { amount: '90071992547409.92' }))).toMatchObject({
      ...{ outcome: 'refused', code: 'amount_out_of_range' },
    })
  })

  test('that Razorpay no longer knows is absent', async () => {
    const { callOf, ask } = await openGateway()
    const gone = callOf('order', { amount: '1.00', reference: 'order_00000000000000' })
    expect(await ask(gone)).toEqual({ outcome: 'absent' })
  })
})

describe('a capture', () => {
  test('takes what was authorised, once', async () => {
    const { callOf, send, ask, paid, requests } = await openGateway({ capture: 'manual' })
    const { order, payment } = await paid('1000.00')
    const call = callOf('capture', { amount: '1000.00', payment, order: order.reference })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    const captured = {
      ...{ outcome: 'processed', reference: payment, at: 1_793_577_600_000 },
      payments: [{ reference: payment, state: 'captured', fee: { fee: inr('23.60'), tax: inr('3.60') } }],
    }
    expect(await send(call)).toMatchObject(captured)
    // Razorpay refuses a second one; the payment says that it was captured.
    expect(await send(call)).toMatchObject(captured)
    expect(await ask(call)).toMatchObject(captured)
    expect(requests('capturePayment').map(({ answer }) => answer?.status)).toEqual([200, 400])
    expect(await ask(order)).toMatchObject({ outcome: 'processed', payments: [{ reference: payment }] })
  })

  test('whose answer was lost is found by the payment', async () => {
    const { callOf, send, ask, paid, sandbox } = await openGateway({ capture: 'manual' })
    const { payment } = await paid('1000.00')
    const call = callOf('capture', { amount: '1000.00', payment })
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'capturePayment', fault: { kind: 'unreadable' } })
    expect(await send(call)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('status 200') })
    expect(await ask(call)).toMatchObject({ outcome: 'processed', reference: payment })
  })

  test('of another amount is refused', async () => {
    const { callOf, send, paid } = await openGateway({ capture: 'manual' })
    const { payment } = await paid('1000.00')
    expect(await send(callOf('capture', { amount: '999.99', payment }))).toMatchObject({
      ...{ outcome: 'refused', code: 'BAD_REQUEST_ERROR' },
      reason: expect.stringContaining('must be equal to the amount authorized'),
    })
  })

  test('of what went back to its payer is refused', async () => {
    const { callOf, send, ask, paid, clock } = await openGateway({ capture: 'manual' })
    const { payment } = await paid('1000.00')
    await clock.advance(6 * 86_400_000)
    const call = callOf('capture', { amount: '1000.00', payment })
    expect(await send(call)).toMatchObject({ outcome: 'refused', code: 'payment_failed' })
    expect(await ask(call)).toMatchObject({ outcome: 'refused', code: 'payment_failed' })
  })
})

describe('a payment', () => {
  test('in another currency says what arrived', async () => {
    const { gateway, context, paid } = await openGateway({
      sandbox: { razorpay: { rates: { USD: '83.25', KWD: '270' } } },
    })
    const usd = await paid('10.00', { currency: 'USD' })
    expect(await gateway.payments.fetch(usd.payment, context)).toMatchObject({
      ...{ amount: money('10.00', 'USD'), received: inr('832.50'), refunded: money('0', 'USD') },
      fee: { fee: inr('19.65'), tax: inr('3.00') },
    })
    const kwd = await paid('1.230', { currency: 'KWD' })
    expect(await gateway.payments.fetch(kwd.payment, context)).toMatchObject({ amount: money('1.230', 'KWD') })
  })

  test('has no fee before it is captured', async () => {
    const { gateway, context, paid } = await openGateway({ capture: 'manual' })
    const { payment } = await paid('10.00')
    expect(await gateway.payments.fetch(payment, context)).toMatchObject({ state: 'authorized', fee: null })
  })

  test('that is not there is null, and one that reaches elsewhere is not asked for', async () => {
    const { gateway, context, exchanges } = await openGateway()
    expect(await gateway.payments.fetch('pay_00000000000000', context)).toBeNull()
    expect(exchanges).toHaveLength(1)
    await expect(gateway.payments.fetch('../payouts', context)).rejects.toThrow('is not the id of a payment')
    expect(exchanges).toHaveLength(1)
  })
})
