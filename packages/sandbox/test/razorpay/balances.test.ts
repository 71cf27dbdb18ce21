import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRazorpay, payoutRequest } from '../fixtures/open-razorpay.js'

type Opened = Awaited<ReturnType<typeof openRazorpay>>

const steps = [
  ...['pay', 'payPart', 'refund', 'instantRefund', 'transfer', 'reverse', 'hold', 'topUp', 'payout', 'queue', 'settle'],
  ...['failRefund', 'failPayout', 'reversePayout', 'failTransfer', 'dispute', 'win', 'lose', 'minute', 'hour', 'day'],
] as const

const total = (given: unknown): bigint =>
  typeof given === 'bigint'
    ? given
    : Object.values(given as object).reduce<bigint>((sum, each) => sum + total(each), 0n)

/** Takes steps at random; those that make no sense in the state that things are in are refused, and change nothing. */
async function take(opened: Opened, accounts: string[], funds: string, [step, amount, pick]: [string, number, number]) {
  const { razorpay, sdk, call, clock, sandbox } = opened
  const state = (await (await fetch(`${razorpay.url}/sandbox/state/razorpay`)).json()) as Record<
    string,
    { id: string }[]
  >
  const some = (table: string) => state[table]?.[pick % Math.max(1, state[table]?.length ?? 0)]?.id ?? `${table}_none`
  const account = accounts[pick % accounts.length] ?? ''
  const payout = (more: object) =>
    call(
      'POST',
      '/v1/payouts',
      { ...payoutRequest(funds, amount, razorpay.accountNumber), ...more },
      {
        'X-Payout-Idempotency': `key-${sandbox.log.all().length}`,
      },
    )
  const deeds: Record<(typeof steps)[number], () => unknown> = {
    pay: () => opened.paid(amount),
    payPart: () => opened.paid(amount, { authorizeOnly: true }),
    refund: () => call('POST', `/v1/payments/${some('payments')}/refund`, { amount }),
    instantRefund: () => call('POST', `/v1/payments/${some('payments')}/refund`, { amount, speed: 'optimum' }),
    transfer: () =>
      call('POST', `/v1/payments/${some('payments')}/transfers`, { transfers: [{ account, amount, currency: 'INR' }] }),
    reverse: () => call('POST', `/v1/transfers/${some('transfers')}/reversals`, { amount }),
    hold: () => sdk.transfers.edit(some('transfers'), { on_hold: pick % 2 === 0 }),
    topUp: () => razorpay.topUp(BigInt(amount)),
    payout: () => payout({}),
    queue: () => payout({ queue_if_low_balance: true }),
    settle: () => razorpay.settle(pick % 2 === 0 ? undefined : account),
    failRefund: () => razorpay.failRefund(some('refunds')),
    failPayout: () => razorpay.failPayout(some('payouts')),
    reversePayout: () => razorpay.reversePayout(some('payouts')),
    failTransfer: () => razorpay.failTransfer(some('transfers')),
    dispute: () => razorpay.openDispute(some('payments'), { amountMinor: BigInt(amount), holdBack: pick % 2 === 0 }),
    win: () => razorpay.winDispute(some('disputes')),
    lose: () => razorpay.loseDispute(some('disputes')),
    minute: () => clock.advance(60_000),
    hour: () => clock.advance(3_600_000),
    day: () => clock.advance(86_400_000),
  }
  try {
    await deeds[step as (typeof steps)[number]]()
  } catch {
    // An act that makes no sense now.
  }
}

test('whatever happens, money neither comes from nowhere nor gets lost, and only a dispute makes the balance owe', async () => {
  const step = fc.tuple(fc.constantFrom(...steps), fc.integer({ min: 100, max: 100_000 }), fc.nat({ max: 20 }))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (taken) => {
      const opened = await openRazorpay()
      const accounts = [await opened.linkedAccount(), await opened.linkedAccount()]
      const funds = await opened.fundAccount()
      let disputed = false
      for (const each of taken) {
        disputed ||= each[0] === 'dispute'
        await take(opened, accounts, funds, each)
        const { outside, clearing, ...held } = opened.razorpay.balances()
        expect(total(held) + clearing + total(outside)).toBe(0n)
        const pockets = Object.values(held).flatMap((each) => (typeof each === 'bigint' ? [each] : Object.values(each)))
        for (const amount of pockets) expect(amount).toBeGreaterThanOrEqual(0n)
        if (!disputed) expect(clearing).toBeGreaterThanOrEqual(0n)
      }
      expect(opened.sandbox.log.all().flatMap(({ bug }) => bug ?? [])).toEqual([])
      await opened.sandbox.close()
    }),
    { numRuns: process.env.TEST_LONG === '1' ? 500 : 25 },
  )
})
