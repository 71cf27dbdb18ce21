import { describe, expect, test } from 'vitest'
import { captureCall, orderCall, referenceOf } from '../fixtures/calls.js'
import { HOUR, type Opened, openGateway, usd } from '../fixtures/open-gateway.js'

async function approved(opened: Opened, options?: Parameters<Opened['paypal']['approve']>[1]) {
  const order = referenceOf(await opened.send(orderCall()))
  opened.paypal.approve(order, options)
  return order
}

const paid = ({ paypal }: Opened) => paypal.balances()['outside:payers']?.USD ?? 0n

describe('the capture of an order', () => {
  test('that is pending is accepted until PayPal has finished it', async () => {
    const opened = await openGateway()
    const { send, ask, paypal } = opened
    const payment = await approved(opened, { outcome: { status: 'PENDING', reason: 'ECHECK' } })
    const call = captureCall({ payment })
    const pending = await send(call)
    const reference = referenceOf(pending)
    expect(pending).toMatchObject({ outcome: 'accepted', payments: [{ reference, state: 'created', fee: null }] })
    expect(await ask({ ...call, reference })).toMatchObject({ outcome: 'accepted', reference })
    paypal.completeCapture(reference)
    expect(await ask({ ...call, reference })).toMatchObject({
      outcome: 'processed',
      reference,
      payments: [{ state: 'captured', fee: { fee: usd('3.98') } }],
    })
  })

  test('that is declined in the end is refused, and so is its order', async () => {
    const opened = await openGateway()
    const { send, ask, paypal } = opened
    const payment = await approved(opened, { outcome: { status: 'PENDING' } })
    const call = captureCall({ payment })
    const reference = referenceOf(await send(call))
    expect(await ask(orderCall({ reference: payment }))).toMatchObject({
      outcome: 'accepted',
      payments: [{ reference }],
    })
    paypal.denyCapture(reference)
    expect(await ask({ ...call, reference })).toMatchObject({ outcome: 'refused', code: 'DECLINED' })
    expect(await ask(orderCall({ reference: payment }))).toMatchObject({ outcome: 'refused', code: 'DECLINED' })
  })

  test('that the payer must do something about is tried again', async () => {
    const opened = await openGateway()
    const declined = await approved(opened, { outcome: { status: 'DECLINED' } })
    expect(await opened.send(captureCall({ payment: declined }))).toMatchObject({
      outcome: 'waiting',
      reason: expect.stringContaining('INSTRUMENT_DECLINED'),
    })
    const open = referenceOf(await opened.send(orderCall()))
    expect(await opened.send(captureCall({ payment: open }))).toMatchObject({ outcome: 'waiting' })
  })

  test('that was made by another hand is found as it is', async () => {
    const opened = await openGateway()
    const payment = await approved(opened)
    const reference = referenceOf(await opened.send(captureCall({ payment })))
    expect(await opened.send(captureCall({ payment }))).toMatchObject({ outcome: 'processed', reference })
    expect(paid(opened)).toBe(-10_000n)
  })

  test('whose answer was lost is found by its order', async () => {
    const opened = await openGateway()
    const { send, ask, fail } = opened
    const payment = await approved(opened)
    const call = captureCall({ payment })
    expect(await ask(call)).toEqual({ outcome: 'absent' })
    fail('captureOrder', { kind: 'resetAfter' })
    await expect(send(call)).rejects.toThrow()
    expect(await ask(call)).toMatchObject({ outcome: 'processed', payments: [{ amount: usd('100.00') }] })
    expect(paid(opened)).toBe(-10_000n)
  })

  test('is refused once the order is gone', async () => {
    const opened = await openGateway()
    const payment = await approved(opened)
    await opened.sandbox.clock.advance(4 * HOUR)
    expect(await opened.send(captureCall({ payment }))).toMatchObject({
      outcome: 'refused',
      code: 'INVALID_RESOURCE_ID',
    })
    expect(await opened.ask(captureCall({ payment }))).toMatchObject({ outcome: 'refused' })
  })

  test('sends nothing for what cannot be an id of PayPal', async () => {
    const { send, exchanges } = await openGateway()
    const outcome = await send(captureCall({ payment: '../../v1/payments/payouts', order: null }))
    expect(outcome).toMatchObject({ outcome: 'refused', code: 'INVALID_RESOURCE_ID' })
    expect(exchanges).toEqual([])
  })
})

describe('an order that is authorised first', () => {
  const authorize = () => openGateway({ gateway: { intent: 'AUTHORIZE' } })

  test('is authorised and captured at once, however often it is asked for', async () => {
    const opened = await authorize()
    const { send, ask } = opened
    const payment = await approved(opened)
    expect(await ask(orderCall({ reference: payment }))).toMatchObject({ awaits: { capture: payment } })
    const call = captureCall({ payment })
    const first = await send(call)
    expect(first).toMatchObject({ outcome: 'processed', payments: [{ order: payment, state: 'captured' }] })
    expect(await send(call)).toMatchObject({ outcome: 'processed', reference: referenceOf(first) })
    expect(await ask(call)).toMatchObject({ outcome: 'processed', reference: referenceOf(first) })
    expect(await ask(orderCall({ reference: payment }))).toMatchObject({ outcome: 'processed' })
    expect(paid(opened)).toBe(-10_000n)
  })

  test('goes on where it is authorised already', async () => {
    const opened = await authorize()
    const { send, ask, fail, gateway, context } = opened
    const order = await approved(opened)
    fail('captureAuthorization', { kind: 'errorBefore', status: 503 })
    expect(await send(captureCall({ payment: order }))).toMatchObject({ outcome: 'unknown' })
    const asked = await ask(orderCall({ reference: order }))
    const { capture } = (asked as { awaits: { capture: string } }).awaits
    expect(capture).not.toBe(order)
    expect(await gateway.payments.fetch(capture, context)).toMatchObject({ state: 'authorized', amount: usd('100.00') })
    expect(await ask(captureCall({ payment: capture, order }))).toEqual({ outcome: 'absent' })
    const done = await send(captureCall({ payment: capture, order }))
    expect(done).toMatchObject({ outcome: 'processed', payments: [{ order }] })
    expect(await gateway.payments.fetch(referenceOf(done), context)).toMatchObject({ order, state: 'captured' })
    expect(await send(captureCall({ payment: capture, order }))).toMatchObject({
      outcome: 'processed',
      reference: referenceOf(done),
    })
  })

  test('is let go of, and then refused', async () => {
    const opened = await authorize()
    const { send, ask, fail, gateway } = opened
    const order = await approved(opened)
    fail('captureAuthorization', { kind: 'errorBefore', status: 503 })
    await send(captureCall({ payment: order }))
    const asked = await ask(orderCall({ reference: order }))
    const { capture } = (asked as { awaits: { capture: string } }).awaits
    await gateway.authorizations.void(capture)
    await gateway.authorizations.void(capture)
    expect(await ask(orderCall({ reference: order }))).toMatchObject({ outcome: 'refused', code: 'DECLINED' })
    expect(await send(captureCall({ payment: capture, order }))).toMatchObject({
      outcome: 'refused',
      code: 'AUTHORIZATION_VOIDED',
    })
    await expect(gateway.authorizations.void('../x')).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
