import type { GatewayCall } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

type Opened = Awaited<ReturnType<typeof openGateway>>
type Prepare = (opened: Opened) => Promise<GatewayCall>

const transferOf = async ({ callOf, send, paid, linkedAccount, clock }: Opened): Promise<string> => {
  const { payment } = await paid('1000.00')
  const sent = await send(
    callOf('transfer', { amount: '100.00', payment, destination: await linkedAccount(), hold: 'indefinite' }),
  )
  await clock.advance(1000)
  return 'reference' in sent ? String(sent.reference) : ''
}

/** A call of each kind that Razorpay would do, and the operation of the sandbox that does it. */
const calls: Record<GatewayCall['kind'], readonly [operation: string, prepare: Prepare]> = {
  order: ['createOrder', async ({ callOf }) => callOf('order', { amount: '1000.00' })],
  capture: [
    'capturePayment',
    async ({ callOf, paid }) => {
      const { payment } = await paid('1000.00', { authorizeOnly: true })
      return callOf('capture', { amount: '1000.00', payment })
    },
  ],
  refund: [
    'createRefund',
    async ({ callOf, paid }) => callOf('refund', { amount: '200.00', payment: (await paid('1000.00')).payment }),
  ],
  transfer: [
    'createPaymentTransfers',
    async ({ callOf, paid, linkedAccount }) => {
      const { payment } = await paid('1000.00')
      return callOf('transfer', { amount: '100.00', payment, destination: await linkedAccount() })
    },
  ],
  release: [
    'updateTransfer',
    async (opened) => opened.callOf('release', { amount: '100.00', transfer: await transferOf(opened) }),
  ],
  reversal: [
    'createReversal',
    async (opened) => opened.callOf('reversal', { amount: '40.00', transfer: await transferOf(opened) }),
  ],
  payout: [
    'createPayout',
    async ({ callOf, razorpay, fundAccount }) => {
      razorpay.topUp(70_000n)
      return callOf('payout', { amount: '600.00', destination: await fundAccount() })
    },
  ],
}
const kinds = Object.keys(calls) as GatewayCall['kind'][]

async function prepared(kind: GatewayCall['kind'], options?: Parameters<typeof openGateway>[0]) {
  const opened = await openGateway(options)
  const [operation, prepare] = calls[kind]
  return { ...opened, operation, call: await prepare(opened) }
}

describe.each(kinds)('a lost answer to a %s', (kind) => {
  test.each([
    { kind: 'resetAfter' },
    { kind: 'errorAfter', status: 500 },
    { kind: 'errorAfter', status: 504 },
    { kind: 'unreadable' },
  ] as const)('by %j is unknown, and what was done is found', async (fault) => {
    const { send, ask, call, sandbox, operation } = await prepared(kind)
    sandbox.faults.plan({ gateway: 'razorpay', operation, fault })
    expect(await send(call)).toMatchObject({ outcome: 'unknown' })
    expect((await ask(call)).outcome).toMatch(/^(accepted|processed)$/)
  })

  test.each([{ kind: 'resetBefore' }, { kind: 'errorBefore', status: 503 }] as const)(
    'by %j is unknown, and what was not done is absent',
    async (fault) => {
      const { send, ask, call, sandbox, operation } = await prepared(kind)
      sandbox.faults.plan({ gateway: 'razorpay', operation, fault })
      expect(await send(call)).toMatchObject({ outcome: 'unknown' })
      expect(await ask(call)).toEqual({ outcome: 'absent' })
      expect((await send(call)).outcome).toMatch(/^(accepted|processed)$/)
    },
  )
})

test.each(kinds)('a %s that was too much at a time waits as long as Razorpay says', async (kind) => {
  const { send, ask, call, sandbox, operation, clock } = await prepared(kind)
  const fault = { kind: 'rateLimited', retryAfterS: 30 } as const
  sandbox.faults.plan({ gateway: 'razorpay', operation, fault })
  expect(await send(call)).toMatchObject({ outcome: 'waiting', retryAt: clock.now() + 30_000 })
  sandbox.faults.plan({ gateway: 'razorpay', operation: '*', fault })
  expect(await ask(call)).toMatchObject({ outcome: 'unknown', retryAt: clock.now() + 30_000 })
})

test.each(kinds)('a %s under a key that Razorpay does not take waits, and no key is kept', async (kind) => {
  const { send, call, gateway, context, exchanges } = await prepared(kind)
  const stranger = await openGateway({ keySecret: 'another' })
  expect(await stranger.send(call)).toMatchObject({ outcome: 'waiting', reason: expect.stringContaining('key') })
  expect(await stranger.ask(call)).toMatchObject({ outcome: 'unknown' })
  expect((await send(call)).outcome).toMatch(/^(accepted|processed)$/)
  expect(await gateway.ask(call, context)).not.toMatchObject({ outcome: 'absent' })
  expect(JSON.stringify(exchanges)).not.toMatch(/authorization|Basic |sandbox-key-secret/i)
})

test('a refusal is not believed while nobody can look for an earlier effect', async () => {
  const { callOf, send, paid, sandbox } = await openGateway()
  await paid('1000.00')
  const { payment } = await paid('1000.00')
  sandbox.faults.plan({ gateway: 'razorpay', operation: 'listPaymentRefunds', fault: { kind: 'resetBefore' } })
  expect(await send(callOf('refund', { amount: '1000.01', payment }))).toMatchObject({ outcome: 'unknown' })
})

test('an answer that comes too late is unknown', async () => {
  const { send, ask, call, sandbox, operation } = await prepared('order', { timeoutMs: 200 })
  sandbox.faults.plan({ gateway: 'razorpay', operation, fault: { kind: 'latency', ms: 1500 } })
  expect(await send(call)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('timeout') })
  expect(await ask(call)).toMatchObject({ outcome: 'accepted' })
})
