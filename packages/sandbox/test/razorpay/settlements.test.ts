import { expect, test } from 'vitest'
import { openRazorpay } from '../fixtures/open-razorpay.js'

const day = 86_400_000

test('what a settlement pays is what its rows come to', async () => {
  const { sdk, razorpay, clock, paid, linkedAccount } = await openRazorpay()
  const account = await linkedAccount()
  const { orderId, paymentId } = await paid(100_000)
  const { items } = await sdk.payments.transfer(paymentId, {
    transfers: [{ account, amount: 30_000, currency: 'INR' }],
  })
  await clock.advance(1000)
  await sdk.transfers.reverse(items[0]?.id ?? '', { amount: 10_000 })
  const refund = await sdk.payments.refund(paymentId, { amount: 5000, notes: { why: 'late' } })
  const lost = razorpay.openDispute(paymentId, { amountMinor: 700n })
  razorpay.loseDispute(lost)
  const before = razorpay.balances().clearing
  const id = razorpay.settle() ?? ''

  const settlement = await sdk.settlements.fetch(id)
  expect(settlement).toMatchObject({ amount: Number(before), status: 'processed', fees: 2360 + 89, tax: 360 + 14 })
  expect((await sdk.settlements.all()).items).toEqual([settlement])
  expect(razorpay.balances()).toMatchObject({ clearing: 0n, outside: { merchantBank: before } })

  const { items: rows } = (await sdk.settlements.reports({ year: 2026, month: 11, day: 2 })) as unknown as {
    items: { type: string; entity_id: string; credit: number; debit: number; amount: number; fee: number }[]
  }
  expect(rows.map(({ type, credit, debit, amount, fee }) => [type, credit, debit, amount, fee])).toEqual([
    ['payment', 97_640, 0, 100_000, 2360],
    ['transfer', 0, 30_089, 30_000, 89],
    ['reversal', 10_000, 0, 10_000, 0],
    ['refund', 0, 5000, 5000, 0],
    ['adjustment', 0, 700, 700, 0],
  ])
  expect(rows.reduce((sum, { credit, debit }) => sum + credit - debit, 0)).toBe(settlement.amount)
  expect(rows[0]).toMatchObject({ entity_id: paymentId, payment_id: null, order_id: orderId, settlement_id: id })
  expect(rows[3]).toMatchObject({ entity_id: refund.id, payment_id: paymentId, notes: '{"why":"late"}' })
  expect(rows[4]).toMatchObject({ dispute_id: lost, settlement_utr: settlement.utr })
  expect(await sdk.settlements.reports({ year: 2026, month: 11, day: 3 })).toMatchObject({ count: 0 })
  expect(await sdk.settlements.reports({ year: 2026, month: 11 })).toMatchObject({ count: 5 })
  expect(razorpay.settle()).toBeUndefined()
})

test('each morning in India pays out what is two days old', async () => {
  const { sdk, clock, paid, razorpay } = await openRazorpay()
  await clock.advance(4 * 3_600_000)
  await paid(100_000)
  await clock.advance(day)
  await paid(50_000)
  await clock.advance(day)
  expect((await sdk.settlements.all()).count).toBe(0)
  await clock.advance(day)
  const amounts = async () =>
    (await sdk.settlements.all()).items.map(({ amount, created_at }) => [
      amount,
      new Date(created_at * 1000).toISOString(),
    ])
  expect(await amounts()).toEqual([[97_640, '2026-11-05T03:30:00.000Z']])
  await clock.advance(day)
  expect(await amounts()).toEqual([
    [48_820, '2026-11-06T03:30:00.000Z'],
    [97_640, '2026-11-05T03:30:00.000Z'],
  ])
  expect(razorpay.balances().clearing).toBe(0n)
})

test('a report needs a month that there is', async () => {
  const { call } = await openRazorpay()
  const fieldOf = async (query: string) =>
    (await call('GET', `/v1/settlements/recon/combined?${query}`)).body.error?.field
  expect(await fieldOf('year=26&month=1')).toBe('year')
  expect(await fieldOf('year=2026&month=13')).toBe('month')
  expect(await fieldOf('year=2026&month=1&day=x')).toBe('day')
  expect(await fieldOf('year=2026&month=01&day=02')).toBeUndefined()
})
