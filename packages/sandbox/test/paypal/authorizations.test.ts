import { describe, expect, test } from 'vitest'
import { createCaller } from './caller.js'
import { DAY, openSandbox, orderOf, usd, whole } from './open-sandbox.js'

async function authorize() {
  const open = await openSandbox({ paymentFee: { basisPoints: 0 } })
  const order = await open.call('POST', '/v2/checkout/orders', orderOf('100.00', { custom_id: 'deal-1' }, 'AUTHORIZE'))
  open.paypal.approve(order.body.id)
  const authorized = await open.call('POST', `/v2/checkout/orders/${order.body.id}/authorize`, {}, whole)
  const [authorization] = authorized.body.purchase_units[0].payments.authorizations
  const path = `/v2/payments/authorizations/${authorization.id}`
  const at = (what: string, body: object = {}) => open.call('POST', `${path}/${what}`, body, whole)
  return { ...open, order: order.body, path, authorization, at }
}

describe('an authorization', () => {
  test('moves nothing until it is captured, in parts, up to 115 %', async () => {
    const { paypal, call, at, path, authorization } = await authorize()
    expect(authorization).toMatchObject({ status: 'CREATED', amount: usd('100.00'), custom_id: 'deal-1' })
    expect(paypal.balances()).toEqual({})
    expect((await at('capture', { amount: usd('60.00') })).body).toMatchObject({
      status: 'COMPLETED',
      final_capture: false,
    })
    expect((await call('GET', path)).body.status).toBe('PARTIALLY_CAPTURED')
    const tooMuch = await at('capture', { amount: usd('55.01') })
    expect(tooMuch).toMatchObject({ status: 422, body: { details: [{ issue: 'MAX_CAPTURE_AMOUNT_EXCEEDED' }] } })
    expect((await at('capture', { amount: usd('55.00'), final_capture: true })).status).toBe(201)
    expect((await call('GET', path)).body.status).toBe('CAPTURED')
    expect((await at('capture')).body.details[0].issue).toBe('AUTHORIZATION_ALREADY_CAPTURED')
    expect((await at('void')).body.details[0].issue).toBe('PREVIOUSLY_CAPTURED')
    expect(paypal.balances()['outside:payers']).toEqual({ USD: -11_500n })
  })

  test('is voided once, and then captured no more', async () => {
    const { call, at, path } = await authorize()
    expect(await call('POST', `${path}/void`)).toEqual({ status: 204, body: undefined })
    expect((await at('void')).body.details[0].issue).toBe('PREVIOUSLY_VOIDED')
    expect((await at('capture')).body.details[0].issue).toBe('AUTHORIZATION_VOIDED')
  })

  test('is taken the place of once', async () => {
    const { call, at, order } = await authorize()
    const again = await at('reauthorize', { amount: usd('100.00') })
    expect(again).toMatchObject({ status: 201, body: { status: 'CREATED' } })
    const path = `/v2/payments/authorizations/${again.body.id}`
    expect((await call('POST', `${path}/reauthorize`, {})).body.details[0].issue).toBe('REAUTHORIZATION_NOT_SUPPORTED')
    const captured = await call('POST', `${path}/capture`, {}, whole)
    expect(captured.body.amount).toEqual(usd('100.00'))
    const read = await call('GET', `/v2/checkout/orders/${order.id}`)
    expect(read.body.purchase_units[0].payments.captures).toHaveLength(1)
  })

  test('ends after 29 days', async () => {
    const { sandbox, path } = await authorize()
    await sandbox.clock.advance(29 * DAY)
    const late = await createCaller(sandbox)('POST', `${path}/capture`, {})
    expect(late.body.details[0].issue).toBe('AUTHORIZATION_EXPIRED')
  })

  test('is of an order whose intent it is, once', async () => {
    const { call, order } = await authorize()
    const issue = async (what: string) =>
      (await call('POST', `/v2/checkout/orders/${order.id}/${what}`, {})).body.details[0].issue
    expect(await issue('capture')).toBe('ACTION_DOES_NOT_MATCH_INTENT')
    expect(await issue('authorize')).toBe('ORDER_ALREADY_AUTHORIZED')
  })
})

describe('a patch of an order', () => {
  const patched = "/purchase_units/@reference_id=='default'"

  test('changes the amount and texts, all or none', async () => {
    const { call, paypal } = await openSandbox()
    const { body } = await call('POST', '/v2/checkout/orders', orderOf('10.00'))
    const path = `/v2/checkout/orders/${body.id}`
    const right = [
      { op: 'add', path: `${patched}/custom_id`, value: 'deal-2' },
      { op: 'replace', path: `${patched}/amount`, value: usd('12.00') },
    ]
    const wrong = [...right, { op: 'replace', path: `${patched}/description`, value: 'x' }]
    expect((await call('PATCH', path, wrong)).body.details[0].issue).toBe('INVALID_PATCH_OPERATION')
    expect((await call('GET', path)).body.purchase_units[0].amount).toEqual(usd('10.00'))
    expect((await call('PATCH', path, right)).status).toBe(204)
    expect((await call('GET', path)).body.purchase_units[0]).toMatchObject({
      custom_id: 'deal-2',
      amount: usd('12.00'),
    })
    paypal.approve(body.id)
    await call('POST', `${path}/capture`, {})
    expect((await call('PATCH', path, right)).body.details[0].issue).toBe('ORDER_ALREADY_COMPLETED')
  })
})
