import { describe, expect, test } from 'vitest'
import { pay, referenceOf, refundCall } from '../fixtures/calls.js'
import { DAY, openGateway, usd } from '../fixtures/open-gateway.js'

const rich = { openingBalances: { USD: 50_000n } }

describe('a refund', () => {
  test('goes back to its payment under its key, in parts', async () => {
    const opened = await openGateway()
    const { payment } = await pay(opened)
    const call = refundCall({ payment, amount: usd('40.00') })
    const first = await opened.send(call)
    expect(first).toMatchObject({ outcome: 'processed', at: opened.sandbox.clock.now() })
    expect(await opened.send(call)).toEqual(first)
    expect(await opened.send(refundCall({ payment, amount: usd('30.00') }))).toMatchObject({ outcome: 'processed' })
    expect(opened.paypal.balances()['outside:payers']).toEqual({ USD: -3_000n })
    const asked = opened.sandbox.log.all().find(({ operation }) => operation === 'refundCapture')
    expect(asked?.headers['paypal-request-id']).toBe(call.key)
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ custom_id: call.key, invoice_id: call.key })
  })

  test('that is pending is accepted until it has got to the payer, or has not', async () => {
    const opened = await openGateway({ paypal: { ...rich, refundDelayMs: DAY } })
    const { payment } = await pay(opened)
    const [done, failed] = [usd('40.00'), usd('10.00')].map((amount) => refundCall({ payment, amount }))
    if (!done || !failed) throw new Error('there are two')
    const [one, other] = [referenceOf(await opened.send(done)), referenceOf(await opened.send(failed))]
    expect(await opened.ask({ ...done, reference: one })).toEqual({ outcome: 'accepted', reference: one })
    opened.paypal.failRefund(other)
    expect(await opened.ask({ ...failed, reference: other })).toMatchObject({ outcome: 'refused', code: 'FAILED' })
    await opened.sandbox.clock.advance(2 * DAY)
    expect(await opened.ask({ ...done, reference: one })).toMatchObject({ outcome: 'processed', reference: one })
    expect(await opened.gateway.payments.fetch(payment, opened.context)).toMatchObject({ refunded: usd('40.00') })
  })

  test('whose answer was lost is found by its key among those of the order', async () => {
    const opened = await openGateway({ paypal: rich })
    const { payment } = await pay(opened)
    const call = refundCall({ payment, amount: usd('40.00') })
    expect(await opened.ask(call)).toEqual({ outcome: 'absent' })
    opened.fail('refundCapture', { kind: 'resetAfter' })
    await expect(opened.send(call)).rejects.toThrow()
    await opened.send(refundCall({ payment, amount: usd('10.00') }))
    expect(await opened.ask(call)).toMatchObject({ outcome: 'processed' })
    expect(await opened.ask(refundCall({ payment }))).toEqual({ outcome: 'absent' })
  })

  test('sent again after its key has run out is found as it is', async () => {
    const opened = await openGateway({ paypal: rich })
    const { payment } = await pay(opened)
    const [part, rest] = [usd('60.00'), usd('40.00')].map((amount) => refundCall({ payment, amount }))
    if (!part || !rest) throw new Error('there are two')
    const reference = referenceOf(await opened.send(part))
    await opened.sandbox.clock.advance(46 * DAY)
    expect(await opened.send(part)).toMatchObject({ outcome: 'processed', reference })
    await opened.send(rest)
    expect(await opened.send(refundCall({ payment, amount: usd('1.00') }))).toMatchObject({
      outcome: 'refused',
      code: 'CAPTURE_FULLY_REFUNDED',
    })
    expect(opened.paypal.balances()['outside:payers']).toEqual({ USD: 0n })
  })

  test('for which there is no money, or that cannot be made yet, is tried again', async () => {
    const opened = await openGateway()
    const { payment } = await pay(opened)
    expect(await opened.send(refundCall({ payment }))).toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining('REFUND_FAILED_INSUFFICIENT_FUNDS'),
    })
    opened.paypal.openDispute(payment)
    expect(await opened.send(refundCall({ payment, amount: usd('1.00') }))).toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining('TRANSACTION_DISPUTED'),
    })
  })

  test('of more than is left, of a payment that is not there, or of none is refused', async () => {
    const opened = await openGateway({ paypal: rich })
    const { payment } = await pay(opened)
    const outcomes = await Promise.all([
      opened.send(refundCall({ payment, amount: usd('100.01') })),
      opened.send(refundCall({ payment: '0NOTTHERE0' })),
      opened.send(refundCall({})),
    ])
    expect(outcomes).toMatchObject([
      { outcome: 'refused', code: 'REFUND_AMOUNT_EXCEEDED' },
      { outcome: 'refused', code: 'INVALID_RESOURCE_ID' },
      { outcome: 'refused', code: 'PAYMENT_REQUIRED' },
    ])
  })
})
