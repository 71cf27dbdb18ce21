import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSandbox, type Sandbox } from '../../src/index.js'
import { inTheNameOf } from './auth-assertion.js'
import { createCaller } from './caller.js'
import { DAY, usd, whole } from './open-sandbox.js'

interface Step {
  readonly what: 'pay' | 'refund' | 'release' | 'payout' | 'outcome' | 'dispute' | 'resolve' | 'advance' | 'top up'
  readonly cents: number
  readonly pick: number
}

const steps = fc.array(
  fc.record<Step>({
    what: fc.constantFrom(
      'pay',
      'pay',
      'refund',
      'release',
      'payout',
      'outcome',
      'dispute',
      'resolve',
      'advance',
      'top up',
    ),
    cents: fc.integer({ min: 1, max: 20_000 }),
    pick: fc.nat(20),
  }),
  { minLength: 5, maxLength: 25 },
)

const value = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

/** Does anything at random; PayPal may refuse it. */
function createActor(sandbox: Sandbox, seller: string) {
  const { paypal, clock } = sandbox
  const call = createCaller(sandbox)
  const [captures, items, disputes]: string[][] = [[], [], []]
  const one = (list: string[] | undefined, pick: number) => list?.[pick % Math.max(1, list.length)] ?? 'NONE'
  const attempt = (act: () => void) => {
    try {
      act()
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
    }
  }

  async function pay({ cents, pick }: Step) {
    const mode = pick % 2 === 0 ? 'DELAYED' : 'INSTANT'
    const fee = { platform_fees: [{ amount: usd(value(Math.ceil(cents / 5))) }], disbursement_mode: mode }
    const unit = { amount: usd(value(cents)), payee: { merchant_id: seller }, payment_instruction: fee }
    const order = await call('POST', '/v2/checkout/orders', { intent: 'CAPTURE', purchase_units: [unit] })
    paypal.approve(order.body.id)
    const paid = await call('POST', `/v2/checkout/orders/${order.body.id}/capture`, {}, whole)
    if (paid.status === 201) captures?.push(paid.body.purchase_units[0].payments.captures[0].id)
  }

  async function payout({ cents, pick }: Step) {
    const receiver = `r${pick % 3}@payee.example`
    const item = { receiver, amount: { currency: 'USD', value: value(cents) } }
    const sent = await call('POST', '/v1/payments/payouts', { sender_batch_header: {}, items: [item] })
    if (sent.status !== 201) return
    await clock.advance(60_000)
    const batch = await call('GET', `/v1/payments/payouts/${sent.body.batch_header.payout_batch_id}`)
    items?.push(batch.body.items[0].payout_item_id)
  }

  return async (step: Step): Promise<void> => {
    const { what, cents, pick } = step
    if (what === 'pay') return pay(step)
    if (what === 'payout') return payout(step)
    if (what === 'advance') return clock.advance(cents * 50)
    if (what === 'top up') return paypal.topUp({ currency: 'USD', amountMinor: BigInt(cents) })
    if (what === 'refund') {
      const path = `/v2/payments/captures/${one(captures, pick)}/refund`
      await call('POST', path, { amount: usd(value(cents)) }, inTheNameOf(seller))
    }
    if (what === 'release') {
      const reference = { reference_id: one(captures, pick), reference_type: 'TRANSACTION_ID' }
      await call('POST', '/v1/payments/referenced-payouts-items', reference)
    }
    if (what === 'outcome') {
      const outcomes = ['SUCCESS', 'UNCLAIMED', 'FAILED', 'ONHOLD'] as const
      paypal.setPayoutOutcome(`r${pick % 3}@payee.example`, outcomes[cents % 4] ?? 'SUCCESS')
      attempt(() => (cents % 2 === 0 ? paypal.claimPayout(one(items, pick)) : paypal.returnPayout(one(items, pick))))
    }
    if (what === 'dispute') attempt(() => void disputes?.push(paypal.openDispute(one(captures, pick))))
    if (what === 'resolve')
      attempt(() => paypal.resolveDispute(one(disputes, pick), cents % 3 === 0 ? 'buyer' : 'seller'))
  }
}

/** All that an account has. No pocket of it holds less than nothing, but for the balance after a lost dispute. */
function totalOf({ paypal }: Sandbox, merchantId: string, lostDispute: boolean): bigint {
  const pockets = Object.entries(paypal.balances()).filter(([pocket]) => pocket.endsWith(merchantId))
  for (const [pocket, { USD = 0n }] of pockets) {
    if (!(lostDispute && pocket.startsWith('balance:'))) expect(USD).toBeGreaterThanOrEqual(0n)
  }
  return pockets.filter(([pocket]) => !pocket.startsWith('unclaimed:')).reduce((sum, [, { USD = 0n }]) => sum + USD, 0n)
}

async function report(sandbox: Sandbox, merchantId: string, path: string) {
  return (await createCaller(sandbox)('GET', `/v1/reporting/${path}`, undefined, inTheNameOf(merchantId))).body
}

const cents = (amount?: { value: string }) => BigInt((amount?.value ?? '0.00').replace('.', ''))

const balanceOf = async (sandbox: Sandbox, merchantId: string): Promise<bigint> =>
  cents((await report(sandbox, merchantId, 'balances')).balances[0].total_balance)

/** What the transactions of an account come to, and what its balance is said to be after the last of them. */
async function reported(sandbox: Sandbox, merchantId: string): Promise<{ sum: bigint; last: bigint }> {
  const day = (shift: number) => new Date(sandbox.clock.now() + shift * DAY).toISOString()
  const body = await report(sandbox, merchantId, `transactions?start_date=${day(-20)}&end_date=${day(1)}&page_size=500`)
  const rows: Record<string, { value: string }>[] = body.transaction_details.map(
    (row: { transaction_info: object }) => row.transaction_info,
  )
  return {
    sum: rows.reduce((sum, row) => sum + cents(row.transaction_amount) + cents(row.fee_amount), 0n),
    last: cents(rows.at(-1)?.ending_balance),
  }
}

describe('whatever happens', () => {
  test('no account holds what its transactions do not say, nor less than nothing but after a lost dispute', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const sandbox = await createSandbox({
          paypal: { reportingDelayMs: 0, openingBalances: { USD: 5000n }, paymentFee: { basisPoints: 349 } },
        })
        try {
          const { paypal } = sandbox
          const seller = paypal.onboardSeller()
          const act = createActor(sandbox, seller)
          for (const step of list) await act(step)
          const lostDispute = list.some(({ what }) => what === 'resolve')
          for (const merchantId of [paypal.merchantId, seller]) {
            const total = totalOf(sandbox, merchantId, lostDispute)
            expect(await reported(sandbox, merchantId)).toEqual({ sum: total, last: total })
          }
          // What is held is disbursed by then, and what nobody has claimed is back.
          await sandbox.clock.advance(31 * DAY)
          for (const merchantId of [paypal.merchantId, seller]) {
            expect(await balanceOf(sandbox, merchantId)).toBe(totalOf(sandbox, merchantId, lostDispute))
          }
          expect(sandbox.log.all().filter(({ bug }) => bug !== undefined)).toEqual([])
        } finally {
          await sandbox.close()
        }
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })
})
