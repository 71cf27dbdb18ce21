import type { Subject } from 'escrow-ledger'
import { expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

test('every webhook of a deal verifies, and names what the API knows', async () => {
  const { callOf, send, paid, linkedAccount, fundAccount, razorpay, clock, gateway, sandbox } = await openGateway()
  const destination = await linkedAccount()
  razorpay.topUp(100_000n)
  await paid('1000.00')
  const { order, payment } = await paid('1000.00')
  const refund = callOf('refund', { amount: '200.00', payment })
  const transfer = callOf('transfer', { amount: '300.00', payment, destination })
  const payout = callOf('payout', { amount: '100.00', destination: await fundAccount() })
  const made = [await send(refund), await send(transfer), await send(payout)]
  const [refundId, transferId, payoutId] = made.map((outcome) => ('reference' in outcome ? outcome.reference : null))
  await clock.advance(3_600_000)
  const dispute = razorpay.openDispute(payment, { amountMinor: 100n })
  const settlement = razorpay.settle()

  const seen = new Map<string, readonly Subject[]>()
  for (const delivery of sandbox.webhooks.all()) {
    const { rawBody } = delivery
    const verified = await gateway.webhooks?.verify({ headers: delivery.headers(), rawBody: Buffer.from(rawBody) })
    // As the ledger keeps it: the body, as JSON.
    const body: unknown = JSON.parse(JSON.stringify(verified?.body))
    seen.set(verified?.type ?? '', gateway.webhooks?.subjectsOf({ type: verified?.type ?? null, body }) ?? [])
  }
  const paymentSubject = { kind: 'payment', reference: payment, key: null }
  expect(seen.get('product.route.activated')).toEqual([{ kind: 'payee', reference: destination, key: null }])
  expect(seen.get('account.activated')).toEqual([{ kind: 'payee', reference: destination, key: null }])
  expect(seen.get('payment.captured')).toEqual([paymentSubject])
  expect(seen.get('order.paid')).toEqual([
    paymentSubject,
    { kind: 'order', reference: order.reference, key: order.key },
  ])
  expect(seen.get('refund.processed')).toEqual([
    { kind: 'refund', reference: refundId, key: refund.key },
    paymentSubject,
  ])
  expect(seen.get('transfer.processed')).toEqual([{ kind: 'transfer', reference: transferId, key: transfer.key }])
  expect(seen.get('payout.processed')).toEqual([{ kind: 'payout', reference: payoutId, key: payout.key }])
  expect(seen.get('payment.dispute.created')).toEqual([
    paymentSubject,
    { kind: 'dispute', reference: dispute, key: null },
  ])
  expect(seen.get('settlement.processed')).toEqual([{ kind: 'settlement', reference: settlement, key: null }])
})

test('a settlement of a linked account is not about ours where our account is known', async () => {
  const accountId = 'acc_Sandbox0000000'
  const { callOf, send, paid, linkedAccount, razorpay, clock, gateway, sandbox } = await openGateway({ accountId })
  const destination = await linkedAccount()
  const { payment } = await paid('1000.00')
  await send(callOf('transfer', { amount: '300.00', payment, destination }))
  await clock.advance(1000)
  razorpay.settle(destination)
  const ours = razorpay.settle()
  const told = sandbox.webhooks.all().filter(({ event }) => event === 'settlement.processed')
  const subjects = told.map(({ event, rawBody }) =>
    gateway.webhooks?.subjectsOf({ type: event, body: JSON.parse(rawBody) }),
  )
  expect(subjects).toEqual([[], [{ kind: 'settlement', reference: ours, key: null }]])
})

test.each([
  ['no event', null, {}],
  ['no object', 'payment.captured', 'text'],
  ['no payload', 'payment.captured', { payload: null }],
  ['no entity', 'payment.captured', { payload: { payment: {}, order: { entity: [] } } }],
  ['no id', 'payment.captured', { payload: { payment: { entity: { id: 5 } } } }],
  ['nothing that is kept', 'invoice.paid', { payload: { invoice: { entity: { id: 'inv_1' } } } }],
  ['no account', 'account.activated', {}],
])('an event with %s is about nothing', async (_, type, body) => {
  const { gateway } = await openGateway()
  expect(gateway.webhooks?.subjectsOf({ type, body })).toEqual([])
})
