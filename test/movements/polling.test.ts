import type { Gateway, GatewaySettlement } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, expectClean } from '../fixtures/balances.js'
import { fundedDeal, inr } from '../fixtures/deals.js'
import { DAY, openLedger, START } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

type Settlements = NonNullable<Gateway['settlements']>

function settlement(reference: string, changes: Partial<GatewaySettlement> = {}): GatewaySettlement {
  const facts = { amount: inr('10.00'), fee: inr('0.00'), tax: inr('0.00'), utr: null, at: START }
  return { reference, state: 'processed', ...facts, ...changes }
}

const telling = (list: Settlements['list']): Gateway => {
  const settlements = { fetch: async () => null, async *lines() {}, list }
  return scriptedGateway({}, { settlements }).gateway
}

/** A ledger with INR 1,000.00 in Razorpay's clearing account, and what its gateway tells of settlements. */
async function polled(...told: GatewaySettlement[]) {
  const razorpay = telling(async function* () {
    yield* told
  })
  const opened = await openLedger({ gateways: { razorpay } })
  await fundedDeal(opened.ledger, 's1')
  return { ...opened, told }
}

/** A ledger whose gateway has 20 milliseconds for each step of its list. */
const listed = (list: Settlements['list']) =>
  openLedger({ gateways: { razorpay: { ...telling(list), deadlineMs: 20 } } })

describe('polling', () => {
  test('posts what the gateway has sent, once', async () => {
    const { ledger } = await polled(settlement('setl_1'), settlement('setl_2', { state: 'created' }))
    const poll = { told: 2, posted: 1, contradicted: [], unanswered: [] }
    expect(await ledger.movements.poll()).toEqual(poll)
    expect(await ledger.movements.poll({ gateway: 'razorpay', backMs: DAY })).toEqual(poll)
    expect(await all(ledger.movements.list())).toMatchObject([{ reference: 'setl_1', amount: inr('10.00') }])
    await expectClean(ledger)
  })

  test('asks for nothing before 1970, whatever the clock says', async () => {
    const asked: number[] = []
    const { ledger, clock } = await listed(async function* ({ from, through }) {
      asked.push(from, through)
      yield settlement('setl_1', { amount: inr('0.00') })
    })
    clock.now = DAY
    await ledger.movements.poll({ backMs: 2 * DAY })
    expect(asked).toEqual([0, DAY])
  })

  test('has nothing to post of a settlement of nothing', async () => {
    const { ledger } = await polled(settlement('setl_0', { amount: inr('0.00') }), settlement('setl_1'))
    expect(await ledger.movements.poll()).toEqual({ told: 2, posted: 2, contradicted: [], unanswered: [] })
    expect(await all(ledger.movements.list())).toMatchObject([{ reference: 'setl_1' }])
  })

  test.each([
    ['another amount', settlement('setl_1', { amount: inr('11.00') }), /is known with 10\.00 INR/],
    ['nothing', settlement('setl_1', { amount: inr('0.00') }), /must be more than zero/],
    ['an amount below zero', settlement('setl_3', { amount: inr('-1.00') }), /must be more than zero/],
    ['no reference', settlement(''), /reference must not be empty/],
    ['a reference that no database keeps', settlement('setl\u0000'), /control characters/],
  ])('tells of a settlement with %s, and goes on', async (_, odd, reason) => {
    const { ledger, told } = await polled(settlement('setl_1'))
    await ledger.movements.poll()
    told.splice(0, 1, odd, settlement('setl_2'))
    expect(await ledger.movements.poll()).toEqual({
      told: 2,
      posted: 1,
      contradicted: [{ gateway: 'razorpay', reference: odd.reference, reason: expect.stringMatching(reason) }],
      unanswered: [],
    })
    expect((await all(ledger.movements.list())).map(({ reference }) => reference)).toEqual(['setl_1', 'setl_2'])
    await expectClean(ledger)
  })

  test('tells of a settlement that failed by the books, and now is sent', async () => {
    const { ledger, told } = await polled(settlement('setl_1'))
    await ledger.movements.poll()
    told[0] = settlement('setl_1', { state: 'failed' })
    expect(await ledger.movements.poll()).toMatchObject({ posted: 1, contradicted: [] })
    expect(await ledger.movements.poll()).toMatchObject({ posted: 1, contradicted: [] })
    told[0] = settlement('setl_1')
    const reason = expect.stringContaining('and is failed: not what is stated now')
    const contradicted = [{ gateway: 'razorpay', reference: 'setl_1', reason }]
    expect(await ledger.movements.poll()).toEqual({ told: 1, posted: 0, contradicted, unanswered: [] })
    await expectClean(ledger)
  })

  test('tells of a gateway that does not answer, and asks the others', async () => {
    const away = telling(() => {
      throw new Error('connect ECONNREFUSED')
    })
    const halfway = telling(async function* () {
      yield settlement('setl_1')
      throw new Error('503')
    })
    const up = telling(async function* () {
      yield settlement('setl_2')
    })
    const { ledger } = await openLedger({ gateways: { away, halfway, up } })
    const unanswered = [
      { gateway: 'away', reason: 'connect ECONNREFUSED' },
      { gateway: 'halfway', reason: '503' },
    ]
    expect(await ledger.movements.poll()).toEqual({ told: 2, posted: 2, contradicted: [], unanswered })
    expect(await all(ledger.movements.list())).toMatchObject([{ gateway: 'halfway' }, { gateway: 'up' }])
  })

  test.each([
    ['gateway_not_found', { gateway: 'nobody' }],
    ['invalid_input', { gateway: 5 as never }],
    ['invalid_input', { backMs: Number.NaN }],
    ['invalid_input', { backMs: -DAY }],
  ])('is refused with %s for %j', async (code, options) => {
    const { ledger } = await polled()
    expect(await codeOf(ledger.movements.poll(options))).toBe(code)
  })
})

describe('a list of settlements', () => {
  test('is read no further when a step of it takes too long', async () => {
    let answer: () => void = () => {}
    let ended = false
    const signals: AbortSignal[] = []
    const { ledger } = await listed(async function* (_, { signal }) {
      signals.push(signal)
      try {
        yield settlement('setl_1')
        await new Promise<void>((resolve) => {
          answer = resolve
        })
        yield settlement('setl_2')
        throw new Error('nobody reads on')
      } finally {
        ended = true
      }
    })
    const unanswered = [{ gateway: 'razorpay', reason: 'no answer within 20 ms' }]
    expect(await ledger.movements.poll()).toEqual({ told: 1, posted: 1, contradicted: [], unanswered })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    answer()
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toBe(true)
    expect(await all(ledger.movements.list())).toHaveLength(1)
  })

  test('that whoever reads it leaves is ended', async () => {
    const stop = new AbortController()
    const signals: AbortSignal[] = []
    let ended = false
    const { ledger } = await listed(async function* (_, { signal }) {
      signals.push(signal)
      try {
        yield settlement('setl_1')
        stop.abort()
        yield settlement('setl_2')
        yield settlement('setl_3')
      } finally {
        ended = true
      }
    })
    expect(await ledger.movements.poll({ signal: stop.signal })).toMatchObject({ told: 1, posted: 1 })
    expect(ended).toBe(true)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})
