import { describe, expect, test } from 'vitest'
import { pay, payoutCall, referenceOf, refundCall } from '../fixtures/calls.js'
import { DAY, HOUR, type Opened, openGateway, usd } from '../fixtures/open-gateway.js'

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

const windowsOf = ({ sandbox }: Opened) =>
  sandbox.log
    .all()
    .filter(({ operation }) => operation === 'searchTransactions')
    .map(({ url }) => new URL(url, 'http://x').searchParams)
    .map((query) => [query.get('start_date'), query.get('end_date'), query.get('page')])

describe('what went into and out of the balance', () => {
  test('is told with fees, and adds up to the balance', async () => {
    const opened = await openGateway({ paypal: { openingBalances: { USD: 50_000n } } })
    const { gateway, context, sandbox, paypal, send } = opened
    const from = sandbox.clock.now()
    const { payment } = await pay(opened)
    const refund = referenceOf(await send(refundCall({ payment, amount: usd('40.00') })))
    const payout = referenceOf(await send(payoutCall({ amount: usd('30.00') })))
    await sandbox.clock.advance(HOUR)
    paypal.withdraw({ currency: 'USD', amountMinor: 5_000n })
    await sandbox.clock.advance(4 * HOUR)
    const lines = await collect(gateway.settlements.lines({ from, through: sandbox.clock.now() }, context))
    expect(lines).toMatchObject([
      { kind: 'other', net: usd('500.00') },
      { kind: 'payment', reference: payment, net: usd('96.02'), fee: usd('3.98'), settlement: null, at: from },
      { kind: 'refund', reference: refund, net: usd('-40.00'), fee: usd('0.00') },
      { kind: 'payout', reference: payout, net: usd('-30.60'), fee: usd('0.60') },
      { kind: 'settlement', net: usd('-50.00') },
    ])
    const total = lines.reduce((sum, { net }) => sum + net.minor, 0n)
    expect(paypal.balances()[`balance:${paypal.merchantId}`]).toEqual({ USD: total })
  })

  test('is read in windows that do not overlap, as wide as PayPal takes', async () => {
    const opened = await openGateway()
    const { gateway, context, sandbox, paypal } = opened
    const from = sandbox.clock.now()
    for (const days of [0, 31, 20, 20]) {
      await sandbox.clock.advance(days * DAY)
      paypal.topUp({ currency: 'USD', amountMinor: 100n })
    }
    await sandbox.clock.advance(DAY)
    const lines = await collect(gateway.settlements.lines({ from, through: sandbox.clock.now() }, context))
    expect(lines.map(({ at }) => (at - from) / DAY)).toEqual([0, 31, 51, 71])
    expect(windowsOf(opened)).toEqual([
      ['2026-11-02T00:00:00Z', '2026-12-02T23:59:59Z', '1'],
      ['2026-12-03T00:00:00Z', '2027-01-02T23:59:59Z', '1'],
      ['2027-01-03T00:00:00Z', '2027-01-13T00:00:00Z', '1'],
    ])
  })

  test('ends where PayPal knows no further', async () => {
    const opened = await openGateway()
    const { gateway, context, sandbox } = opened
    const from = sandbox.clock.now()
    await sandbox.clock.advance(31 * DAY + HOUR)
    await collect(gateway.settlements.lines({ from, through: from + 40 * DAY }, context))
    expect(windowsOf(opened)).toHaveLength(1)
  })

  test('is read page by page', async () => {
    const opened = await openGateway({ paypal: { reportingDelayMs: 0 } })
    const { gateway, context, sandbox, paypal } = opened
    for (let count = 0; count < 1_100; count += 1) paypal.topUp({ currency: 'USD', amountMinor: 1n })
    const range = { from: sandbox.clock.now(), through: sandbox.clock.now() }
    expect(await collect(gateway.settlements.lines(range, context))).toHaveLength(1_100)
    expect(windowsOf(opened).map(([, , page]) => page)).toEqual(['1', '2', '3'])
  })

  test('is read in halves where it is too much at once', async () => {
    const opened = await openGateway({ paypal: { reportingDelayMs: 0 } })
    const { gateway, context, sandbox, paypal } = opened
    const from = sandbox.clock.now()
    for (let part = 0; part < 2; part += 1) {
      for (let count = 0; count < 5_500; count += 1) paypal.topUp({ currency: 'USD', amountMinor: 1n })
      await sandbox.clock.advance(10 * DAY)
    }
    expect(await collect(gateway.settlements.lines({ from, through: from + 20 * DAY }, context))).toHaveLength(11_000)
  })

  test('is not told by an answer that is none', async () => {
    const { gateway, context, sandbox, fail } = await openGateway()
    fail('searchTransactions', { kind: 'errorBefore', status: 500 })
    const now = sandbox.clock.now()
    await expect(collect(gateway.settlements.lines({ from: now, through: now }, context))).rejects.toThrow('status 500')
  })
})

describe('settlements', () => {
  test('are the transfers to the bank', async () => {
    const { gateway, context, sandbox, paypal } = await openGateway({ paypal: { openingBalances: { USD: 50_000n } } })
    const from = sandbox.clock.now()
    await sandbox.clock.advance(40 * DAY)
    paypal.withdraw({ currency: 'USD', amountMinor: 5_000n })
    await sandbox.clock.advance(DAY)
    const through = sandbox.clock.now()
    const [settlement, ...others] = await collect(gateway.settlements.list({ from, through }, context))
    expect(others).toEqual([])
    expect(settlement).toMatchObject({
      state: 'processed',
      amount: usd('50.00'),
      fee: usd('0.00'),
      utr: null,
      at: through - DAY,
    })
    expect(await gateway.settlements.fetch(settlement?.reference ?? '', context)).toEqual(settlement)
    expect(await gateway.settlements.fetch('NOTTHERE', context)).toBeNull()
  })
})
