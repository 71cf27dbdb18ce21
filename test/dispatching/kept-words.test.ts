import type { CallOutcome, Exchange } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { databases } from '../fixtures/databases.js'
import { inr, owe } from '../fixtures/deals.js'
import { START } from '../fixtures/open-ledger.js'
import { openShared } from '../fixtures/open-shared.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

const exchange: Exchange = {
  ...{ method: 'POST', path: '/v1/payouts', request: null, status: 200, answer: null },
  ...{ requestId: null, error: null, at: START },
}

describe.each(databases)('what a gateway says, on $name', (database) => {
  /** A payout of which the gateway says this. */
  async function told(outcome: CallOutcome, said: Partial<Exchange> = {}) {
    const { gateway, script } = scriptedGateway()
    const { ledgers } = await openShared(database, { storages: 1, gateways: { razorpay: gateway } })
    const [ledger] = ledgers
    if (!ledger) throw new Error('a ledger was asked for')
    await owe(ledger, 'priya', inr('1.00'))
    await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' })
    script.send = (_, { record }) => {
      record({ ...exchange, ...said })
      return outcome
    }
    await ledger.instructions.dispatch()
    const [kept] = await all(ledger.instructions.exchanges('payout:p'))
    return { kept, payout: await ledger.payouts.get('p'), ledger }
  }
  const processed = { outcome: 'processed', reference: 'pout_1' } as const

  test('is kept though no database takes it as it is', async () => {
    const odd = 'a\u0000b\ud83d'
    const said = { method: odd, path: `/${odd}`, request: odd, answer: odd, requestId: odd, error: odd }
    const { kept, payout } = await told(processed, said)
    expect(payout).toMatchObject({ state: 'processed' })
    const even = 'a\ufffdb\ufffd'
    expect(kept).toMatchObject({
      method: even,
      path: `/${even}`,
      request: even,
      answer: even,
      requestId: even,
      error: even,
    })
  })

  test('is kept without persons in its path, its error and its bodies', async () => {
    const said = {
      path: '/v1/x?email=priya%40example.com&contact=9876543210&fund_account_id=fa_1',
      request: JSON.stringify({ receiver: 'priya@example.com', sender_item_id: '1234567890123' }),
      answer: 'email=priya%40example.com&account_number=78',
      error: 'no account of priya@example.com',
    }
    const { kept } = await told(processed, said)
    expect(kept).toMatchObject({
      path: '/v1/x?email=[redacted]&contact=[redacted]&fund_account_id=fa_1',
      request: '{"receiver":"[redacted]","sender_item_id":"1234567890123"}',
      answer: 'email=[redacted]&account_number=[redacted]',
      error: 'no account of [redacted]',
    })
  })

  test.each([
    ['waiting', { outcome: 'waiting', reason: 'a\u0000b: no account of priya@example.com' }],
    ['unknown', { outcome: 'unknown', reason: 'a\u0000b: no account of priya@example.com' }],
    ['failed', { outcome: 'refused', code: 'a\u0000b', reason: 'no account of priya@example.com' }],
    ['failed', { outcome: 'reversed', reference: 'pout_1', reason: 'a\u0000b: no account of priya@example.com' }],
  ] as const)('is the reason for which it is %s, without persons', async (state, outcome) => {
    const { payout } = await told(outcome)
    expect(payout).toMatchObject({ state, reason: 'a\ufffdb: no account of [redacted]' })
  })

  test('is cut where it is long, and no character halved', async () => {
    const { payout } = await told({ outcome: 'refused', code: 'C', reason: `${'r'.repeat(495)}😀😀` })
    expect(payout.reason).toBe(`C: ${'r'.repeat(495)}\ufffd…`)
  })
})
