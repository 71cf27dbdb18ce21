import { describe, expect, test } from 'vitest'
import { createCaller } from './caller.js'
import { DAY, openSandbox, payFor, usd } from './open-sandbox.js'

describe('a key of the Payments API', () => {
  test('is kept for 45 days', async () => {
    const open = await openSandbox()
    const { capture } = await payFor(open, '10.00')
    const refund = async () => {
      const call = createCaller(open.sandbox)
      const headers = { 'paypal-request-id': 'r-1' }
      return (await call('POST', `/v2/payments/captures/${capture.id}/refund`, { amount: usd('2.00') }, headers)).body
        .id
    }
    const paid = () => open.paypal.balances()['outside:payers']?.USD
    const first = await refund()
    await open.sandbox.clock.advance(45 * DAY - 1)
    expect([await refund(), paid()]).toEqual([first, -800n])
    await open.sandbox.clock.advance(1)
    expect(await refund()).not.toBe(first)
    expect(paid()).toBe(-600n)
  })
})

describe('a key of referenced payouts', () => {
  test('is kept for three days', async () => {
    const open = await openSandbox()
    const { capture } = await payFor(open, '10.00', { unit: { payment_instruction: { disbursement_mode: 'DELAYED' } } })
    const release = () =>
      createCaller(open.sandbox)(
        'POST',
        '/v1/payments/referenced-payouts-items',
        { reference_id: capture.id, reference_type: 'TRANSACTION_ID' },
        { 'paypal-request-id': 'd-1' },
      )
    const first = await release()
    await open.sandbox.clock.advance(3 * DAY - 1)
    const again = await release()
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body])
    await open.sandbox.clock.advance(1)
    expect((await release()).body.details[0].issue).toBe('ALREADY_DISBURSED')
  })
})
