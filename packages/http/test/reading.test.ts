import { money } from 'escrow-ledger'
import { beforeAll, describe, expect, test } from 'vitest'
import { acceptingGateway } from './fixtures/accepting-gateway.js'
import { wrongWith } from './fixtures/answer-check.js'
import { DAY, inr, openServer, paidSession, type Server, terms } from './fixtures/open-server.js'

const strict = {
  ...terms,
  deductions: [
    {
      ...{ kind: 'penalty' as const, name: 'low satisfaction', measure: 'satisfaction' },
      scale: { min: '1', max: '5' },
      tiers: [{ below: '3', percent: '25' }],
      from: 'coach',
      to: 'payer' as const,
    },
  ],
}

/** Books in which something of everything has happened, in two currencies. */
async function eventfulWorld(server: Server): Promise<void> {
  const { ledger, clock } = server
  const amount = money('1000.00', 'INR')
  const deal = { payer: 'chen', parties: { coach: 'priya' } }
  await ledger.escrows.open({ ...deal, id: 'rated', amount, terms: strict, metadata: { paidAt: 'the desk' } })
  await ledger.escrows.fund({ id: 'rated', amount, gateway: 'razorpay', reference: 'pay_rated' })
  await ledger.escrows.complete({ id: 'rated', measures: { satisfaction: 2 } })
  const dollars = money('50.00', 'USD')
  await ledger.escrows.open({ ...deal, id: 'dollars', amount: dollars, terms })
  await ledger.escrows.fund({ id: 'dollars', amount: dollars, gateway: 'razorpay', reference: 'pay_dollars' })
  await ledger.escrows.complete({ id: 'dollars' })
  clock.now += DAY
  await ledger.settlements.run()
  await paidSession(server, 'disputed')
  await ledger.escrows.dispute({ id: 'disputed', amount: inr('400.00'), reason: 'too short' })
  await ledger.escrows.resolve({ id: 'disputed', outcome: { payer: inr('150.00') } })
  await ledger.escrows.dispute({ id: 'disputed' })
  await paidSession(server, 'cancelled')
  await ledger.escrows.cancel({ id: 'cancelled', reason: 'rain' })
  await paidSession(server, 'elsewhere', 'kim', 'omar')
  await ledger.escrows.settle({ id: 'elsewhere', early: { reason: 'agreed' } })
  for (const [id, payee] of [
    ['p1', 'priya'],
    ['p2', 'omar'],
    ['p3', 'priya'],
    ['p4', 'priya'],
  ] as const) {
    clock.now += 1
    await ledger.payouts.request({ id, payee, amount: inr('10.00'), gateway: 'razorpay' })
  }
  await ledger.instructions.cancel({ id: 'payout:p3', reason: 'not now' })
  await ledger.accounts.freeze({ code: 'payee:omar:payable', reason: 'under review' })
  await ledger.accounts.open({ code: 'bank:old', currency: 'INR', type: 'asset' })
  await ledger.accounts.close({ code: 'bank:old' })
}

describe('in books in which much has happened', () => {
  let server: Server
  const get = (path: string, as = 'olga') => server.ask({ as, path })

  beforeAll(async () => {
    const closing: (() => Promise<void>)[] = []
    server = await openServer({
      gateways: { razorpay: acceptingGateway },
      whenDone: (close) => closing.push(close),
    })
    await eventfulWorld(server)
    return () => closing[0]?.()
  })

  test.each([
    ['sessions.get', '/sessions/rated'],
    ['sessions.get', '/sessions/disputed'],
    ['sessions.get', '/sessions/cancelled'],
    ['sessions.timeline', '/sessions/rated/timeline'],
    ['sessions.timeline', '/sessions/disputed/timeline'],
    ['sessions.timeline', '/sessions/cancelled/timeline'],
    ['sessions.preview', '/sessions/disputed/preview'],
    ['sessions.preview', '/sessions/rated/preview'],
    ['sessions.get', '/sessions/none'],
    ['payees.balance', '/payees/priya/balance'],
    ['payees.balance', '/payees/omar/balance?from=2026-11-20'],
    ['payees.balance', '/payees/none/balance'],
    ['payees.statement', '/payees/priya/statement?currency=INR'],
    ['payees.statement', '/payees/none/statement?currency=INR'],
    ['payees.statement', '/payees/priya/statement'],
    ['payouts.list', '/payouts'],
    ['payouts.list', '/payouts?state=cancelled&limit=1'],
    ['payouts.list', '/payouts?state=lost'],
    ['payouts.get', '/payouts/p3'],
    ['payouts.get', '/payouts/none'],
    ['accounts.list', '/accounts?limit=1000'],
    ['accounts.list', '/accounts?prefix=payee:omar&currency=INR'],
    ['accounts.statement', '/accounts/gateway:razorpay:clearing/statement?currency=USD'],
    ['accounts.statement', '/accounts/payee:priya:payable/statement?currency=INR&from=2026-11-01&through=2026-11-30'],
    ['accounts.statement', '/accounts/payee:priya:payable/statement?currency=INR&from=yesterday'],
    ['reports.trialBalance', '/reports/trial-balance'],
    ['reports.trialBalance', '/reports/trial-balance?asOf=2026-11-02&groupBy=kind'],
    ['reports.trialBalance', '/reports/trial-balance?asOf=2026-13-45'],
  ])('%s answers %s as it is documented', async (operation, path) => {
    expect(wrongWith(operation, await get(path))).toBeNull()
  })

  test('a session tells its parties what was agreed, as another could be opened on it', async () => {
    const { body } = await get('/sessions/rated', 'chen')
    expect(body.terms).toEqual({
      hold: { days: 1, hours: 0, minutes: 0 },
      step: '0.01',
      shares: terms.shares,
      deductions: [{ ...strict.deductions[0], to: [{ to: 'payer', weight: 1 }] }],
    })
    const full = {
      ...{ hold: { days: 0, hours: 5, minutes: 30 }, inspection: { days: 2, hours: 0, minutes: 0 }, step: '0.50' },
      shares: [
        { party: 'platform', percent: '12.5', floor: '10.00', cap: '90.00' },
        { party: 'desk', fixed: '25.00' },
        { party: 'coach', remainder: true },
      ],
      deductions: [
        {
          ...{ kind: 'penalty', name: 'late', measure: 'minutes', from: 'coach', scale: { min: '0', max: '60' } },
          tiers: [
            { atLeast: '30', percent: '50' },
            { atLeast: '10', fixed: '5.00' },
          ],
          whenMissing: { fixed: '1.00' },
          to: [
            { to: 'payer', weight: 2 },
            { to: 'platform', weight: 1 },
          ],
        },
      ],
    }
    const deal = { payer: 'chen', parties: { coach: 'priya', desk: 'dora' }, amount: inr('1000.00') }
    const other = await openServer()
    await other.ask({ path: '/sessions/open', body: { ...deal, id: 'a', terms: full } })
    const { body: agreed } = await other.ask({ path: '/sessions/a' })
    expect(agreed.terms).toEqual(full)
    expect((await other.ask({ path: '/sessions/open', body: { ...deal, id: 'b', terms: agreed.terms } })).status).toBe(
      201,
    )
    expect((await other.ledger.escrows.get('b')).terms).toEqual((await other.ledger.escrows.get('a')).terms)
    expect(wrongWith('sessions.get', await other.ask({ path: '/sessions/a' }))).toBeNull()
  })

  test('a session tells its deductions, and its disputes with what came of them', async () => {
    expect((await get('/sessions/rated', 'priya')).body).toMatchObject({
      status: 'settled',
      measures: { satisfaction: '2' },
      metadata: { paidAt: 'the desk' },
      shares: { coach: { allotted: inr('800.00'), deducted: inr('200.00'), released: inr('600.00') } },
      deductions: [{ name: 'low satisfaction', from: 'coach', taken: inr('200.00'), shortfall: inr('0.00') }],
    })
    expect((await get('/sessions/disputed', 'chen')).body).toMatchObject({
      held: inr('0.00'),
      frozen: inr('850.00'),
      disputes: [
        { amount: inr('400.00'), reason: 'too short', toPayer: inr('150.00') },
        { amount: inr('850.00'), resolvedAt: null, toPayer: null },
      ],
    })
  })

  test('a story comes in pages, or whole', async () => {
    const whole = await get('/sessions/rated/timeline')
    expect(whole.body.next).toBeNull()
    const steps: object[] = []
    for (let after = ''; ; ) {
      const { body } = await get(`/sessions/rated/timeline?limit=2${after}`)
      expect(body.steps.length).toBeLessThanOrEqual(2)
      steps.push(...body.steps)
      if (body.next === null) break
      after = `&after=${body.next}`
    }
    expect(steps).toEqual(whole.body.steps)
    expect(steps.length).toBeGreaterThan(3)
  })

  test('a balance is what is payable and what is on its way, by currency', async () => {
    const { body } = await get('/payees/priya/balance', 'priya')
    expect(body.balances).toMatchObject([
      { currency: 'INR', payable: inr('580.00'), onItsWay: inr('20.00') },
      { currency: 'USD', payable: { amount: '40.00', currency: 'USD' }, onItsWay: { amount: '0.00', currency: 'USD' } },
    ])
    for (const { payable, madeUpOf } of body.balances) {
      expect(madeUpOf).toMatchObject({ complete: true })
      expect(madeUpOf.lines.at(-1).balance).toEqual(payable)
    }
  })

  test('a payee sees its own payouts alone, and so does one who asks for another’s', async () => {
    const ids = ({ body }: Awaited<ReturnType<typeof get>>) => body.items.map(({ id }: { id: string }) => id)
    expect(ids(await get('/payouts', 'priya'))).toEqual(['p1', 'p3', 'p4'])
    expect(ids(await get('/payouts?state=recorded', 'priya'))).toEqual(['p1', 'p4'])
    expect(ids(await get('/payouts'))).toEqual(['p1', 'p2', 'p3', 'p4'])
    expect(ids(await get('/payouts?payee=omar'))).toEqual(['p2'])
    expect(await get('/payouts?payee=omar', 'priya')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await get('/payouts/p2', 'priya')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const first = await get('/payouts?limit=1', 'priya')
    // Where a page of omar's would start is a place in priya's list as well, and shows priya's alone.
    expect(ids(await get(`/payouts?after=${encodeURIComponent(first.body.next)}`, 'priya'))).toEqual(['p3', 'p4'])
    const others = await get('/payouts?limit=2')
    expect(ids(await get(`/payouts?after=${encodeURIComponent(others.body.next)}`, 'priya'))).toEqual(['p3', 'p4'])
  })

  test('the trial balance of a day has what had happened by then', async () => {
    const { body } = await get('/reports/trial-balance?asOf=2026-11-02')
    for (const { debit, credit } of body.totals) expect(debit).toEqual(credit)
    expect(body.rows).toContainEqual(expect.objectContaining({ account: 'escrow:rated', credit: inr('1000.00') }))
    const now = await get('/reports/trial-balance')
    const still = now.body.rows.find(({ account }: { account: string }) => account === 'escrow:rated')
    expect(still).toMatchObject({ debit: null, credit: inr('0.00') })
  })

  const forged = [[], [null], [{}], [1, 2, 'x'], [1.5, 'p1'], ['1', '2', '3'], [1, 'p\u0000'], [2 ** 60, 'p1']]
  test.each([
    '/payouts?',
    '/accounts?',
    '/payees/priya/statement?currency=INR&',
    '/accounts/payee:priya:payable/statement?currency=INR&',
  ])('a forged cursor is refused by %s', async (path) => {
    for (const values of forged) {
      const after = encodeURIComponent(encodeURIComponent(JSON.stringify(values)))
      const answer = await get(`${path}after=${after}`)
      expect(answer, JSON.stringify(values)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } })
    }
  })

  test.each([
    '/sessions/%00',
    '/payees/p%00/balance',
    '/payouts/%00',
    '/payouts?payee=%00',
    '/accounts?prefix=%00',
    '/accounts?currency=%00',
    '/accounts/%00/statement?currency=INR',
    '/payouts?state=recorded&state=sending',
    '/accounts?limit=1e2',
    '/accounts?limit=1001',
    '/accounts?page=2',
    '/sessions/rated/timeline?after=-1',
  ])('what no list can mean is refused: %s', async (path) => {
    const answer = await get(path)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
    expect(answer.body.issues.length).toBeGreaterThan(0)
  })
})

describe('a probe', () => {
  test('is not ready while the process stops, and healthy still', async () => {
    const { ask, handler } = await openServer()
    expect(await ask({ as: null, path: '/ready' })).toMatchObject({ status: 200, body: { status: 'ready' } })
    await handler.drain()
    const stopping = await ask({ as: null, path: '/ready' })
    expect(stopping).toMatchObject({ status: 503, body: { code: 'draining', retryable: true } })
    expect(wrongWith('ready', stopping)).toBeNull()
    expect(await ask({ as: null, path: '/health' })).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await ask({ path: '/accounts' })).toMatchObject({ status: 503, body: { code: 'draining' } })
  })

  test('is not ready while the database is away, and healthy still', async () => {
    const { ask, ledger } = await openServer()
    await ledger.close()
    const away = await ask({ as: null, path: '/ready' })
    expect(away).toMatchObject({ status: 503, body: { code: 'not_ready', retryable: true } })
    expect(wrongWith('ready', away)).toBeNull()
    expect((await ask({ as: null, path: '/health' })).status).toBe(200)
  })
})
