import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

describe('a refund', () => {
  test('is accepted, and processed later', async () => {
    const { callOf, send, ask, paid, clock, gateway, context, requests } = await openGateway()
    await paid('1000.00')
    const { payment } = await paid('1000.00')
    const call = callOf('refund', { amount: '200.00', payment })
    const sent = await send(call)
    expect(sent).toEqual({ outcome: 'accepted', reference: expect.stringMatching(/^rfnd_/) })
    const [request] = requests('createRefund')
    expect(request?.headers).toMatchObject({ 'x-refund-idempotency': call.key })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ...{ amount: 20_000, speed: 'normal', receipt: call.key },
      notes: { key: call.key, escrow: 's1' },
    })
    expect(await ask(call)).toEqual(sent)
    await clock.advance(3_600_000)
    const reference = sent.outcome === 'accepted' ? sent.reference : null
    expect(await ask({ ...call, reference })).toEqual({ outcome: 'processed', reference })
    expect(await gateway.payments.fetch(payment, context)).toMatchObject({
      ...{ state: 'captured', refunded: { minor: 20_000n } },
    })
  })

  test('has one effect however often it is sent under its key', async () => {
    const { callOf, send, paid, razorpay, sandbox, requests } = await openGateway()
    await paid('1000.00')
    const { payment } = await paid('1000.00')
    const call = callOf('refund', { amount: '200.00', payment })
    sandbox.faults.plan({ gateway: 'razorpay', operation: 'createRefund', fault: { kind: 'resetAfter' } })
    expect(await send(call)).toMatchObject({ outcome: 'unknown' })
    const sent = await send(call)
    expect(sent).toMatchObject({ outcome: 'accepted' })
    expect(await send(call)).toEqual(sent)
    expect(requests('createRefund')).toHaveLength(3)
    expect(razorpay.balances().inFlight.refunds).toBe(20_000n)
  })

  test('that was made under its key with another body is told as it is', async () => {
    const { callOf, send, paid, razorpay } = await openGateway()
    await paid('1000.00')
    const { payment } = await paid('1000.00')
    const call = callOf('refund', { amount: '200.00', payment })
    const sent = await send(call)
    expect(await send({ ...call, escrow: 'another' })).toEqual(sent)
    expect(razorpay.balances().inFlight.refunds).toBe(20_000n)
  })

  test('waits while the balance is too low', async () => {
    const { callOf, send, ask, paid } = await openGateway()
    const { payment } = await paid('1000.00')
    const call = callOf('refund', { amount: '1000.00', payment })
    expect(await send(call)).toMatchObject({
      ...{ outcome: 'waiting', reason: expect.stringContaining('does not have enough balance') },
    })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    await paid('1000.00')
    expect(await send(call)).toMatchObject({ outcome: 'accepted' })
  })

  test('of more than is left is refused, with the request kept', async () => {
    const { callOf, send, paid, exchanges } = await openGateway()
    await paid('1000.00')
    const { payment } = await paid('1000.00')
    expect(await send(callOf('refund', { amount: '1000.01', payment }))).toMatchObject({
      ...{ outcome: 'refused', code: 'BAD_REQUEST_ERROR' },
      reason: expect.stringContaining('greater than amount captured'),
    })
    expect(exchanges.slice(-2)).toMatchObject([
      { method: 'POST', path: `/v1/payments/${payment}/refund`, status: 400, error: null },
      { method: 'GET', path: `/v1/payments/${payment}/refunds?count=100&skip=0`, status: 200, request: null },
    ])
  })

  test('that the bank does not take is refused when asked about', async () => {
    const { callOf, send, ask, paid, razorpay } = await openGateway()
    await paid('1000.00')
    const { payment } = await paid('1000.00')
    const call = callOf('refund', { amount: '200.00', payment })
    const sent = await send(call)
    razorpay.failRefund(sent.outcome === 'accepted' ? (sent.reference ?? '') : '')
    expect(await ask(call)).toMatchObject({ outcome: 'refused', code: 'refund_failed' })
  })

  test('is made at once where that is asked for', async () => {
    const { callOf, send, paid } = await openGateway({
      refundSpeed: ({ amount }) => (amount.minor < 50_000n ? 'optimum' : 'normal'),
    })
    await paid('1000.00')
    const { payment } = await paid('1000.00')
    expect(await send(callOf('refund', { amount: '200.00', payment }))).toMatchObject({ outcome: 'processed' })
    expect(await send(callOf('refund', { amount: '500.00', payment }))).toMatchObject({ outcome: 'accepted' })
  })

  test('without a payment is paid out to a fund account', async () => {
    const { callOf, send, ask, fundAccount, razorpay, clock, requests } = await openGateway()
    razorpay.topUp(100_000n)
    const call = callOf('refund', { amount: '200.00', destination: await fundAccount('c1') })
    expect(await send(call)).toMatchObject({ outcome: 'accepted', reference: expect.stringMatching(/^pout_/) })
    expect(JSON.parse(requests('createPayout')[0]?.body ?? '')).toMatchObject({ purpose: 'refund' })
    await clock.advance(60_000)
    expect(await ask(call)).toMatchObject({ outcome: 'processed', fee: { fee: { minor: 590n } } })
  })
})
