import type { BatchOutcome, PayoutBatch } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { HOUR } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { storages } from '../fixtures/storages.js'
import { openBatches } from './open-batches.js'

const has = ({ payouts }: PayoutBatch, payee: string) => payouts.some(({ party }) => party === payee)
const refused = (because: readonly string[]): BatchOutcome => ({
  ...{ outcome: 'refused', code: 'VALIDATION_ERROR', reason: 'Invalid request', because },
})
const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

describe.each(storages)('on $name', ({ openLedger }) => {
  test('a payout that the gateway names fails alone, and the others go without it at once', async () => {
    const { ledger, pay, script, payees, paid, states } = await openBatches(openLedger)
    await pay('a', 'bad', 'c', 'worse')
    script.send = (batch, take) => {
      const because = batch.payouts.filter(({ party }) => ['bad', 'worse'].includes(party)).map(({ key }) => key)
      return because.length > 0 ? refused(because) : take()
    }
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { accepted: 2, refused: 2 }, failures: [] })
    expect(payees()).toEqual([
      ['a', 'bad', 'c', 'worse'],
      ['a', 'c'],
    ])
    expect(paid()).toEqual({ a: 1, c: 1 })
    expect(await states()).toEqual({ a: 'accepted', bad: 'failed', c: 'accepted', worse: 'failed' })
    expect((await ledger.payouts.get('bad')).reason).toBe('VALIDATION_ERROR: Invalid request')
    expect(await balances(ledger)).toMatchObject({ 'payee:bad:payable INR': '100.00' })
    await expectClean(ledger)
  })

  test('a payout that the gateway does not name is found by halves', async () => {
    const { ledger, pay, script, sent, paid, states } = await openBatches(openLedger)
    await pay(...many)
    script.send = (batch, take) => (has(batch, 'f') ? refused([]) : take())
    expect(await ledger.instructions.dispatch()).toMatchObject({ byOutcome: { accepted: 7, refused: 1 } })
    expect(sent).toHaveLength(7)
    expect(new Set(sent.map(({ key }) => key)).size).toBe(7)
    expect(Object.keys(paid()).sort()).toEqual(many.filter((each) => each !== 'f'))
    expect((await states()).f).toBe('failed')
    await expectClean(ledger)
  })

  test('a balance that is too small for all pays as many as it is enough for, and the rest later', async () => {
    const { ledger, clock, pay, script, sent, paid, states } = await openBatches(openLedger)
    await pay(...many)
    let left = 5
    script.send = (batch, take) => {
      if (batch.payouts.length > left) return { outcome: 'waiting', reason: 'INSUFFICIENT_FUNDS', partly: true }
      left -= batch.payouts.length
      return take()
    }
    await ledger.instructions.dispatch()
    expect(sent.map(({ payouts }) => payouts.length)).toEqual([8, 4, 4, 2, 1, 1])
    expect(Object.keys(paid())).toHaveLength(5)
    expect(Object.values(await states()).filter((state) => state === 'waiting')).toHaveLength(3)
    left = 3
    clock.now += HOUR
    await ledger.instructions.dispatch()
    expect(Object.keys(paid())).toHaveLength(8)
    await expectClean(ledger)
  })

  test('a gateway that is asked too much is asked once', async () => {
    const { ledger, pay, script, sent, states } = await openBatches(openLedger)
    await pay('a', 'b')
    script.send = () => ({ outcome: 'waiting', reason: '429', partly: false })
    await ledger.instructions.dispatch()
    expect(sent).toHaveLength(1)
    expect(await states()).toEqual({ a: 'waiting', b: 'waiting' })
    // It was never sent, so it can be taken back, and the other goes on without it.
    expect(await codeOf(ledger.instructions.cancel({ id: 'payout:a' }))).toBe('ok')
    expect((await ledger.payouts.get('b')).batch).toBe(null)
  })
})
