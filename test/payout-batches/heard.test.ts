import { describe, expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { HOUR } from '../fixtures/open-ledger.js'
import { delivery, scriptedWebhooks } from '../fixtures/scripted-webhooks.js'
import { storages } from '../fixtures/storages.js'
import { openBatches } from './open-batches.js'

describe.each(storages)('on $name', ({ openLedger }) => {
  const opened = async (...payees: readonly string[]) => {
    const open = await openBatches(openLedger, {}, { webhooks: scriptedWebhooks })
    await open.pay(...payees)
    await open.ledger.instructions.dispatch()
    const { batch, gatewayReference } = await open.ledger.payouts.get(payees[0] ?? '')
    let deliveries = 0
    const hear = (key: string | null) => {
      deliveries += 1
      const subject = { kind: 'payout', reference: gatewayReference ?? '', key } as const
      return open.ledger.webhooks.receive(delivery({ key: `e-${deliveries}`, subjects: [subject] }))
    }
    const keyOf = async (payee: string) => (await open.ledger.payouts.get(payee)).gatewayKey
    return { ...open, batch, hear, keyOf }
  }

  test('an event about one payout of a batch is about that one', async () => {
    const { ledger, hear, keyOf, states } = await opened('a', 'b', 'c')
    await hear(await keyOf('c'))
    expect(await ledger.webhooks.apply()).toMatchObject({ byState: { applied: 1 } })
    expect(await states()).toEqual({ a: 'accepted', b: 'accepted', c: 'processed' })
  })

  test('events about all of them read the batch once', async () => {
    const { ledger, clock, hear, keyOf, states, read } = await opened('a', 'b', 'c', 'd')
    for (const payee of ['a', 'b', 'c', 'd']) await hear(await keyOf(payee))
    clock.now += 1
    await ledger.webhooks.apply()
    expect(new Set(Object.values(await states()))).toEqual(new Set(['processed']))
    expect([...read].sort()).toEqual([1, 2])
  })

  test('an event about the batch is about all of them', async () => {
    const { ledger, hear, batch, states, fates } = await opened('a', 'b', 'c', 'd')
    fates.set('b', { outcome: 'refused', code: 'RECEIVER_ACCOUNT_INVALID', reason: 'no such account' })
    await hear(batch)
    expect(await ledger.webhooks.apply()).toMatchObject({ byState: { applied: 1 } })
    expect(await states()).toEqual({ a: 'processed', b: 'failed', c: 'processed', d: 'processed' })
    await expectClean(ledger)
  })

  test('an event about a batch that is still under way leaves it so', async () => {
    const { ledger, hear, fates, read, states } = await opened('a', 'b', 'c', 'd')
    for (const payee of ['a', 'b', 'c', 'd']) fates.set(payee, { outcome: 'accepted', reference: null })
    await hear(null)
    await ledger.webhooks.apply()
    expect(new Set(Object.values(await states()))).toEqual(new Set(['accepted']))
    expect(read).toHaveLength(1)
  })

  test('an event about a payout whose batch nobody answered for sends all of the batch again', async () => {
    const { ledger, clock, pay, script, hear, keyOf, payees, states } = await opened('a')
    await pay('b', 'c')
    script.send = (_, take) => {
      take()
      return { outcome: 'unknown', reason: 'reset' }
    }
    await ledger.instructions.dispatch()
    script.send = (_, take) => take()
    await hear(await keyOf('c'))
    await ledger.webhooks.apply()
    expect(payees()).toEqual([['a'], ['b', 'c'], ['b', 'c']])
    expect(await states()).toEqual({ a: 'accepted', b: 'accepted', c: 'accepted' })
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect(new Set(Object.values(await states()))).toEqual(new Set(['processed']))
  })

  test('a payout that came back after it was processed is owed again, and no other', async () => {
    const { ledger, clock, fates, states, hear, keyOf } = await opened('a', 'b')
    clock.now += HOUR
    await ledger.instructions.dispatch()
    const reference = (await ledger.payouts.get('a')).gatewayReference ?? ''
    fates.set('a', { outcome: 'reversed', reference, reason: 'RETURNED' })
    await hear(await keyOf('a'))
    await ledger.webhooks.apply()
    expect(await states()).toEqual({ a: 'reversed', b: 'processed' })
    await expectClean(ledger)
  })
})
