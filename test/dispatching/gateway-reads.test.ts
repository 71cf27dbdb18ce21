import type { Gateway } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { inr, owe } from '../fixtures/deals.js'
import { openLedger, START } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { delivery, scriptedWebhooks } from '../fixtures/scripted-webhooks.js'

type Fetch = NonNullable<Gateway['payments']>['fetch']

/** A gateway that reads payments as a test says, with one payout to be sent. */
async function reading(fetch: Fetch) {
  const scripted = scriptedGateway({}, { webhooks: scriptedWebhooks, payments: { fetch } })
  scripted.script.send = { outcome: 'processed', reference: 'pout_1' }
  const gatewayLimits = { razorpay: { failures: 3, pauseMs: 3_600_000 } }
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway }, gatewayLimits })
  await owe(opened.ledger, 'priya', inr('600.00'))
  await opened.ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
  for (const key of ['a', 'b', 'c', 'd']) {
    const subjects = [{ kind: 'payment', reference: key, key: null }] as const
    await opened.ledger.webhooks.receive(delivery({ key, subjects }))
  }
  await opened.ledger.webhooks.apply({ concurrency: 1 })
  return { ...opened, ...scripted }
}

const exchange = (status: number | null) => ({
  method: 'GET',
  path: '/v1/payments/a',
  request: null,
  status,
  answer: null,
  requestId: null,
  error: null,
  at: START,
})

describe('reads that fail', () => {
  test.each([
    ['before anything is asked', []],
    ['by an answer that says nothing', [400]],
  ])('%s do not hold payouts back', async (_, statuses) => {
    const { ledger, sent } = await reading(async (reference, { record }) => {
      for (const status of statuses) record(exchange(status))
      throw new Error(`${reference} is no id of a payment`)
    })
    expect((await ledger.instructions.dispatch()).byOutcome).toEqual({ processed: 1 })
    expect(sent).toHaveLength(1)
    expect(await all(ledger.webhooks.list({ state: 'waiting' }))).toHaveLength(4)
  })

  test.each([
    ['no answer', null],
    ['a server that fails', 503],
  ])('by %s leave the gateway alone', async (_, status) => {
    const asked: string[] = []
    const { ledger, sent } = await reading(async (reference, { record }) => {
      asked.push(reference)
      record(exchange(status))
      throw new Error('nothing came')
    })
    expect(asked).toEqual(['a', 'b', 'c'])
    expect((await ledger.instructions.dispatch()).byOutcome).toEqual({ waiting: 1 })
    expect(sent).toEqual([])
  })
})
