import { AsyncLocalStorage } from 'node:async_hooks'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { type Context, type ContextManager, context, ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api'
import { createLedger, createWorker, type Gateway, money } from 'escrow-ledger'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { DAY, openServer, paidSession, START } from './fixtures/open-server.js'
import { openTelemetry } from './fixtures/open-telemetry.js'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

async function openWatched() {
  const opened = openTelemetry()
  const server = await openServer({ observers: [opened.telemetry.httpObserver] })
  return { ...opened, ...server }
}

describe('requests', () => {
  test('each have a span, under the trace of whoever called', async () => {
    const { ask, spans } = await openWatched()
    await ask({ path: '/sessions/nobody', headers: { traceparent: `00-${TRACE}-${PARENT}-01` } })
    const [span] = spans.getFinishedSpans()
    expect(span?.name).toBe('GET /sessions/{id}')
    expect(span?.spanContext().traceId).toBe(TRACE)
    expect(span?.parentSpanContext).toMatchObject({ spanId: PARENT, isRemote: true })
    expect(span?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/sessions/{id}',
      'http.response.status_code': 404,
      'error.type': 'escrow_not_found',
      'enduser.id': 'olga',
    })
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })

  test.each([
    ['nothing', undefined],
    ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['nonsense', '00-zz-zz-01'],
  ])('begin a trace of their own where traceparent says %s', async (_, traceparent) => {
    const { ask, spans } = await openWatched()
    await ask({ path: '/health', headers: traceparent === undefined ? {} : { traceparent } })
    const [span] = spans.getFinishedSpans()
    expect(span?.parentSpanContext).toBeUndefined()
  })

  test('are counted by their routes, never by their paths', async () => {
    const { ask, pointsOf } = await openWatched()
    for (const id of ['a', 'b', 'c']) await ask({ path: `/sessions/${id}` })
    await ask({ path: '/no/such/path', method: 'GET' })
    const points = await pointsOf('http.server.request.duration')
    expect(points.map(({ attributes }) => attributes)).toEqual([
      { 'http.request.method': 'GET', 'http.route': '/sessions/{id}', 'http.response.status_code': 404 },
      { 'http.request.method': 'GET', 'http.response.status_code': 404 },
    ])
    expect(points[0]?.value).toMatchObject({ count: 3 })
  })

  test('with made-up methods make no series of their own', async () => {
    const { ask, pointsOf } = await openWatched()
    await ask({ path: '/health', method: 'BREW' })
    const [point] = await pointsOf('http.server.request.duration')
    expect(point?.attributes['http.request.method']).toBe('_OTHER')
  })

  test('that fail by a bug are errors of their span', async () => {
    const opened = openTelemetry()
    const { ask } = await openServer({
      observers: [opened.telemetry.httpObserver],
      authenticate: () => {
        throw new Error('secret words of a bug')
      },
    })
    expect(await ask({ path: '/sessions/s1' })).toMatchObject({ status: 500 })
    const [span] = opened.spans.getFinishedSpans()
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain('secret words')
  })

  test('under the same id are two spans', async () => {
    const { ask, spans } = await openWatched()
    const headers = { 'x-request-id': 'the-same-id' }
    await Promise.all([ask({ path: '/health', headers }), ask({ path: '/health', headers })])
    expect(spans.getFinishedSpans()).toHaveLength(2)
  })
})

/** Which span is under way, kept over awaits as the SDK for Node does. */
function keepContexts(): void {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (given, work, thisArg, ...args) => storage.run(given, () => work.apply(thisArg as never, args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  context.setGlobalContextManager(manager)
}

async function openObserved(gateways: Readonly<Record<string, Gateway>> = {}) {
  const opened = openTelemetry()
  const clock = { now: START, elapsed: 0 }
  const runtime = { now: () => clock.now, elapsed: () => clock.elapsed }
  const storage = createSqliteStorage({ filename: ':memory:' })
  const ledger = createLedger({ storage, gateways, runtime, observer: opened.telemetry.ledgerObserver })
  await ledger.migrate()
  onTestFinished(() => ledger.close())
  return { ...opened, ledger, clock }
}

const inr = (amount: string) => money(amount, 'INR')

/** Razorpay, of which no answer ever comes, and nothing can be found out. */
const mute: Gateway = {
  operations: { payout: { resendWindowMs: null, askedBy: null, absenceIsFinal: false } },
  send: async () => ({ outcome: 'unknown', reason: 'no answer' }),
  ask: async () => ({ outcome: 'unknown', reason: 'no answer' }),
}

describe('the engine', () => {
  afterEach(() => context.disable())

  test('is measured: commands, batches, units of work and the queue', async () => {
    const { ledger, pointsOf, gaugeOf } = await openObserved()
    await paidSession({ ledger })
    await ledger.escrows.settle({ id: 'nobody' }).catch(() => {})
    const commands = await pointsOf('escrow_ledger.command.duration')
    expect(commands.map(({ attributes }) => Object.values(attributes).join(' '))).toEqual([
      'escrows.open done',
      'escrows.fund done',
      'escrows.settle refused escrow_not_found',
    ])
    expect(await pointsOf('escrow_ledger.batch.size')).toEqual([
      expect.objectContaining({ attributes: { 'escrow_ledger.path': 'locked' } }),
    ])
    const [unit] = await pointsOf('escrow_ledger.unit_of_work.duration')
    expect(unit?.value).toMatchObject({ count: 3 })
    expect(await gaugeOf('escrow_ledger.queue.length')).toBe(0)
  })

  test('tells the commands of a request in its span', async () => {
    keepContexts()
    const opened = openTelemetry()
    const { ask } = await openServer({
      observers: [opened.telemetry.httpObserver],
      observer: opened.telemetry.ledgerObserver,
    })
    await ask({ as: 'backend', path: '/sessions/s1/complete', body: {} })
    await ask({ as: 'backend', path: '/sessions/settle', body: { id: 's1' } })
    const events = opened.spans.getFinishedSpans().flatMap((span) => span.events)
    expect(events.map(({ name }) => name)).toContain('escrow_ledger.command')
  })

  test('counts calls of gateways by what they came to', async () => {
    const { ledger, pointsOf } = await openObserved({ razorpay: mute })
    await owePayout(ledger)
    await ledger.instructions.dispatch()
    expect(await pointsOf('escrow_ledger.gateway.calls')).toEqual([
      expect.objectContaining({
        value: 1,
        attributes: {
          'escrow_ledger.gateway': 'razorpay',
          'escrow_ledger.kind': 'payout',
          'escrow_ledger.call': 'send',
          'escrow_ledger.outcome': 'unknown',
          'escrow_ledger.held_back': false,
        },
      }),
    ])
  })
})

async function owePayout(ledger: Awaited<ReturnType<typeof openObserved>>['ledger']): Promise<void> {
  await ledger.journal.post({
    postings: [
      { account: 'bank:hdfc', debit: inr('600.00') },
      { account: 'payee:priya:payable', credit: inr('600.00') },
    ],
  })
  await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
}

describe('the books', () => {
  test('are read when metrics are collected: the age of what is due', async () => {
    const { ledger, clock, telemetry, gaugeOf, pointsOf } = await openObserved()
    telemetry.watch(ledger, { everyMs: 0 })
    await paidSession({ ledger })
    await ledger.escrows.complete({ id: 's1' })
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(0)
    clock.now += DAY + 90_000
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(90)
    const [due] = await pointsOf('escrow_ledger.releases.due')
    expect(due).toMatchObject({ value: 1, attributes: { 'escrow_ledger.currency': 'INR' } })
    await ledger.settlements.run()
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(0)
    expect(await gaugeOf('escrow_ledger.releases.due')).toBe(0)
  })

  test('are left alone once the watch is stopped', async () => {
    const { ledger, clock, telemetry, gaugeOf } = await openObserved()
    const watched = telemetry.watch(ledger, { everyMs: 0 })
    await paidSession({ ledger })
    await ledger.escrows.complete({ id: 's1' })
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(0)
    watched.stop()
    clock.now += 2 * DAY
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(0)
  })

  test('tell which instructions are unknown, and which of them are left to people', async () => {
    const { ledger, telemetry, clock, gaugeOf } = await openObserved({ razorpay: mute })
    telemetry.watch(ledger, { everyMs: 0 })
    await owePayout(ledger)
    await ledger.instructions.dispatch()
    expect(await gaugeOf('escrow_ledger.instructions.unknown')).toBe(1)
    clock.now += DAY
    await ledger.instructions.dispatch()
    expect(await gaugeOf('escrow_ledger.instructions.left_to_operator')).toBe(1)
  })

  test('tell open suspense by its currency', async () => {
    const { ledger, telemetry, pointsOf } = await openObserved()
    telemetry.watch(ledger, { everyMs: 0 })
    await paidSession({ ledger })
    await ledger.escrows.fund({ id: 's1', amount: inr('7.00'), gateway: 'razorpay', reference: 'pay_twice' })
    const open = await pointsOf('escrow_ledger.suspense.open')
    expect(open.map(({ value, attributes }) => [value, attributes['escrow_ledger.currency']])).toEqual([[1, 'INR']])
  })

  test('tell how late the inbox is, and what is dead in it', async () => {
    const { ledger, telemetry, clock, gaugeOf } = await openObserved({ razorpay: { ...mute, webhooks: believing } })
    telemetry.watch(ledger, { everyMs: 0 })
    await ledger.webhooks.receive({ gateway: 'razorpay', headers: {}, rawBody: new TextEncoder().encode('{}') })
    clock.now += 42_000
    expect(await gaugeOf('escrow_ledger.inbox.lag')).toBe(42)
    expect(await gaugeOf('escrow_ledger.inbox.waiting')).toBe(1)
    await ledger.webhooks.apply()
    expect(await gaugeOf('escrow_ledger.inbox.lag')).toBe(0)
    expect(await gaugeOf('escrow_ledger.webhooks.dead')).toBe(0)
  })

  test('are read as seldom as was asked for', async () => {
    const { ledger, telemetry, clock, gaugeOf } = await openObserved()
    telemetry.watch(ledger, { everyMs: 10_000 })
    await paidSession({ ledger })
    await ledger.escrows.complete({ id: 's1' })
    clock.now += DAY + 1_000
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(1)
    clock.now += 5_000
    clock.elapsed += 5_000
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(1)
    clock.now += 5_000
    clock.elapsed += 5_000
    expect(await gaugeOf('escrow_ledger.unsettled.age')).toBe(11)
  })

  test('that cannot be read are told, and hide no other metric', async () => {
    const { ledger, telemetry, gaugeOf } = await openObserved()
    telemetry.watch(ledger, { everyMs: 0 })
    expect(await gaugeOf('escrow_ledger.book.readable')).toBe(1)
    await ledger.close()
    expect(await gaugeOf('escrow_ledger.book.readable')).toBe(0)
    expect(await gaugeOf('escrow_ledger.queue.length')).toBe(0)
  })

  test('are told with the tasks of a worker', async () => {
    const { ledger, telemetry, pointsOf } = await openObserved()
    const worker = createWorker(ledger, { manual: true })
    telemetry.watch(ledger, { worker })
    await worker.runOnce()
    const points = await pointsOf('escrow_ledger.worker.task.ok')
    expect(points.map(({ value, attributes }) => [attributes['escrow_ledger.task'], value])).toContainEqual([
      'settle',
      1,
    ])
  })
})

/** Takes every delivery for one about a payment. */
const believing: NonNullable<Gateway['webhooks']> = {
  verify: async () => ({
    gateway: 'razorpay',
    type: 'payment.captured',
    dedupeKeys: ['evt_1'],
    occurredAt: null,
    body: {},
  }),
  subjectsOf: () => [{ kind: 'payment', reference: 'pay_1', key: null }],
}
