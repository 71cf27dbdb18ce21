import { describe, expect, test } from 'vitest'
import type { PayPalDispute } from '../../src/index.js'
import { pay, refundCall } from '../fixtures/calls.js'
import { DAY, openGateway, usd } from '../fixtures/open-gateway.js'

const rich = { openingBalances: { USD: 1_000_000n } }

describe('a dispute', () => {
  test('is read, contested, and resolved for the seller', async () => {
    const opened = await openGateway({ paypal: rich })
    const { gateway, context, paypal, sandbox } = opened
    const { payment } = await pay(opened)
    const reference = paypal.openDispute(payment, { amountMinor: 4_000n })
    expect(await gateway.disputes.fetch(reference, context)).toEqual({
      reference,
      payment,
      amount: usd('40.00'),
      reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
      status: 'WAITING_FOR_SELLER_RESPONSE',
      stage: 'CHARGEBACK',
      outcome: null,
      refunded: null,
      answerBy: sandbox.clock.now() + 10 * DAY,
      at: sandbox.clock.now(),
    })
    const evidence = { evidence_type: 'PROOF_OF_FULFILLMENT', notes: 'The session was held.' }
    await gateway.disputes.contest(reference, [evidence], context)
    expect(await gateway.disputes.fetch(reference, context)).toMatchObject({ status: 'UNDER_REVIEW', answerBy: null })
    await expect(gateway.disputes.contest(reference, [evidence], context)).rejects.toThrow(
      'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE',
    )
    paypal.resolveDispute(reference, 'seller')
    expect(await gateway.disputes.fetch(reference, context)).toMatchObject({
      status: 'RESOLVED',
      outcome: 'RESOLVED_SELLER_FAVOUR',
    })
  })

  test('is accepted, and the payer has the money', async () => {
    const opened = await openGateway({ paypal: rich })
    const { gateway, context, paypal } = opened
    const { payment } = await pay(opened)
    const reference = paypal.openDispute(payment)
    await gateway.disputes.accept(reference, { note: 'It was not held.' }, context)
    expect(await gateway.disputes.fetch(reference, context)).toMatchObject({
      outcome: 'RESOLVED_BUYER_FAVOUR',
      refunded: usd('100.00'),
    })
    expect(await gateway.payments.fetch(payment, context)).toMatchObject({ refunded: usd('100.00') })
  })

  test('takes what it was decided for, and nothing where a refund of the whole payment has ended it', async () => {
    const opened = await openGateway({ paypal: rich })
    const { gateway, context, paypal, sandbox } = opened
    const took = async (act: (payment: string, dispute: string) => unknown) => {
      const { payment } = await pay(opened)
      const reference = paypal.openDispute(payment)
      await act(payment, reference)
      return gateway.clawbacks.fetch({ kind: 'dispute', reference }, context)
    }
    const lost = await took((_, dispute) => paypal.resolveDispute(dispute, 'buyer'))
    expect(lost).toMatchObject({ taken: usd('100.00'), final: true })
    const refunded = await took((payment) => opened.send(refundCall({ payment })))
    expect(refunded).toMatchObject({ taken: usd('0.00'), final: true })
    // Of a sale that is no capture only the outcome tells.
    const notFound = { kind: 'errorBefore', status: 404 } as const
    sandbox.faults.plan({ gateway: 'paypal', operation: 'getCapture', fault: notFound })
    const about = { kind: 'dispute', reference: refunded?.reference ?? '' } as const
    expect(await gateway.clawbacks.fetch(about, context)).toMatchObject({ taken: usd('100.00'), final: true })
    expect(sandbox.faults.pending()).toEqual([])
  })

  test('is listed, over all pages, and by its payment', async () => {
    const opened = await openGateway({ paypal: rich })
    const { gateway, context, paypal } = opened
    const { payment } = await pay(opened)
    const of = async (filter: Parameters<typeof gateway.disputes.list>[0]) => {
      const found: PayPalDispute[] = []
      for await (const dispute of gateway.disputes.list(filter, context)) found.push(dispute)
      return found
    }
    expect(await of({})).toEqual([])
    const opens: string[] = []
    for (let count = 0; count < 55; count += 1) {
      const reference = paypal.openDispute(payment)
      paypal.resolveDispute(reference, 'seller')
      opens.unshift(reference)
    }
    expect((await of({})).map(({ reference }) => reference)).toEqual(opens)
    expect(await of({ payment })).toHaveLength(55)
    expect(await of({ payment: '0OTHER0' })).toEqual([])
    expect(await of({ changedAfter: opened.sandbox.clock.now() + DAY })).toEqual([])
  })

  test('that is not there is none, and one that cannot be is refused', async () => {
    const { gateway, context } = await openGateway()
    expect(await gateway.disputes.fetch('PP-D-1', context)).toBeNull()
    await expect(gateway.disputes.fetch('PP-D-1/../x', context)).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
