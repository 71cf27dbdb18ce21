import type { CallOutcome, Gateway, GatewayCall } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { fundedDeal, inr } from '../fixtures/deals.js'
import { HOUR, openLedger } from '../fixtures/open-ledger.js'
import { refundsAndPayouts } from '../fixtures/operations.js'
import { codeOf } from '../fixtures/outcomes.js'

/** A gateway that answers what it is told to, and remembers what it was sent and asked. */
function scripted(options: Partial<Gateway> = {}) {
  const script: { outcome: CallOutcome } = { outcome: { outcome: 'processed', reference: 'rfnd-1' } }
  const sent: GatewayCall[] = []
  const asked: GatewayCall[] = []
  const gateway: Gateway = {
    operations: refundsAndPayouts(HOUR),
    send: async (call) => {
      sent.push(call)
      return script.outcome
    },
    ask: async (call) => {
      asked.push(call)
      return script.outcome
    },
    ...options,
  }
  return { script, sent, asked, gateway }
}

/** A deal of which a small part was refunded: an instruction that is recorded. */
async function refundedDeal(gateway: Gateway, amount = '0.50') {
  const opened = await openLedger({ gateways: { razorpay: gateway } })
  await fundedDeal(opened.ledger, 's')
  await opened.ledger.escrows.refund({ id: 's', amount: inr(amount) })
  const [instruction] = await all(opened.ledger.instructions.list())
  return { ...opened, id: instruction?.id ?? '' }
}

describe("a refund below the gateway's minimum", () => {
  test('is listed and not sent, however often it is looked at', async () => {
    const { sent, asked, gateway } = scripted({ minimumMinor: () => 100n })
    const { ledger, clock, id } = await refundedDeal(gateway)
    for (let attempts = 1; attempts <= 4; attempts += 1) {
      expect(await ledger.instructions.dispatch()).toEqual({ attempts: 1, byOutcome: { waiting: 1 }, failures: [] })
      expect(await ledger.instructions.get(id)).toMatchObject({ state: 'waiting', attempts })
      clock.now += 24 * HOUR
    }
    expect([sent, asked]).toEqual([[], []])
    expect(await balances(ledger)).toMatchObject({ 'refunds:in-transit:razorpay INR': '0.50' })
    await expectClean(ledger)
  })

  test('can be cancelled, since it was never sent, and sent another way', async () => {
    const { gateway } = scripted({ minimumMinor: () => 100n })
    const { ledger, id } = await refundedDeal(gateway)
    await ledger.instructions.dispatch()
    await ledger.instructions.cancel({ id })
    await ledger.instructions.resend({ id, gateway: 'manual' })
    expect(await balances(ledger)).toMatchObject({ 'refunds:in-transit:manual INR': '0.50' })
    await expectClean(ledger)
  })
})

describe('a call that the gateway puts off', () => {
  test('is sent again later, as if for the first time', async () => {
    const { script, sent, asked, gateway } = scripted({ operations: refundsAndPayouts(null) })
    const { ledger, clock, id } = await refundedDeal(gateway)
    script.outcome = { outcome: 'waiting', reason: 'not enough balance' }
    await ledger.instructions.dispatch()
    expect(await ledger.instructions.get(id)).toMatchObject({ state: 'waiting', reason: 'not enough balance' })
    clock.now += HOUR
    script.outcome = { outcome: 'processed', reference: 'rfnd-1' }
    await ledger.instructions.dispatch()
    expect(await ledger.instructions.get(id)).toMatchObject({ state: 'processed', gatewayReference: 'rfnd-1' })
    expect([sent.length, asked.length]).toEqual([2, 0])
  })

  test('after nobody knew what had become of it counts as sent', async () => {
    const { script, sent, asked, gateway } = scripted({ operations: refundsAndPayouts(null) })
    const { ledger, clock, id } = await refundedDeal(gateway)
    script.outcome = { outcome: 'unknown', reason: 'timeout' }
    await ledger.instructions.dispatch()
    clock.now += HOUR
    script.outcome = { outcome: 'waiting', reason: 'under review' }
    await ledger.instructions.dispatch()
    expect(await codeOf(ledger.instructions.cancel({ id }))).toBe('instruction_state')
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect([sent.length, asked.length]).toEqual([1, 2])
  })
})
