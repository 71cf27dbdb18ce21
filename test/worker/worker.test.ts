import { createWorker, type Gateway, type Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { completedDeal, inr } from '../fixtures/deals.js'
import { DAY, HOUR, START } from '../fixtures/open-ledger.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { storages } from '../fixtures/storages.js'
import { until } from '../fixtures/until.js'

/** The ledger, but for payout runs by one gateway, which fail. */
function refusing(ledger: Ledger): Ledger {
  const book: Ledger['book'] = (name) => {
    const { payouts, ...rest } = ledger.book(name)
    const run: typeof payouts.run = async (options) => {
      if (options.gateway === 'refused') throw new Error('nothing is paid out by refused')
      return payouts.run(options)
    }
    return { ...rest, payouts: { ...payouts, run } }
  }
  return { ...ledger, book }
}

describe.each(storages)('on $name', ({ openLedger }) => {
  async function dueDeal() {
    const scripted = scriptedGateway()
    scripted.script.send = (call) => ({ outcome: 'processed', reference: call.key })
    const opened = await openLedger({ gateways: { razorpay: scripted.gateway } })
    await completedDeal(opened.ledger, 's')
    opened.clock.now += DAY
    return { ...opened, ...scripted }
  }

  const payouts = [{ gateway: 'razorpay' }] as const

  describe('one round of a worker', () => {
    test('settles what is due, pays out what is owed, and sends it', async () => {
      const { ledger, sent } = await dueDeal()
      const worker = createWorker(ledger, { manual: true, payouts })
      expect(await worker.runOnce()).toMatchObject({ ok: true, state: 'running' })
      expect(await balances(ledger)).toEqual({
        'gateway:razorpay:clearing INR': '200.00',
        'platform:fees INR': '200.00',
      })
      expect(sent.map(({ kind, amount }) => [kind, amount])).toEqual([['payout', inr('800.00')]])
      await worker.runOnce()
      expect(sent).toHaveLength(1)
      await expectClean(ledger)
      await worker.stop()
    })

    test('of many workers does everything once', async () => {
      const { ledger, sent } = await dueDeal()
      const workers = Array.from({ length: 4 }, () => createWorker(ledger, { manual: true, payouts }))
      await Promise.all(workers.map((worker) => worker.runOnce()))
      await Promise.all(workers.map((worker) => worker.runOnce()))
      expect(sent).toHaveLength(1)
      await expectClean(ledger)
    })

    test('goes on when a task of it fails, and its health tells so', async () => {
      const { ledger } = await dueDeal()
      const told: string[] = []
      const logger = { info: () => {}, error: (_: object, message: string) => void told.push(message) }
      const worker = createWorker(refusing(ledger), { manual: true, logger, payouts: [{ gateway: 'refused' }] })
      const health = await worker.runOnce()
      expect(health.ok).toBe(false)
      expect(health.tasks.filter(({ lastError }) => lastError !== null).map(({ task }) => task)).toEqual(['payouts'])
      expect(told).toEqual([expect.stringMatching(/^payouts of main failed: /)])
      expect(await balances(ledger)).toMatchObject({ 'payee:priya:payable INR': '800.00' })
    })
  })

  test('a gateway that tells no settlements fails the round, after the others were asked', async () => {
    const telling = (list: NonNullable<Gateway['settlements']>['list']) => {
      const settlements = { fetch: async () => null, async *lines() {}, list }
      return scriptedGateway({}, { settlements }).gateway
    }
    const away = telling(() => {
      throw new Error('connect ECONNREFUSED')
    })
    const nothing = inr('0.00')
    const up = telling(async function* () {
      const amount = inr('10.00')
      yield { reference: 'setl_1', state: 'processed', amount, fee: nothing, tax: nothing, utr: null, at: START }
    })
    const { ledger } = await openLedger({ gateways: { away, up } })
    const { tasks } = await createWorker(ledger, { manual: true }).runOnce()
    const failed = tasks.filter(({ lastError }) => lastError !== null)
    expect(failed).toMatchObject([{ task: 'statements', lastError: 'away told no settlements: connect ECONNREFUSED' }])
    expect(await ledger.movements.get({ kind: 'settlement', gateway: 'up', reference: 'setl_1' })).toMatchObject({
      state: 'in_transit',
    })
  })

  test('gateways are asked what they did since they last answered, and by a new worker for weeks', async () => {
    const days: number[] = []
    let silent = false
    const clawbacks: Gateway['clawbacks'] = {
      fetch: async () => null,
      async *list({ from, through }) {
        days.push((through - from) / DAY)
        if (silent) throw new Error('connect ECONNREFUSED')
        yield* []
      },
    }
    const { ledger, clock } = await openLedger({ gateways: { razorpay: scriptedGateway({}, { clawbacks }).gateway } })
    const worker = createWorker(ledger, { manual: true })
    await worker.runOnce()
    clock.now += 20 * DAY
    silent = true
    await worker.runOnce()
    clock.now += DAY
    silent = false
    await worker.runOnce()
    await worker.runOnce()
    await createWorker(ledger, { manual: true }).runOnce()
    expect(days).toEqual([35, 27, 28, 7, 35])
  })

  test('only the first of several books polls what gateways have sent', async () => {
    const settlements: Gateway['settlements'] = {
      fetch: async () => null,
      async *lines() {},
      async *list() {
        const nothing = inr('0.00')
        const amount = inr('10.00')
        yield { reference: 'setl_1', state: 'processed', amount, fee: nothing, tax: nothing, utr: null, at: START }
      },
    }
    const { ledger } = await openLedger({ gateways: { razorpay: scriptedGateway({}, { settlements }).gateway } })
    const worker = createWorker(ledger, { books: ['main', 'eu'], manual: true })
    const { tasks } = await worker.runOnce()
    expect(tasks.filter(({ task }) => task === 'statements').map(({ book }) => book)).toEqual(['main'])
    expect(await all(ledger.movements.list())).toHaveLength(1)
    expect(await all(ledger.book('eu').movements.list())).toEqual([])
  })

  describe('a logger', () => {
    const full = () => {
      throw new Error('disk full')
    }
    const fullLater = async () => full()
    test.each([
      ['throws', { info: full, error: full }],
      ['rejects', { info: fullLater, error: fullLater }],
    ])('that %s stops no task', async (_, logger) => {
      const { ledger, sent } = await dueDeal()
      const worker = createWorker(refusing(ledger), {
        manual: true,
        logger,
        payouts: [...payouts, { gateway: 'refused' }],
      })
      const { tasks } = await worker.runOnce()
      expect(sent).toHaveLength(1)
      const failed = tasks.filter(({ lastError }) => lastError !== null)
      expect(failed).toMatchObject([
        { task: 'payouts', lastError: expect.stringContaining('nothing is paid out by refused') },
      ])
    })
  })

  describe('a worker that goes on by itself', () => {
    test('does what falls due, in each of its books, until it is stopped', async () => {
      const { ledger, clock } = await dueDeal()
      const other = ledger.book('eu')
      await completedDeal(other, 'e')
      clock.now += DAY
      const everyMs = { settle: 1, dispatch: 1, inbox: 1, payouts: 1, statements: 1 }
      const worker = createWorker(ledger, { books: ['main', 'eu'], everyMs })
      await until('the other deal is settled', async () => (await other.escrows.get('e')).status === 'settled')
      await until('the deal is settled', async () => (await ledger.escrows.get('s')).status === 'settled')
      await worker.stop()
      expect(worker.health()).toMatchObject({ state: 'stopped', ok: true })
      await completedDeal(ledger, 'late')
      clock.now += 2 * DAY
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect((await ledger.escrows.get('late')).status).toBe('completed')
    })

    test('finishes the call that it has begun before it has stopped', async () => {
      const { ledger, script } = await dueDeal()
      await ledger.settlements.run()
      await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('800.00'), gateway: 'razorpay' })
      let begun = false
      let finish: () => void = () => {}
      script.send = async (call) => {
        begun = true
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return { outcome: 'processed', reference: call.key }
      }
      const worker = createWorker(ledger, { everyMs: { dispatch: HOUR } })
      await until('the call has begun', () => begun)
      const stopping = worker.stop()
      expect(worker.health().state).toBe('stopping')
      finish()
      await stopping
      expect(await ledger.payouts.get('p')).toMatchObject({ state: 'processed' })
    })
  })
})
