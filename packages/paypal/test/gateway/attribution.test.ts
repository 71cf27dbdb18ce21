import { expect, test } from 'vitest'
import { captureCall, orderCall, payoutCall, referenceOf } from '../fixtures/calls.js'
import { openGateway } from '../fixtures/open-gateway.js'

async function attributions(given: Parameters<typeof openGateway>[0]) {
  const { sandbox, send, paypal } = await openGateway(given)
  const order = referenceOf(await send(orderCall()))
  paypal.approve(order)
  await send(captureCall({ payment: order }))
  await send(payoutCall())
  const requests = sandbox.log.all().filter(({ gateway }) => gateway === 'paypal')
  expect(requests.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(['createOrder', 'captureOrder', 'createPayout']),
  )
  return new Set(requests.map(({ headers }) => headers['paypal-partner-attribution-id']))
}

test("a partner's attribution id is sent with every request", async () => {
  const sent = await attributions({ gateway: { attributionId: 'Marketplace_SP_PPCP' } })
  expect([...sent]).toEqual(['Marketplace_SP_PPCP'])
})

test('no attribution id is sent unless there is one', async () => {
  expect([...(await attributions({}))]).toEqual([undefined])
})
