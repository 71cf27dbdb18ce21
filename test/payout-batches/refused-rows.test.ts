import type { BatchOutcome } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { expectClean } from '../fixtures/balances.js'
import { HOUR } from '../fixtures/open-ledger.js'
import { storages } from '../fixtures/storages.js'
import type { TestDatabase } from '../fixtures/test-database.js'
import { openBatches } from './open-batches.js'

/** Lets the database refuse whatever becomes of one payout, or one state of it. */
const refuse = (database: TestDatabase, payout: string, when = '') =>
  database.refuse({ table: 'ledger_instructions', on: 'UPDATE', when: `NEW.id = 'payout:${payout}' ${when}` })

const failure = (payout: string) => ({ id: `payout:${payout}`, code: 'storage_refused' })

describe.each(storages)('payouts of which the database on $name refuses one', ({ openLedger }) => {
  test.each(['a', 'c', 'd'])('go out without it, though it is %s', async (payee) => {
    const { ledger, database, clock, pay, paid, states } = await openBatches(openLedger)
    await pay('a', 'b', 'c', 'd')
    await refuse(database, payee)
    expect(await ledger.instructions.dispatch()).toMatchObject({
      ...{ attempts: 3, byOutcome: { accepted: 3 }, failures: [failure(payee)] },
    })
    expect(await states()).toMatchObject({ [payee]: 'recorded' })
    await database.allow()
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect(paid()).toEqual({ a: 1, b: 1, c: 1, d: 1 })
    await expectClean(ledger)
  })

  test('go out without it when many more are due before it, and it is tried once', async () => {
    const { ledger, database, pay, paid } = await openBatches(openLedger)
    const others = Array.from({ length: 30 }, (_, index) => `p${index}`)
    await pay(...others)
    await pay('worst')
    await refuse(database, 'worst')
    expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 30, failures: [failure('worst')] })
    expect(Object.keys(paid())).toHaveLength(30)
    await expectClean(ledger)
  })

  test('go out though that one only waits', async () => {
    const { ledger, database, pay, paid } = await openBatches(openLedger)
    await pay('nowhere', 'b', 'c')
    await refuse(database, 'nowhere')
    expect(await ledger.instructions.dispatch()).toMatchObject({ attempts: 2, failures: [failure('nowhere')] })
    expect(paid()).toEqual({ b: 1, c: 1 })
    await expectClean(ledger)
  })

  test('go out within the limit that it would have used up', async () => {
    const { ledger, database, pay, paid } = await openBatches(openLedger)
    await pay('a', 'b', 'c')
    await refuse(database, 'a')
    await ledger.instructions.dispatch({ limit: 1 })
    expect(paid()).toEqual({ b: 1 })
    await expectClean(ledger)
  })

  test('go on though what the gateway says of it cannot be kept', async () => {
    const { ledger, database, pay, script, paid, states } = await openBatches(openLedger)
    await pay('a', 'bad', 'c', 'd')
    const refused = (because: readonly string[]): BatchOutcome => ({
      ...{ outcome: 'refused', code: 'VALIDATION_ERROR', reason: 'Invalid request', because },
    })
    script.send = (batch, take) => {
      const bad = batch.payouts.filter(({ party }) => party === 'bad').map(({ key }) => key)
      return bad.length > 0 ? refused(bad) : take()
    }
    await refuse(database, 'bad', "AND NEW.state = 'failed'")
    expect(await ledger.instructions.dispatch()).toMatchObject({
      ...{ byOutcome: { accepted: 3 }, failures: [failure('bad')] },
    })
    expect(paid()).toEqual({ a: 1, c: 1, d: 1 })
    expect(await states()).toEqual({ a: 'accepted', bad: 'sending', c: 'accepted', d: 'accepted' })
    await expectClean(ledger)
  })
})
