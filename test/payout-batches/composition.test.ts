import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, money } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { owe } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE, openLedger as openSqlite } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { storages } from '../fixtures/storages.js'
import { openBatches } from './open-batches.js'

describe.each(storages)('on $name', ({ openLedger }) => {
  describe('payouts that are due', () => {
    test('go out in one request, are read together, and each keeps what was said of it', async () => {
      const { ledger, clock, pay, payees, paid, read, sent } = await openBatches(openLedger)
      await pay('a', 'b', 'c', 'd', 'e')
      expect(await ledger.instructions.dispatch()).toEqual({ attempts: 5, byOutcome: { accepted: 5 }, failures: [] })
      expect(payees()).toEqual([['a', 'b', 'c', 'd', 'e']])
      const [batch] = sent
      const { batch: key, gatewayKey, gatewayReference } = await ledger.instructions.get('payout:c')
      expect([key, gatewayReference]).toEqual([batch?.key, `ref-${batch?.key}`])
      const said = await all(ledger.instructions.exchanges('payout:c'))
      expect(said.map(({ request, status }) => [request, status])).toEqual([[`about ${gatewayKey}`, 201]])
      clock.now += HOUR
      expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { processed: 5 } })
      expect([...read].sort()).toEqual([1, 2, 3])
      expect(paid()).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1 })
      expect(await balances(ledger)).toMatchObject({ 'gateway:razorpay:clearing INR': '-500.00' })
      await expectClean(ledger)
    })

    test('go in one batch a currency, no larger than the gateway takes', async () => {
      const { ledger, pay, sent } = await openBatches(openLedger, { maximum: 2 })
      await pay('a', 'b', 'c')
      const amount = money('7.00', 'USD')
      await owe(ledger, 'd', amount)
      await ledger.payouts.request({ id: 'd', payee: 'd', amount, gateway: 'razorpay' })
      await ledger.instructions.dispatch()
      const told = sent.map(({ payouts }) => payouts.map((each) => each.amount.currency).join()).sort()
      expect(told).toEqual(['INR', 'INR,INR', 'USD'])
    })

    test('are no more than were asked for', async () => {
      const { ledger, pay, payees } = await openBatches(openLedger)
      await pay('a', 'b', 'c', 'd')
      expect(await ledger.instructions.dispatch({ limit: 3 })).toMatchObject({ attempts: 3 })
      expect(payees()).toEqual([['a', 'b', 'c']])
      await ledger.instructions.dispatch({ limit: 3 })
      expect(payees()).toEqual([['a', 'b', 'c'], ['d']])
    })

    test('leave behind the one of which it is not known where it goes', async () => {
      const { ledger, pay, payees, states } = await openBatches(openLedger)
      await pay('a', 'nowhere', 'b')
      expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { accepted: 2, waiting: 1 } })
      expect(payees()).toEqual([['a', 'b']])
      expect(await states()).toEqual({ a: 'accepted', nowhere: 'waiting', b: 'accepted' })
      expect(await codeOf(ledger.instructions.cancel({ id: 'payout:nowhere' }))).toBe('ok')
    })

    test('are each in one batch when two workers come at once', async () => {
      const { ledger, pay, paid, states } = await openBatches(openLedger, { maximum: 3 })
      await pay('a', 'b', 'c', 'd', 'e', 'f', 'g')
      await Promise.all([1, 2, 3].map(() => ledger.instructions.dispatch({ limit: 5 })))
      await ledger.instructions.dispatch()
      expect(Object.values(paid())).toEqual([1, 1, 1, 1, 1, 1, 1])
      expect(new Set(Object.values(await states()))).toEqual(new Set(['accepted']))
    })
  })

  test('a payout that comes to a page which was read already is not sent again', async () => {
    const { ledger, clock, gateway, pay, paid, states } = await openBatches(openLedger)
    await pay('a', 'b', 'c')
    await ledger.instructions.dispatch()
    const { gatewayReference: reference } = await ledger.payouts.get('a')
    const keys = await Promise.all(['a', 'b', 'c'].map(async (payee) => (await ledger.payouts.get(payee)).gatewayKey))
    const done = { outcome: 'processed', reference: reference ?? '' } as const
    const page = (...shown: readonly number[]) => new Map(shown.map((index) => [keys[index] ?? '', done]))
    const { payoutBatches } = gateway
    if (!payoutBatches || reference === null) throw new Error('the gateway takes batches')
    // The gateway finishes c between the two pages, and puts it on the first.
    const pages = [
      { outcome: 'read', payouts: page(0), others: { outcome: 'accepted', reference }, more: true },
      { outcome: 'read', payouts: page(1), others: { outcome: 'absent' }, more: false },
    ] as const
    payoutBatches.read = async ({ page: number }) => pages[number - 1] ?? { outcome: 'unknown', reason: 'no page' }
    clock.now += HOUR
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { processed: 2, accepted: 1 } })
    await ledger.instructions.dispatch()
    expect(await states()).toEqual({ a: 'processed', b: 'processed', c: 'accepted' })
    expect(paid()).toEqual({ a: 1, b: 1, c: 1 })
    await expectClean(ledger)
  })

  describe('a batch whose answer was lost', () => {
    const lost = async () => {
      const opened = await openBatches(openLedger)
      await opened.pay('a', 'b', 'c')
      opened.script.send = (_, take) => {
        take()
        return { outcome: 'unknown', reason: 'reset' }
      }
      await opened.ledger.instructions.dispatch()
      opened.script.send = (_, take) => take()
      return opened
    }

    test('goes again as it was, and what was asked for meanwhile goes by itself', async () => {
      const { ledger, clock, pay, payees, paid, sent } = await lost()
      await pay('d')
      expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 1 })
      clock.now += MINUTE
      expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { accepted: 3, processed: 1 } })
      expect(payees()).toEqual([['a', 'b', 'c'], ['d'], ['a', 'b', 'c']])
      expect(sent[2]).toEqual({ ...sent[0], payouts: sent[2]?.payouts })
      expect(sent[2]?.payouts.map(({ key }) => key)).toEqual(sent[0]?.payouts.map(({ key }) => key))
      expect(paid()).toEqual({ a: 1, b: 1, c: 1, d: 1 })
    })

    test('goes again without those that an operator has settled', async () => {
      const { ledger, clock, payees } = await lost()
      await ledger.instructions.resolve({ id: 'payout:b', failed: { reason: 'paid in cash' } })
      clock.now += MINUTE
      // All that is left of it, whatever the limit.
      await ledger.instructions.dispatch({ limit: 1 })
      expect(payees()).toEqual([
        ['a', 'b', 'c'],
        ['a', 'c'],
      ])
      await expectClean(ledger)
    })

    test('lets go of one that an operator says never arrived', async () => {
      const { ledger, clock, payees } = await lost()
      await ledger.instructions.resolve({ id: 'payout:b', absent: true })
      clock.now += MINUTE
      await ledger.instructions.dispatch()
      expect(payees().slice(1).sort()).toEqual([['a', 'c'], ['b']])
    })

    test('is left to an operator when its key is good no more', async () => {
      const { ledger, clock, payees, states } = await lost()
      clock.now += DAY
      await ledger.instructions.dispatch()
      clock.now += DAY
      expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 0 })
      expect(payees()).toHaveLength(1)
      expect(await states()).toEqual({ a: 'unknown', b: 'unknown', c: 'unknown' })
      expect((await ledger.payouts.get('a')).reason).toContain((await ledger.payouts.get('a')).batch)
      await ledger.instructions.resolve({ id: 'payout:a', processed: { reference: 'seen' } })
      await expectClean(ledger)
    })

    test('that was put off when it went again is still that batch', async () => {
      const { ledger, clock, pay, payees, script, states } = await lost()
      script.send = () => ({ outcome: 'waiting', reason: 'no balance', partly: true })
      clock.now += MINUTE
      await ledger.instructions.dispatch()
      expect(await states()).toEqual({ a: 'waiting', b: 'waiting', c: 'waiting' })
      expect(await codeOf(ledger.instructions.cancel({ id: 'payout:a' }))).toBe('instruction_state')
      await pay('d')
      script.send = (_, take) => take()
      clock.now += HOUR / 2
      await ledger.instructions.dispatch()
      expect(payees().slice(2).sort()).toEqual([['a', 'b', 'c'], ['d']])
    })
  })
})

test('a batch whose process died goes again as it was, in another process', async () => {
  const { ledger, database, clock, pay, payees, paid, sent, script, gateway } = await openBatches(openSqlite)
  await pay('a', 'b', 'c')
  script.send = (_, take) => {
    take()
    return new Promise(() => {})
  }
  // Its process is gone: what it goes on with, when its call gets no answer, fails by itself.
  ledger.instructions.dispatch().catch(() => {})
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const storage = createSqliteStorage({ database })
  const other = createLedger({ storage, gateways: { razorpay: gateway }, runtime: { now: () => clock.now } })
  await pay('d')
  script.send = (_, take) => take()
  await other.instructions.dispatch()
  expect(payees()).toEqual([['a', 'b', 'c'], ['d']])
  clock.now += 5 * MINUTE
  await other.instructions.dispatch()
  expect(payees()[2]).toEqual(['a', 'b', 'c'])
  expect(sent[2]?.key).toBe(sent[0]?.key)
  expect(paid()).toEqual({ a: 1, b: 1, c: 1, d: 1 })
  await expectClean(other)
})
