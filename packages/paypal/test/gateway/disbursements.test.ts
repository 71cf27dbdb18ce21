import { describe, expect, test } from 'vitest'
import { captureCall, orderCall, referenceOf, releaseCall } from '../fixtures/calls.js'
import { DAY, openGateway, usd } from '../fixtures/open-gateway.js'

/** A payment that PayPal holds for a seller. */
async function held() {
  let payee: string | undefined
  const opened = await openGateway({
    gateway: { orderDetails: () => ({ payee, disbursement: 'DELAYED', platformFee: usd('20.00') }) },
  })
  const { paypal, send } = opened
  payee = paypal.onboardSeller()
  const order = referenceOf(await send(orderCall()))
  paypal.approve(order)
  const payment = referenceOf(await send(captureCall({ payment: order })))
  const sellerHas = () => paypal.balances()[`balance:${payee}`]?.USD ?? 0n
  return { ...opened, payment, sellerHas }
}

describe('a payment that is held for its seller', () => {
  test('is released once, under whatever key', async () => {
    const { send, ask, payment, sellerHas, gateway } = await held()
    expect(sellerHas()).toBe(0n)
    const call = releaseCall({ transfer: payment })
    const first = await send(call)
    expect(first).toMatchObject({ outcome: 'processed' })
    expect(sellerHas()).toBe(7_602n)
    expect(await send(call)).toEqual(first)
    expect(await ask({ ...call, reference: referenceOf(first) })).toEqual(first)
    expect(await send(releaseCall({ transfer: payment }))).toEqual({ outcome: 'processed', reference: payment })
    expect(await ask(call)).toMatchObject({ outcome: 'unknown' })
    expect(sellerHas()).toBe(7_602n)
    expect(await gateway.disbursements.fetch(referenceOf(first))).toMatchObject({ payment, state: 'processed' })
  })

  test('is disbursed after 28 days though nobody asked', async () => {
    const { send, payment, sellerHas, sandbox } = await held()
    await sandbox.clock.advance(29 * DAY)
    expect(sellerHas()).toBe(7_602n)
    expect(await send(releaseCall({ transfer: payment }))).toEqual({ outcome: 'processed', reference: payment })
  })

  test('waits while it is disputed', async () => {
    const { send, payment, paypal } = await held()
    paypal.openDispute(payment)
    expect(await send(releaseCall({ transfer: payment }))).toMatchObject({ outcome: 'waiting' })
  })

  test('can be released by the host itself', async () => {
    const { gateway, payment, sellerHas } = await held()
    const asked = { payment, key: 'release-1' }
    const done = await gateway.disbursements.release(asked)
    expect(done).toMatchObject({ payment, state: 'processed', amount: usd('76.02'), reason: null })
    expect(await gateway.disbursements.release(asked)).toEqual(done)
    expect(sellerHas()).toBe(7_602n)
    await expect(gateway.disbursements.release({ payment, key: 'release-2' })).rejects.toThrow('ALREADY_DISBURSED')
    expect(await gateway.disbursements.fetch('NOTTHERE')).toBeNull()
  })
})
