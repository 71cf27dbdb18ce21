import { describe, expect, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { inr, owe } from '../fixtures/deals.js'
import { HOUR, openLedger } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

const PAYOUTS = 20

async function payouts({ failures, concurrency }: { failures?: number; concurrency?: number }) {
  const scripted = scriptedGateway()
  const gatewayLimits = { razorpay: { failures, concurrency, pauseMs: 3_600_000 } }
  const opened = await openLedger({ gateways: { razorpay: scripted.gateway }, gatewayLimits })
  await owe(opened.ledger, 'priya', inr('600.00'))
  for (let index = 0; index < PAYOUTS; index += 1) {
    const payout = { id: `p${index}`, payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' }
    await opened.ledger.payouts.request(payout)
  }
  return { ...opened, ...scripted }
}

describe('a gateway', () => {
  test('that nobody hears is left alone, and nothing counts as sent meanwhile', async () => {
    const { ledger, clock, sent, script } = await payouts({ failures: 3, concurrency: 1 })
    script.send = () => {
      throw new Error('connect ECONNREFUSED')
    }
    const run = await ledger.instructions.dispatch({ concurrency: 1 })
    expect(run).toEqual({ attempts: PAYOUTS, byOutcome: { unknown: 3, waiting: PAYOUTS - 3 }, failures: [] })
    expect(sent).toHaveLength(3)
    const waiting = await all(ledger.instructions.list({ state: 'waiting' }))
    expect(waiting).toHaveLength(PAYOUTS - 3)
    // What was never sent can be taken back.
    await ledger.instructions.cancel({ id: waiting[0]?.id ?? '' })
    clock.now += HOUR
    expect((await ledger.instructions.dispatch()).byOutcome).toEqual({ unknown: 3, waiting: PAYOUTS - 4 })
    expect(sent).toHaveLength(3)
  })

  test('is called by as few at a time as it takes', async () => {
    const { ledger, script } = await payouts({ concurrency: 3 })
    let underWay = 0
    let most = 0
    script.send = async (call) => {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      return { outcome: 'processed', reference: call.key }
    }
    const run = await ledger.instructions.dispatch({ concurrency: PAYOUTS })
    expect(run.byOutcome).toEqual({ processed: PAYOUTS })
    expect(most).toBe(3)
  })

  test('that does not answer within its deadline leaves the call unknown, and is told to stop', async () => {
    const { gateway, script } = scriptedGateway({}, { deadlineMs: 20 })
    const { ledger } = await openLedger({ gateways: { razorpay: gateway } })
    await owe(ledger, 'priya', inr('600.00'))
    await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
    const signals: AbortSignal[] = []
    script.send = (_, { signal }) => {
      signals.push(signal as AbortSignal)
      return new Promise(() => {})
    }
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { unknown: 1 } })
    expect(await ledger.payouts.get('p')).toMatchObject({ state: 'unknown', reason: 'no answer within 20 ms' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

test('what was said to a gateway is kept, without secrets and card data', async () => {
  const { ledger, script } = await payouts({})
  script.send = (call, { record, now }) => {
    const request = { amount: 100, card: { number: '4111111111111111', cvv: '123' }, reference_id: call.key }
    const answer = {
      id: 'pout_1',
      name: 'RESOURCE_CONFLICT',
      fund_account: { vpa: 'priya@bank', account_number: '1121431121541121' },
    }
    record({
      method: 'POST',
      path: '/v1/payouts',
      request: JSON.stringify(request),
      status: 200,
      answer: `${JSON.stringify(answer)}`,
      requestId: 'req_1',
      error: null,
      at: now(),
    })
    return { outcome: 'processed', reference: 'pout_1' }
  }
  await ledger.instructions.dispatch({ limit: 1 })
  const [first] = await all(ledger.instructions.list({ state: 'processed' }))
  const [exchange, ...others] = await all(ledger.instructions.exchanges(first?.id ?? ''))
  expect(others).toEqual([])
  expect(exchange).toMatchObject({ attempt: 1, sequence: 1, method: 'POST', status: 200, requestId: 'req_1' })
  expect(exchange?.request).toMatch(
    /^{"amount":100,"card":{"number":"\[redacted\]","cvv":"\[redacted\]"},"reference_id":"/,
  )
  expect(exchange?.answer).not.toMatch(/priya@bank|1121431121541121/)
  expect(exchange?.answer).toContain('RESOURCE_CONFLICT')
})
