import { describe, expect, test } from 'vitest'
import { booksOf, DAY, inr, openServer, paidSession, terms } from './fixtures/open-server.js'

describe('a session', () => {
  test('lives from opening to payout, over HTTP', async () => {
    const server = await openServer()
    const { ask, clock, ledger } = server
    const opened = await ask({
      as: 'backend',
      path: '/sessions/open',
      body: { id: 's1', payer: 'chen', parties: { coach: 'priya' }, amount: inr('1000.00'), terms },
    })
    expect(opened).toMatchObject({ status: 201, body: { session: 's1', status: 'opened', dueAt: null } })
    await ledger.escrows.fund({ id: 's1', amount: inr('1000.00'), gateway: 'razorpay', reference: 'pay_1' })
    const completed = await ask({ as: 'chen', path: '/sessions/complete', body: { id: 's1' } })
    expect(completed).toMatchObject({ status: 200, body: { status: 'completed', dueAt: '2026-11-03T09:00:00.000Z' } })
    const early = await ask({ path: '/sessions/settle', body: { id: 's1' } })
    expect(early).toMatchObject({
      status: 409,
      body: { code: 'escrow_not_due', facts: { dueAt: '2026-11-03T09:00:00.000Z' } },
    })
    clock.now += DAY
    expect(await ask({ path: '/sessions/settle', body: { id: 's1' } })).toMatchObject({ body: { status: 'settled' } })
    const balance = await ask({ as: 'priya', path: '/payees/priya/balance' })
    expect(balance.body.balances).toMatchObject([
      {
        currency: 'INR',
        payable: inr('800.00'),
        madeUpOf: { opening: inr('0.00'), lines: [{ credit: inr('800.00') }] },
      },
    ])
    const payout = { id: 'p1', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' }
    expect(await ask({ as: 'priya', path: '/payouts/request', body: payout })).toMatchObject({
      status: 201,
      body: { id: 'p1', state: 'recorded', amount: inr('600.00') },
    })
    expect((await ask({ as: 'priya', path: '/payouts' })).body.items).toMatchObject([{ id: 'p1' }])
    const { body } = await ask({ as: 'priya', path: '/payees/priya/balance' })
    expect(body.balances).toMatchObject([{ payable: inr('200.00'), onItsWay: inr('600.00') }])
  })

  test('tells its story and what settling would post', async () => {
    const server = await openServer()
    await paidSession(server)
    await server.ledger.escrows.complete({ id: 's1' })
    const { body } = await server.ask({ as: 'priya', path: '/sessions/s1/timeline' })
    expect(body.steps.map(({ command }: { command: string }) => command)).toEqual(['open', 'fund', 'complete'])
    const preview = await server.ask({ as: 'chen', path: '/sessions/s1/preview' })
    expect(preview.body.entries[0].postings).toContainEqual({
      account: 'payee:priya:payable',
      debit: null,
      credit: inr('800.00'),
    })
    expect(preview.body.after).toMatchObject({ session: 's1', status: 'settled' })
    expect((await server.ask({ as: 'chen', path: '/sessions/s1' })).body).toMatchObject({
      held: inr('1000.00'),
      payer: 'chen',
    })
  })
})

describe("somebody else's session", () => {
  test.each([
    ['GET', '/sessions/s1', undefined],
    ['GET', '/sessions/s1/timeline', undefined],
    ['GET', '/sessions/s1/preview', undefined],
    ['POST', '/sessions/complete', { id: 's1' }],
    ['POST', '/sessions/dispute', { id: 's1' }],
    ['POST', '/payments/create-order', { id: 'o', session: 's1', gateway: 'razorpay' }],
  ] as const)('is as if it were not there: %s %s', async (method, path, body) => {
    const server = await openServer()
    await paidSession(server)
    const before = await booksOf(server.ledger)
    const hidden = await server.ask({ as: 'mallory', method, path, body })
    expect(hidden.status).toBe(404)
    const other = await server.ask({
      as: 'mallory',
      method,
      path: path.replace('s1', 'sX'),
      body: body && JSON.parse(JSON.stringify(body).replace('s1', 'sX')),
    })
    expect({ ...other.body, instance: '' }).toEqual({ ...hidden.body, instance: '' })
    expect(await booksOf(server.ledger)).toBe(before)
  })
})
