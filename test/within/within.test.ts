import { type BookWithin, LedgerError } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { deal, fundedDeal, inr, owe, paymentOf } from '../fixtures/deals.js'
import { codeOf } from '../fixtures/outcomes.js'
import { hosts } from './hosts.js'

const entry = (amount = '10.00', from = 'opening-balances') => ({
  postings: [
    { account: 'bank:hdfc', debit: inr(amount) },
    { account: from, credit: inr(amount) },
  ],
})

const overdrawn = { id: 'po-1', payee: 'priya', amount: inr('600.00'), gateway: 'manual' }

describe.each(hosts)('in a transaction of $name', ({ open }) => {
  test('what the host and the ledger write is committed together', async () => {
    const { ledger, begin, bookings } = await open()
    await ledger.escrows.open(deal('s-1'))
    const host = await begin()
    await host.book(1)
    const funded = await ledger.within(host.transaction).escrows.fund({
      id: 's-1',
      amount: inr('1000.00'),
      ...paymentOf('s-1'),
    })
    expect(funded.entries).toHaveLength(1)
    await host.book(2)
    await host.commit()
    expect(await bookings()).toEqual([1, 2])
    expect(await balances(ledger)).toMatchObject({ 'escrow:s-1 INR': '1000.00' })
    await expectClean(ledger)
  })

  test('what the host and the ledger write is rolled back together, and can be written again', async () => {
    const { ledger, begin, bookings } = await open()
    for (const end of ['rollback', 'commit'] as const) {
      const host = await begin()
      await host.book(1)
      const within = ledger.within(host.transaction)
      await within.escrows.open(deal('s-1'), { idempotencyKey: 'open' })
      await within.escrows.fund({ id: 's-1', amount: inr('1000.00'), ...paymentOf('s-1') }, { idempotencyKey: 'fund' })
      await host[end]()
      expect(await bookings()).toEqual(end === 'commit' ? [1] : [])
      expect(await all(ledger.accounts.list())).toHaveLength(end === 'commit' ? 2 : 0)
    }
    await ledger.escrows.complete({ id: 's-1' })
    await expectClean(ledger)
  })

  test('a command that is refused leaves nothing, and the host goes on', async () => {
    const { ledger, begin, bookings } = await open()
    await owe(ledger, 'priya', inr('100.00'))
    const host = await begin()
    const within = ledger.within(host.transaction)
    await host.book(1)
    await within.journal.post(entry())
    await expect(within.payouts.request(overdrawn, { idempotencyKey: 'po' })).rejects.toMatchObject({
      code: 'insufficient_funds',
      available: inr('100.00'),
    })
    await host.book(2)
    // Nothing is known under its key, so the request may be another.
    const smaller = { ...overdrawn, amount: inr('60.00') }
    await within.payouts.request(smaller, { idempotencyKey: 'po' })
    await host.commit()
    expect(await bookings()).toEqual([1, 2])
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '10.00', 'payee:priya:payable INR': '40.00' })
    await expectClean(ledger)
  })

  test('a key is known inside and outside alike', async () => {
    const { ledger, begin } = await open()
    const outside = await ledger.journal.post(entry('1.00'), { idempotencyKey: 'outside' })
    const host = await begin()
    const within = ledger.within(host.transaction)
    const inside = await within.journal.post(entry('2.00'), { idempotencyKey: 'inside' })
    const again = [
      await within.journal.post(entry('1.00'), { idempotencyKey: 'outside' }),
      await within.journal.post(entry('2.00'), { idempotencyKey: 'inside' }),
    ]
    expect(again).toEqual([
      { ...outside, replayed: true },
      { ...inside, replayed: true },
    ])
    expect(await codeOf(within.journal.post(entry('3.00'), { idempotencyKey: 'outside' }))).toBe(
      'idempotency_key_reused',
    )
    await host.commit()
    const later = await ledger.journal.post(entry('2.00'), { idempotencyKey: 'inside' })
    expect(later).toEqual({ ...inside, replayed: true })
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '3.00' })
  })

  test('reads see what the transaction has written', async () => {
    const { ledger, begin } = await open()
    const host = await begin()
    const within = ledger.within(host.transaction)
    await fundedDeal(ledger.within(host.transaction), 's-1')
    await within.book('eu').journal.post(entry('7.00'))
    expect(await within.escrows.get('s-1')).toMatchObject({ status: 'funded' })
    expect((await within.escrows.preview('s-1')).entries).not.toEqual([])
    expect(await all(within.journal.list())).toHaveLength(1)
    expect(await all(within.accounts.statement({ account: 'escrow:s-1', currency: 'INR' }))).toHaveLength(1)
    expect((await all(within.escrows.timeline('s-1'))).map(({ command }) => command)).toEqual(['open', 'fund'])
    expect(await within.book('eu').accounts.balance({ account: 'bank:hdfc', currency: 'INR' })).toMatchObject({
      balance: inr('7.00'),
    })
    expect(await within.books.open({ timeZone: 'Asia/Kolkata' }).catch((error: LedgerError) => error.code)).toBe(
      'book_zone_fixed',
    )
    expect((await within.verify()).ok).toBe(true)
    await host.rollback()
    expect(await all(ledger.journal.list())).toEqual([])
    expect(await all(ledger.book('eu').journal.list())).toEqual([])
  })

  test('calls that are made at once run one after another, each taken back by itself', async () => {
    const { ledger, begin } = await open()
    await owe(ledger, 'priya', inr('100.00'))
    const host = await begin()
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const within = ledger.within(host.transaction)
        return codeOf(index % 3 === 1 ? within.payouts.request(overdrawn) : within.journal.post(entry('1.00')))
      }),
    )
    expect(outcomes).toEqual(outcomes.map((_, index) => (index % 3 === 1 ? 'insufficient_funds' : 'ok')))
    await host.commit()
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '8.00', 'payee:priya:payable INR': '100.00' })
    await expectClean(ledger)
  })

  test('a call is taken back before it has begun', async () => {
    const { ledger, begin } = await open()
    const host = await begin()
    const within = ledger.within(host.transaction)
    expect(await codeOf(within.journal.post(entry(), { signal: AbortSignal.abort() }))).toBe('aborted')
    const taking = new AbortController()
    const first = codeOf(within.journal.post(entry('1.00')))
    const second = codeOf(within.journal.post(entry('2.00'), { signal: taking.signal }))
    const aborting = first.then(() => taking.abort())
    taking.abort()
    expect([await first, await second]).toEqual(['ok', 'aborted'])
    await aborting
    await host.commit()
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '1.00' })
  })

  test('runs are not there, and whatever takes one book takes both', async () => {
    const { ledger, begin } = await open()
    const host = await begin()
    const within = ledger.within(host.transaction)
    // @ts-expect-error A settlement run is many units of work.
    expect(within.settlements.run).toBeUndefined()
    // @ts-expect-error A payout run is many units of work.
    expect(within.payouts.run).toBeUndefined()
    // @ts-expect-error Dispatching calls gateways.
    expect(within.instructions.dispatch).toBeUndefined()
    const post = (books: BookWithin) => books.journal.post(entry('1.00'))
    await post(within)
    await host.commit()
    await post(ledger)
    expect(await balances(ledger)).toMatchObject({ 'bank:hdfc INR': '2.00' })
  })

  test('a transaction that is over takes no more calls', async () => {
    const { ledger, begin } = await open()
    for (const end of ['commit', 'rollback'] as const) {
      const host = await begin()
      const within = ledger.within(host.transaction)
      await host[end]()
      const over = {
        code: 'invalid_input',
        message:
          'The input is not valid: transaction must be open, and it is not. Begin it first, and await every call of the ledger before it is committed or rolled back.',
        issues: [{ path: 'transaction', message: expect.stringContaining('must be open') }],
      }
      await expect(within.journal.post(entry())).rejects.toMatchObject(over)
      await expect(within.books.get()).rejects.toMatchObject(over)
    }
    expect(await all(ledger.journal.list())).toEqual([])
  })

  test('a ledger that was closed takes no more calls', async () => {
    const { ledger, begin } = await open()
    const host = await begin()
    const within = ledger.within(host.transaction)
    await ledger.close()
    await expect(within.journal.post(entry())).rejects.toMatchObject({ code: 'ledger_closed' })
    await host.rollback()
  })

  test('input is checked before the transaction is touched', async () => {
    const { ledger, begin } = await open()
    const host = await begin()
    const within = ledger.within(host.transaction)
    expect(await codeOf(within.journal.post({ postings: [] }))).toBe('invalid_input')
    expect(() => within.book('')).toThrow(LedgerError)
    await host.commit()
  })
})
