import { createModelStorage, createTestRuntime } from '@escrow-ledger/testkit'
import { createLedger, type Storage } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { DAY, START } from '../fixtures/open-ledger.js'
import { openOverlapping } from '../fixtures/open-overlapping.js'
import { codeOf, tallyOf } from '../fixtures/outcomes.js'
import { storages } from '../fixtures/storages.js'

const tenRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}

const ways = [
  ...storages,
  {
    name: 'a storage across a network',
    openLedger: openOverlapping,
    createStorage: async (): Promise<Storage> => createModelStorage({ runtime: createTestRuntime(), overlap: {} }),
  },
]

describe.each(ways)('on $name', ({ openLedger, createStorage }) => {
  describe('the queue', () => {
    test('refuses what is past its bound, and carries out what it took', async () => {
      const { ledger } = await openLedger({ limits: { maxQueued: 8 } })
      const calls = Array.from({ length: 20 }, () => ledger.journal.post(tenRupees))
      expect(await tallyOf(calls)).toEqual({ ok: 8, overloaded: 12 })
      expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '80.00' })
    })

    test('takes the same call under the same key when there is room again', async () => {
      const { ledger } = await openLedger({ limits: { maxQueued: 1 } })
      const post = (idempotencyKey: string) => ledger.journal.post(tenRupees, { idempotencyKey })
      expect(await Promise.all([post('a'), post('b')].map(codeOf))).toEqual(['ok', 'overloaded'])
      expect(await post('b')).toMatchObject({ replayed: false })
      expect(await all(ledger.journal.list())).toHaveLength(2)
    })

    test('is bounded for each book by itself', async () => {
      const { ledger } = await openLedger({ limits: { maxQueued: 1 } })
      const calls = ['main', 'eu', 'in'].map((name) => ledger.book(name).journal.post(tenRupees))
      expect(await tallyOf(calls)).toEqual({ ok: 3 })
    })

    test('keeps the order of arrival, however small the batches', async () => {
      const { ledger } = await openLedger({ limits: { maxBatch: 3 } })
      const calls = Array.from({ length: 20 }, (_, index) =>
        ledger.journal.post({ ...tenRupees, reference: `r${index}` }),
      )
      await Promise.all(calls)
      const references = (await all(ledger.journal.list())).map((entry) => entry.reference)
      expect(references).toEqual(Array.from({ length: 20 }, (_, index) => `r${index}`))
    })

    test('bounds batches by the size of what was asked as well', async () => {
      const { ledger } = await openLedger({ limits: { maxBatchSize: 10 } })
      expect(await tallyOf(Array.from({ length: 5 }, () => ledger.journal.post(tenRupees)))).toEqual({ ok: 5 })
    })
  })

  describe('a signal', () => {
    test('takes back a call that is still queued', async () => {
      const { ledger } = await openLedger({})
      const controller = new AbortController()
      const first = ledger.journal.post(tenRupees)
      const second = ledger.journal.post(tenRupees, { signal: controller.signal, idempotencyKey: 'second' })
      controller.abort(new Error('the request was closed'))
      await expect(second).rejects.toMatchObject({ code: 'aborted', retryable: true, cause: controller.signal.reason })
      await first
      expect(await all(ledger.journal.list())).toHaveLength(1)
      expect(await ledger.journal.post(tenRupees, { idempotencyKey: 'second' })).toMatchObject({ replayed: false })
    })

    test('that has fired already lets nothing in', async () => {
      const { ledger } = await openLedger({})
      expect(await codeOf(ledger.journal.post(tenRupees, { signal: AbortSignal.abort() }))).toBe('aborted')
      expect(await all(ledger.journal.list())).toEqual([])
    })

    test('has no effect once its call was carried out', async () => {
      const { ledger } = await openLedger({})
      const controller = new AbortController()
      await ledger.journal.post(tenRupees, { signal: controller.signal })
      controller.abort()
      expect(await all(ledger.journal.list())).toHaveLength(1)
    })

    test('frees its place in the queue', async () => {
      const { ledger } = await openLedger({ limits: { maxQueued: 1 } })
      const controller = new AbortController()
      const calls = [ledger.journal.post(tenRupees, { signal: controller.signal })]
      controller.abort()
      calls.push(ledger.journal.post(tenRupees))
      expect(await Promise.all(calls.map(codeOf))).toEqual(['aborted', 'ok'])
    })
  })

  describe('closing', () => {
    test('finishes what was accepted, and takes nothing more', async () => {
      const storage = await createStorage()
      // The database is gone once it is closed, so it is looked at just before.
      let found: Record<string, string> = {}
      const ledger = createLedger({
        storage: {
          ...storage,
          close: async () => {
            found = await balances(ledger)
            await storage.close()
          },
        },
        limits: { maxBatch: 4 },
      })
      await ledger.migrate()
      const calls = Array.from({ length: 30 }, () => ledger.journal.post(tenRupees))
      const closing = ledger.close()
      expect(await codeOf(ledger.journal.post(tenRupees))).toBe('ledger_closed')
      await closing
      expect(await tallyOf(calls)).toEqual({ ok: 30 })
      expect(found).toMatchObject({ 'bank:hdfc INR': '300.00' })
      expect(await codeOf(ledger.journal.post(tenRupees))).toBe('ledger_closed')
      expect(await codeOf(ledger.escrows.get('s'))).toBe('ledger_closed')
    })

    test('may be asked for twice', async () => {
      const ledger = createLedger({ storage: await createStorage() })
      await ledger.migrate()
      await Promise.all([ledger.close(), ledger.close()])
      await ledger.close()
    })
  })

  describe('commands that need what others of their batch make', () => {
    test('a whole life at once', async () => {
      const { ledger } = await openLedger({})
      const answers = await Promise.all([
        ledger.escrows.open(deal('s')),
        ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s') }),
        ledger.payments.fee({ ...paymentOf('s'), fee: inr('23.60'), tax: inr('3.60') }),
        ledger.escrows.deliver({ id: 's' }),
        ledger.escrows.complete({ id: 's', measures: { satisfaction: 2 } }),
        ledger.escrows.settle({ id: 's', early: { reason: 'agreed' } }),
        ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' }),
        ledger.instructions.confirm({ id: 'payout:po', reference: 'utr-1' }),
        ledger.instructions.reverse({ id: 'payout:po', reason: 'returned' }),
      ])
      expect(answers.map((answer) => answer.replayed)).toEqual(answers.map(() => false))
      expect(await balances(ledger)).toEqual({
        'gateway:razorpay:clearing INR': '976.40',
        'gateway:razorpay:fees INR': '20.00',
        'gateway:razorpay:fee-tax INR': '3.60',
        'payee:priya:payable INR': '600.00',
        'platform:fees INR': '200.00',
        'refunds:in-transit:razorpay INR': '200.00',
      })
      await expectClean(ledger)
    })

    test('many lives at once, interleaved', async () => {
      const { ledger } = await openLedger({ limits: { maxBatch: 7 } })
      const ids = Array.from({ length: 20 }, (_, index) => `s${index}`)
      const steps: readonly ((id: string) => Promise<unknown>)[] = [
        (id: string) => ledger.escrows.open(deal(id)),
        (id: string) => ledger.escrows.fund({ id, amount: inr('400.00'), gateway: 'razorpay', reference: `${id}-1` }),
        (id: string) => ledger.escrows.fund({ id, amount: inr('600.00'), gateway: 'paypal', reference: `${id}-2` }),
        (id: string) => ledger.escrows.dispute({ id, amount: inr('300.00') }),
        (id: string) => ledger.escrows.resolve({ id, outcome: 'payer' }),
        (id: string) => ledger.escrows.complete({ id }),
        (id: string) => ledger.escrows.settle({ id, early: { reason: 'agreed' } }),
      ]
      expect(await tallyOf(steps.flatMap((step) => ids.map((id) => step(id))))).toEqual({ ok: 140 })
      expect(await balances(ledger)).toEqual({
        'gateway:paypal:clearing INR': '12000.00',
        'gateway:razorpay:clearing INR': '8000.00',
        'payee:priya:payable INR': '11200.00',
        'platform:fees INR': '2800.00',
        'refunds:in-transit:paypal INR': '6000.00',
      })
      await expectClean(ledger)
    })

    test('the order decides, not the batch: an earlier command does not see a later one', async () => {
      const { ledger } = await openLedger({})
      const calls = [
        ledger.escrows.complete({ id: 's' }),
        ledger.escrows.open(deal('s')),
        ledger.escrows.complete({ id: 's' }),
      ]
      expect(await Promise.all(calls.map(codeOf))).toEqual(['escrow_not_found', 'ok', 'ok'])
    })

    test('credit that an earlier command of the batch gave', async () => {
      const { ledger } = await openLedger({})
      const calls = [
        owe(ledger, 'chen', inr('50.00')),
        ledger.escrows.open(deal('s')),
        ledger.escrows.fund({ id: 's', amount: inr('50.00'), from: 'payee:chen:payable' }),
        ledger.escrows.cancel({ id: 's' }),
      ]
      expect(await tallyOf(calls)).toEqual({ ok: 4 })
      expect(await balances(ledger)).toMatchObject({ 'payee:chen:payable INR': '50.00' })
    })

    test('the rest of a payment that an earlier command of the batch brought', async () => {
      const { ledger } = await openLedger({})
      const part = (id: string) => ({ id, amount: inr('500.00'), gateway: 'razorpay', reference: 'pay_1' })
      const calls = [
        ledger.escrows.fund({ ...part('a'), paymentAmount: inr('1000.00') }),
        ledger.escrows.open(deal('a')),
        ledger.escrows.open(deal('b')),
        ledger.escrows.fund(part('a')),
        ledger.escrows.fund(part('b')),
        ledger.escrows.fund(part('b')),
      ]
      expect(await tallyOf(calls)).toEqual({ ok: 6 })
      expect(await balances(ledger)).toEqual({
        'escrow:a INR': '500.00',
        'escrow:b INR': '500.00',
        'gateway:razorpay:clearing INR': '1000.00',
      })
      await expectClean(ledger)
    })

    test('a freeze stands in the way of what comes after it in the batch', async () => {
      const { ledger, clock } = await openLedger({})
      await fundedDeal(ledger, 's')
      await ledger.escrows.complete({ id: 's' })
      await owe(ledger, 'priya', inr('1.00'))
      clock.now += DAY
      const calls = [
        ledger.accounts.freeze({ code: 'payee:priya:payable', what: 'all' }),
        ledger.escrows.settle({ id: 's' }),
        ledger.accounts.unfreeze({ code: 'payee:priya:payable' }),
        ledger.escrows.settle({ id: 's' }),
      ]
      expect(await Promise.all(calls.map(codeOf))).toEqual(['ok', 'account_frozen', 'ok', 'ok'])
      await expectClean(ledger)
    })

    test('what touches the same accounts keeps its place behind a command that had to wait', async () => {
      const { ledger, clock } = await openLedger({})
      await owe(ledger, 'priya', inr('1.00'))
      clock.now += DAY
      const calls = [
        ledger.escrows.open({ ...deal('s'), at: START }),
        ledger.escrows.fund({ id: 's', amount: inr('1000.00'), ...paymentOf('s'), at: START }),
        ledger.escrows.settle({ id: 's', early: { reason: 'agreed' }, at: START }),
        ledger.accounts.freeze({ code: 'payee:priya:payable', what: 'all' }),
        ledger.books.close({ through: '2026-11-02' }),
        ledger.escrows.open(deal('other')),
      ]
      expect(await tallyOf(calls)).toEqual({ ok: 6 })
      await expectClean(ledger)
    })
  })
})
