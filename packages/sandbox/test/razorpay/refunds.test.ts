import { describe, expect, test } from 'vitest'
import { openRazorpay } from '../fixtures/open-razorpay.js'

describe('a refund', () => {
  test('of normal speed is processed later', async () => {
    const { sdk, razorpay, clock, paid } = await openRazorpay()
    const { paymentId } = await paid(100_000)
    const refund = await sdk.payments.refund(paymentId, { amount: 20_000, receipt: 'r-1', notes: { why: 'late' } })
    expect(refund).toMatchObject({ status: 'pending', amount: 20_000, receipt: 'r-1', acquirer_data: { arn: null } })
    expect(razorpay.balances()).toMatchObject({ clearing: 77_640n, inFlight: { refunds: 20_000n } })
    expect(await sdk.payments.fetch(paymentId)).toMatchObject({ amount_refunded: 20_000, refund_status: 'partial' })

    await clock.advance(3_600_000)
    const processed = await sdk.refunds.fetch(refund.id)
    expect(processed).toMatchObject({ status: 'processed', speed_processed: 'normal' })
    expect(await sdk.payments.fetchRefund(paymentId, refund.id)).toEqual(processed)
    expect((await sdk.payments.fetchMultipleRefund(paymentId, {})).items).toEqual([processed])
    expect(razorpay.balances()).toMatchObject({ inFlight: { refunds: 0n }, outside: { payers: -80_000n } })
  })

  test('of optimum speed is processed at once, for a fee, where that can be', async () => {
    const { sdk, razorpay, paid } = await openRazorpay()
    const { paymentId } = await paid(100_000)
    const refund = await sdk.payments.refund(paymentId, { speed: 'optimum', amount: 20_000 })
    expect(refund).toMatchObject({ status: 'processed', speed_requested: 'optimum', speed_processed: 'instant' })
    expect(razorpay.balances().clearing).toBe(97_640n - 20_590n)
  })

  test('changes its speed where it cannot be', async () => {
    const { sdk, sandbox, paid } = await openRazorpay({ razorpay: { instantRefunds: false } })
    const { paymentId } = await paid(100_000)
    const refund = await sdk.payments.refund(paymentId, { speed: 'optimum', amount: 20_000 })
    expect(refund).toMatchObject({ status: 'pending', speed_requested: 'optimum', speed_processed: 'normal' })
    expect(sandbox.webhooks.all().map(({ event }) => event)).toContain('refund.speed_changed')
  })

  test('that fails is back in the balance, and can be asked for again', async () => {
    const { sdk, razorpay, post, paid } = await openRazorpay()
    await paid(100_000)
    const { paymentId } = await paid(50_000)
    const refund = await sdk.payments.refund(paymentId, {})
    expect(await sdk.payments.fetch(paymentId)).toMatchObject({ status: 'refunded', refund_status: 'full' })
    razorpay.failRefund(refund.id)
    expect(await sdk.refunds.fetch(refund.id)).toMatchObject({ status: 'failed' })
    expect(await sdk.payments.fetch(paymentId)).toMatchObject({ status: 'captured', amount_refunded: 0 })
    expect(await post(`/v1/payments/${paymentId}/refund`, {})).toMatchObject({ amount: 50_000, status: 'pending' })
    expect(() => razorpay.failRefund(refund.id)).toThrow('cannot fail any more')
  })

  test('is no more than is left of the payment', async () => {
    const { sdk, paid } = await openRazorpay()
    await paid(100_000)
    const { paymentId } = await paid(50_000)
    const refused = (body: object) => sdk.payments.refund(paymentId, body).catch(({ error }) => error.description)
    expect(await refused({ amount: 50_001 })).toBe('The refund amount provided is greater than amount captured')
    await sdk.payments.refund(paymentId, { amount: 30_000 })
    expect(await refused({ amount: 20_001 })).toBe('The total refund amount is greater than the refund payment amount')
    expect(await refused({ amount: 99 })).toBe('The amount must be at least INR 1.00')
    expect(await refused({ amount: 100, speed: 'fast' })).toBe('The selected speed is invalid.')
    await sdk.payments.refund(paymentId, {})
    expect(await refused({})).toBe('The payment has been fully refunded already')
  })

  test('needs the balance for it', async () => {
    const { sdk, razorpay, paid } = await openRazorpay()
    const { paymentId } = await paid(50_000)
    await expect(sdk.payments.refund(paymentId, {})).rejects.toMatchObject({
      error: { reason: 'insufficient_funds', description: expect.stringContaining('does not have enough balance') },
    })
    expect(razorpay.balances().clearing).toBe(48_820n)
    expect((await sdk.refunds.all()).count).toBe(0)
  })
})

describe('an idempotency key', () => {
  const keyed = async () => {
    const { call, paid, sdk } = await openRazorpay()
    await paid(100_000)
    const { paymentId } = await paid(50_000)
    const refund = (key: string, body: object = { amount: 1000 }) =>
      call('POST', `/v1/payments/${paymentId}/refund`, body, { 'X-Refund-Idempotency': key })
    return { refund, sdk, paymentId }
  }

  test('gives the first answer again, however often it is sent', async () => {
    const { refund, sdk, paymentId } = await keyed()
    const first = await refund('refund-s-42')
    expect(first.status).toBe(200)
    expect(await refund('refund-s-42')).toEqual(first)
    expect((await sdk.payments.fetchMultipleRefund(paymentId, {})).count).toBe(1)
    expect((await refund('refund-s-43')).body.id).not.toBe(first.body.id)
  })

  test('with another body is a conflict', async () => {
    const { refund } = await keyed()
    await refund('refund-s-42')
    const { status, body } = await refund('refund-s-42', { amount: 1001 })
    expect(status).toBe(409)
    expect(body.error).toMatchObject({
      code: 'BAD_REQUEST_ERROR',
      description: 'Different request with the same idempotency key has already been processed.',
    })
  })

  test('of a request that was refused is free again', async () => {
    const { refund } = await keyed()
    expect((await refund('refund-s-42', { amount: 1 })).status).toBe(400)
    expect((await refund('refund-s-42', { amount: 1000 })).status).toBe(200)
  })

  test.each(['short', 'with space in it', 'with:colons-in-it'])('is not "%s"', async (key) => {
    const { refund } = await keyed()
    const { status, body } = await refund(key)
    expect([status, body.error?.field]).toEqual([400, 'X-Refund-Idempotency'])
  })
})
