import type { CallOutcome, Gateway, GatewayCall, GatewayPayment } from 'escrow-ledger'
import { money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { booksOf, inr, openServer, START, terms } from './fixtures/open-server.js'

const paidFor = (order: string, reference: string): GatewayPayment => ({
  ...{ reference, order, orderKey: null, state: 'captured', fee: null, received: null, at: START },
  ...{ amount: money('1000.00', 'INR'), refunded: money('0.00', 'INR') },
})

/**
 * Chen and mallory each have an order at a gateway, which says what is told of it. Chen has authorised `pay_chen`.
 */
async function open() {
  const sent: GatewayCall[] = []
  const state: { ofMallory: CallOutcome } = {
    ofMallory: { outcome: 'accepted', reference: 'order_mallory', awaits: 'payer' },
  }
  const orderOf = (call: GatewayCall) => `order_${call.party}`
  const gateway: Gateway = {
    ...acceptingGateway,
    async send(call) {
      sent.push(call)
      if (call.kind !== 'capture') return { outcome: 'accepted', reference: orderOf(call), awaits: 'payer' }
      const of = call.payment === 'pay_chen' ? 'order_chen' : 'order_mallory'
      return { outcome: 'processed', reference: call.payment, payments: [paidFor(of, call.payment)] }
    },
    async ask(call) {
      if (call.party === 'mallory') return state.ofMallory
      return { outcome: 'accepted', reference: 'order_chen', awaits: { capture: 'pay_chen' } }
    },
  }
  const server = await openServer({ gateways: { razorpay: gateway } })
  for (const payer of ['chen', 'mallory']) {
    const amount = money('1000.00', 'INR')
    await server.ledger.escrows.open({ id: `s-${payer}`, payer, parties: { coach: 'priya' }, amount, terms })
    await server.ledger.orders.create({ id: `o-${payer}`, escrow: `s-${payer}`, gateway: 'razorpay' })
  }
  const captures = () => sent.filter(({ kind }) => kind === 'capture')
  return { ...server, state, captures }
}

const path = '/payments/capture'

describe('a capture', () => {
  test('by a payer takes what the gateway says was authorised, and says where the session stands', async () => {
    const { ask, captures, ledger } = await open()
    const answer = await ask({ as: 'chen', path, body: { order: 'o-chen', payment: 'pay_chen' } })
    expect(answer).toMatchObject({
      status: 200,
      body: { id: 'o-chen', session: 's-chen', amount: inr('1000.00'), sessionStatus: 'funded' },
    })
    expect(captures()).toMatchObject([{ payment: 'pay_chen', party: 'chen' }])
    expect(await ledger.verify()).toMatchObject({ ok: true })
  })

  test("by a payer takes nothing of anybody else's payment", async () => {
    const { ask, captures, ledger } = await open()
    const before = await booksOf(ledger)
    const answer = await ask({ as: 'mallory', path, body: { order: 'o-mallory', payment: 'pay_chen' } })
    expect(answer).toMatchObject({ status: 200, body: { state: 'accepted', sessionStatus: 'opened' } })
    expect(captures()).toEqual([])
    expect(await booksOf(ledger)).toBe(before)
  })

  test("by a payer of somebody else's order is as if there were none", async () => {
    const { ask, captures, ledger } = await open()
    const before = await booksOf(ledger)
    const others = await ask({ as: 'mallory', path, body: { order: 'o-chen', payment: 'pay_chen' } })
    const none = await ask({ as: 'mallory', path, body: { order: 'o-X', payment: 'pay_chen' } })
    expect([others.status, others.body.code, others.body.detail]).toEqual([404, none.body.code, none.body.detail])
    expect(captures()).toEqual([])
    expect(await booksOf(ledger)).toBe(before)
  })

  test('by the host of a payment that was made for another order posts nothing of it', async () => {
    const { ask, ledger } = await open()
    const answer = await ask({ as: 'backend', path, body: { order: 'o-mallory', payment: 'pay_chen' } })
    expect(answer).toMatchObject({ status: 200, body: { sessionStatus: 'opened' } })
    expect((await ledger.escrows.get('s-mallory')).funded).toEqual(money('0.00', 'INR'))
    const chen = await ask({ as: 'chen', path, body: { order: 'o-chen' } })
    expect(chen.body.sessionStatus).toBe('funded')
    expect(await ledger.verify()).toMatchObject({ ok: true })
  })

  test('by the host is made once under its key', async () => {
    const { ask, captures } = await open()
    const asked = { as: 'backend', path, body: { order: 'o-chen', payment: 'pay_chen' }, key: 'k' }
    const first = await ask(asked)
    const again = await ask(asked)
    expect([first.body.sessionStatus, again.body.sessionStatus]).toEqual(['funded', 'funded'])
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(captures()).toHaveLength(1)
    const other = await ask({ ...asked, body: { ...asked.body, payment: 'pay_2' } })
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_key_reused' } })
  })
})

test('an order is made once under its key, and no other key makes it again', async () => {
  const { ask, ledger } = await open()
  await ledger.escrows.open({
    id: 'n',
    payer: 'chen',
    parties: { coach: 'priya' },
    amount: money('1.00', 'INR'),
    terms,
  })
  const asked = { as: 'chen', path: '/payments/create-order', body: { id: 'o', session: 'n', gateway: 'razorpay' } }
  const first = await ask({ ...asked, key: 'k' })
  const again = await ask({ ...asked, key: 'k' })
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.body).toEqual(first.body)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await ask({ ...asked, key: 'l' })).toMatchObject({ status: 409, body: { code: 'order_exists' } })
})
