import { format, money, sum } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { DAY, HOUR } from '../fixtures/open-ledger.js'
import { open } from './open-paypal.js'

const long = process.env.TEST_LONG === '1'

const usd = (amount: string) => money(amount, 'USD')

/** PayPal with money in it, all of it owed to payees, each by so much. */
async function owing(opening: bigint, owed: Readonly<Record<string, string>>) {
  const opened = await open({ opening })
  const { ledger, sandbox } = opened
  const credits = Object.entries(owed).map(([payee, amount]) => ({
    account: `payee:${payee}:payable`,
    credit: usd(amount),
  }))
  const total = sum(
    credits.map(({ credit }) => credit),
    'USD',
  )
  const held = money(format({ minor: opening, currency: 'USD' }), 'USD')
  await ledger.journal.post({
    postings: [
      { account: 'gateway:paypal:clearing', debit: held },
      { account: 'opening-balances', credit: held },
    ],
  })
  await ledger.journal.post({ postings: [{ account: 'platform:promotions', debit: total }, ...credits] })
  const request = (id: string, payee: string, amount: string) =>
    ledger.payouts.request({ id, payee, amount: usd(amount), gateway: 'paypal' })
  const requests = (operation: string) => sandbox.log.all().filter((each) => each.operation === operation)
  const states = async () =>
    Object.fromEntries((await all(ledger.payouts.list())).map(({ id, state }) => [id.slice('payout:'.length), state]))
  /** What is in the account is what the books say, to the last cent. */
  const expectEqual = async () => {
    const { 'gateway:paypal:clearing USD': clearing = '0.00' } = await balances(ledger)
    expect(clearing).toBe(format({ minor: opened.held(), currency: 'USD' }))
    await expectClean(ledger)
  }
  return { ...opened, request, requests, states, expectEqual }
}

describe('payouts at PayPal', () => {
  test('fail, stay unclaimed and come back each by itself among good ones', async () => {
    const owed = { a: '10.00', gone: '20.00', lost: '30.00', b: '40.00', taken: '50.00' }
    const { ledger, sandbox, pass, request, requests, states } = await owing(100_000n, owed)
    sandbox.paypal.setPayoutOutcome('gone@example.com', 'FAILED')
    sandbox.paypal.setPayoutOutcome('lost@example.com', 'UNCLAIMED')
    for (const [payee, amount] of Object.entries(owed)) await request(payee, payee, amount)
    await ledger.instructions.dispatch()
    await pass(HOUR)
    await ledger.instructions.dispatch()
    expect(await states()).toEqual({
      a: 'processed',
      gone: 'failed',
      lost: 'accepted',
      b: 'processed',
      taken: 'processed',
    })
    expect([requests('createPayout').length, requests('getPayout').length]).toEqual([1, 1])
    const items = JSON.parse(requests('getPayout')[0]?.answer?.body ?? '').items
    const taken = items.find(({ payout_item: item }: { payout_item: { receiver: string } }) =>
      item.receiver.startsWith('taken'),
    )
    sandbox.paypal.takeBackPayout(taken.payout_item_id, 'REVERSED')
    await pass(31 * DAY)
    await ledger.instructions.dispatch()
    expect(await states()).toEqual({
      a: 'processed',
      gone: 'failed',
      lost: 'failed',
      b: 'processed',
      taken: 'reversed',
    })
    const said = await all(ledger.instructions.exchanges('payout:lost'))
    expect(said[0]?.request).toContain((await ledger.payouts.get('lost')).gatewayKey)
    expect(said[0]?.request).not.toContain((await ledger.payouts.get('a')).gatewayKey)
    await expectClean(ledger)
    expect(await balances(ledger)).toMatchObject({
      'payee:lost:payable USD': '30.00',
      'payee:taken:payable USD': '50.00',
    })
  })

  test('whose receiver cannot be one fails alone', async () => {
    const owed = { a: '10.00', nobody: '20.00', b: '40.00' }
    const { ledger, pass, request, requests, states, expectEqual } = await owing(100_000n, owed)
    for (const [payee, amount] of Object.entries(owed)) await request(payee, payee, amount)
    await ledger.instructions.dispatch()
    await pass(HOUR)
    await ledger.instructions.dispatch()
    expect(await states()).toEqual({ a: 'processed', nobody: 'failed', b: 'processed' })
    expect(requests('createPayout').map(({ body }) => JSON.parse(body).items.length)).toEqual([3, 2])
    const said = await all(ledger.instructions.exchanges('payout:nobody'))
    expect(said.map(({ status, answer }) => [status, answer?.includes('items[2].receiver')])).toEqual([[400, true]])
    await expectEqual()
  })

  test('wait for the balance, but for those that it is enough for', async () => {
    const owed = { a: '10.00', b: '10.00', c: '10.00', d: '10.00' }
    const { ledger, sandbox, pass, carryOn, request, states, expectEqual } = await owing(3_100n, owed)
    for (const payee of ['a', 'b', 'c', 'd']) await request(payee, payee, '10.00')
    await ledger.instructions.dispatch()
    expect(Object.values(await states()).sort()).toEqual(['accepted', 'accepted', 'accepted', 'waiting'])
    sandbox.paypal.topUp({ currency: 'USD', amountMinor: 5_000n })
    const amount = usd('50.00')
    await ledger.journal.post({
      postings: [
        { account: 'gateway:paypal:clearing', debit: amount },
        { account: 'opening-balances', credit: amount },
      ],
    })
    await pass(HOUR)
    await carryOn()
    expect(new Set(Object.values(await states()))).toEqual(new Set(['processed']))
    await expectEqual()
  })

  test('of 15,000 payees go out in one request, and are read a thousand at a time', async () => {
    const { ledger, pass, request, requests, expectEqual } = await owing(2_000_000n, { priya: '15000.00' })
    await Promise.all(Array.from({ length: 15_000 }, (_, index) => request(`p${index}`, 'priya', '1.00')))
    const sent = await ledger.instructions.dispatch({ concurrency: 64 })
    expect(sent).toEqual({ attempts: 15_000, byOutcome: { accepted: 15_000 }, failures: [] })
    expect(requests('createPayout').map(({ answer }) => answer?.status)).toEqual([201])
    await pass(HOUR)
    // All of them are asked about in the long run only: each is noted by itself.
    const limit = long ? 15_000 : 1_500
    const asked = await ledger.instructions.dispatch({ concurrency: 64, limit })
    expect(asked).toEqual({ attempts: limit, byOutcome: { processed: limit }, failures: [] })
    expect(requests('getPayout')).toHaveLength(Math.ceil(limit / 1_000))
    if (long) await expectEqual()
  }, 300_000)
})
