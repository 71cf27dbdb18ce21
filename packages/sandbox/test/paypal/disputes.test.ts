import { describe, expect, test } from 'vitest'
import { openSandbox, payFor, usd } from './open-sandbox.js'

async function dispute(amountMinor?: bigint) {
  const open = await openSandbox({ paymentFee: { basisPoints: 0 } })
  const { capture } = await payFor(open, '100.00', { unit: { custom_id: 'deal-1' } })
  const id = open.paypal.openDispute(capture.id, amountMinor === undefined ? {} : { amountMinor })
  const pocket = (name: string) => open.paypal.balances()[`${name}:${open.paypal.merchantId}`]?.USD ?? 0n
  const read = async () => (await open.call('GET', `/v1/customer/disputes/${id}`)).body
  const act = (what: string, body?: object) => open.call('POST', `/v1/customer/disputes/${id}/${what}`, body)
  const captureStatus = async () => (await open.call('GET', `/v2/payments/captures/${capture.id}`)).body.status
  return { ...open, id, capture, pocket, read, act, captureStatus }
}

describe('a dispute', () => {
  test('keeps the money, and is found', async () => {
    const { call, id, capture, pocket, read } = await dispute()
    expect([pocket('balance'), pocket('disputed')]).toEqual([0n, 10_000n])
    expect(await read()).toMatchObject({
      status: 'WAITING_FOR_SELLER_RESPONSE',
      disputed_transactions: [{ seller_transaction_id: capture.id, custom: 'deal-1' }],
    })
    const list = async (query: string) => (await call('GET', `/v1/customer/disputes?${query}`)).body.items?.map(idOf)
    const idOf = (each: { dispute_id: string }) => each.dispute_id
    expect(await list(`disputed_transaction_id=${capture.id}`)).toEqual([id])
    expect(await list('dispute_state=RESOLVED')).toBeUndefined()
    expect(await list('dispute_state=REQUIRED_ACTION')).toEqual([id])
  })

  test('is accepted: the payer has the money back', async () => {
    const { sandbox, act, pocket, read, captureStatus } = await dispute(4000n)
    expect((await act('accept-claim', { note: 'sorry' })).status).toBe(200)
    expect([pocket('balance'), pocket('disputed')]).toEqual([6000n, 0n])
    expect(await read()).toMatchObject({
      status: 'RESOLVED',
      dispute_outcome: { outcome_code: 'RESOLVED_BUYER_FAVOUR', amount_refunded: usd('40.00') },
    })
    expect(await captureStatus()).toBe('PARTIALLY_REFUNDED')
    expect((await act('accept-claim', {})).status).toBe(422)
    expect(
      sandbox.webhooks
        .all()
        .map(({ event }) => event)
        .slice(-3),
    ).toEqual(['CUSTOMER.DISPUTE.CREATED', 'PAYMENT.CAPTURE.REVERSED', 'CUSTOMER.DISPUTE.RESOLVED'])
  })

  test('is answered with evidence, and PayPal decides', async () => {
    const { paypal, id, act, pocket, read, captureStatus } = await dispute()
    const evidence = { evidence_type: 'PROOF_OF_FULFILLMENT', notes: 'the session took place' }
    expect((await act('provide-evidence', { evidences: [evidence] })).status).toBe(200)
    expect(await read()).toMatchObject({ status: 'UNDER_REVIEW', evidences: [evidence] })
    paypal.resolveDispute(id, 'seller')
    expect((await read()).dispute_outcome.outcome_code).toBe('RESOLVED_SELLER_FAVOUR')
    expect([pocket('balance'), await captureStatus()]).toEqual([10_000n, 'COMPLETED'])
    expect(() => paypal.resolveDispute(id, 'buyer')).toThrow('resolved')
  })

  test('takes what the balance does not cover as a debt', async () => {
    const open = await openSandbox({ paymentFee: { basisPoints: 0 } })
    const { capture } = await payFor(open, '100.00')
    open.paypal.withdraw({ currency: 'USD', amountMinor: 9000n })
    open.paypal.resolveDispute(open.paypal.openDispute(capture.id), 'buyer')
    const { merchantId } = open.paypal
    expect(open.paypal.balances()).toMatchObject({
      [`balance:${merchantId}`]: { USD: -9000n },
    })
  })

  test('lets the payment be refunded as a whole only, which ends it', async () => {
    const { call, capture, pocket, read } = await dispute()
    const refund = (body: object) => call('POST', `/v2/payments/captures/${capture.id}/refund`, body)
    expect((await refund({ amount: usd('1.00') })).body.details[0].issue).toBe('TRANSACTION_DISPUTED')
    expect((await refund({})).status).toBe(201)
    expect(await read()).toMatchObject({ status: 'RESOLVED' })
    expect([pocket('balance'), pocket('disputed')]).toEqual([0n, 0n])
  })
})
