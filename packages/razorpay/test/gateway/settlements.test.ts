import { type Money, money, sum } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { openGateway } from './open-gateway.js'

const inr = (amount: string) => money(amount, 'INR')
const day = 86_400_000
const always = { from: 0, through: 4_000_000_000_000 }

async function all<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of list) items.push(item)
  return items
}

describe('a settlement', () => {
  test('is what its lines come to', async () => {
    const { callOf, send, paid, linkedAccount, razorpay, clock, gateway, context } = await openGateway()
    const destination = await linkedAccount()
    const { payment } = await paid('1000.00')
    await paid('500.00')
    const transfer = await send(callOf('transfer', { amount: '100.00', payment, destination }))
    await clock.advance(1000)
    const trf = 'reference' in transfer ? (transfer.reference ?? '') : ''
    await send(callOf('reversal', { amount: '40.00', transfer: trf }))
    await send(callOf('refund', { amount: '200.00', payment }))
    const dispute = razorpay.openDispute(payment, { amountMinor: 5000n })
    razorpay.loseDispute(dispute)
    const reference = razorpay.settle() ?? ''

    const settlement = await gateway.settlements.fetch(reference, context)
    expect(settlement).toEqual({
      ...{ reference, state: 'processed', amount: inr('1154.30'), fee: inr('0'), tax: inr('0') },
      ...{ utr: expect.stringMatching(/^AXISCN/), at: clock.now() },
    })
    expect(await all(gateway.settlements.list(always, context))).toEqual([settlement])
    expect(await all(gateway.settlements.list({ from: 0, through: clock.now() - 1 }, context))).toEqual([])

    const range = { from: clock.now() - day, through: clock.now() }
    const lines = await all(gateway.settlements.lines(range, context))
    expect(lines.map(({ kind, net, fee, tax }) => [kind, net, fee, tax])).toEqual([
      ['payment', inr('976.40'), inr('23.60'), inr('3.60')],
      ['payment', inr('488.20'), inr('11.80'), inr('1.80')],
      ['transfer', inr('-100.30'), inr('0.30'), inr('0.05')],
      ['reversal', inr('40.00'), inr('0'), inr('0')],
      ['refund', inr('-200.00'), inr('0'), inr('0')],
      ['dispute', inr('-50.00'), inr('0'), inr('0')],
    ])
    const nets = lines.map(({ net }) => net) as [Money, ...Money[]]
    expect(sum(nets, 'INR')).toEqual(settlement?.amount)
    expect(lines[0]).toMatchObject({ reference: payment, settlement: reference, utr: settlement?.utr, at: clock.now() })
  })

  test('has its lines in whatever zone the days of the report lie', async () => {
    const { paid, razorpay, clock, gateway, context } = await openGateway({
      sandbox: { razorpay: { settlements: 'manual' } },
    })
    // 23:30 in UTC is 05:00 of the next day in India.
    await clock.advance(23.5 * 3_600_000)
    const { payment } = await paid('10.00')
    razorpay.settle()
    const at = clock.now()
    const found = await all(gateway.settlements.lines({ from: at, through: at }, context))
    expect(found.map(({ reference }) => reference)).toEqual([payment])
    expect(await all(gateway.settlements.lines({ from: at + 1, through: at + day }, context))).toEqual([])
    expect(await all(gateway.settlements.lines({ from: at - day, through: at - 1 }, context))).toEqual([])
  })

  test('of a linked account is not ours, and one that is not there is null', async () => {
    const { callOf, send, paid, linkedAccount, razorpay, clock, gateway, context } = await openGateway()
    const destination = await linkedAccount()
    const { payment } = await paid('1000.00')
    await send(callOf('transfer', { amount: '100.00', payment, destination }))
    await clock.advance(1000)
    const theirs = razorpay.settle(destination) ?? ''
    expect(theirs).toMatch(/^setl_/)
    expect(await gateway.settlements.fetch(theirs, context)).toBeNull()
    expect(await gateway.settlements.fetch('setl_00000000000000', context)).toBeNull()
  })

  test('is listed with all the others, page by page', async () => {
    const { paid, razorpay, gateway, context, requests, clock } = await openGateway()
    for (let count = 0; count < 101; count += 1) {
      if (count % 50 === 0) await clock.advance(1000)
      await paid('10.00')
      razorpay.settle()
    }
    const listed = await all(gateway.settlements.list(always, context))
    expect(new Set(listed.map(({ reference }) => reference)).size).toBe(101)
    expect(requests('listSettlements')).toHaveLength(2)
  })
})
