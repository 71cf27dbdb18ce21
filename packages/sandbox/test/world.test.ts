import { describe, expect, test } from 'vitest'
import { createRouter } from '../src/http/router.js'
import { createSandbox } from '../src/index.js'
import { createBalanceSheet, PocketEmpty } from '../src/world/balance-sheet.js'
import { createClock } from '../src/world/clock.js'
import { createIds } from '../src/world/seeded-ids.js'

describe('the clock', () => {
  test('does what falls due in order of time, and what that brings about too', async () => {
    const clock = createClock(1000)
    const done: string[] = []
    const note = (what: string) => () => void done.push(`${what} at ${clock.now()}`)
    clock.schedule(1300, note('third'))
    clock.schedule(1100, () => {
      note('first')()
      clock.schedule(1200, note('second'))
      clock.schedule(900, note('late'))
    })
    clock.schedule(1300, note('fourth'))
    await clock.advance(299)
    expect(done).toEqual(['first at 1100', 'late at 1100', 'second at 1200'])
    await clock.advance(1)
    expect(done.slice(3)).toEqual(['third at 1300', 'fourth at 1300'])
    expect(clock.now()).toBe(1300)
  })

  test('goes the whole way when it is advanced twice at once', async () => {
    const clock = createClock(0)
    await Promise.all([clock.advance(5), clock.advance(7)])
    expect(clock.now()).toBe(12)
  })

  test.each([-1, 0.5, Number.NaN])('does not go on by %d', (ms) => {
    expect(() => createClock(0).advance(ms)).toThrow('goes forward by whole milliseconds')
  })
})

describe('a balance sheet', () => {
  const inr = (from: string, to: string, amountMinor: bigint, mayOwe = false) => ({
    ...{ from, to, amountMinor, currency: 'INR', mayOwe },
  })

  test('moves all or nothing, and never takes what is not there', () => {
    const sheet = createBalanceSheet()
    sheet.move(inr('outside:payers', 'clearing', 100n))
    expect(() => sheet.move(inr('clearing', 'a', 60n), inr('clearing', 'b', 41n))).toThrow(PocketEmpty)
    expect(sheet.snapshot()).toEqual({ clearing: { INR: 100n }, 'outside:payers': { INR: -100n } })
    sheet.move(inr('clearing', 'a', 100n), inr('a', 'b', 100n))
    expect(sheet.balance('b', 'INR')).toBe(100n)
    expect(() => sheet.move({ ...inr('b', 'a', 1n), currency: 'USD' })).toThrow(PocketEmpty)
    expect(() => sheet.move(inr('b', 'a', -1n))).toThrow('below zero')
  })

  test('lets a pocket owe where it is said', () => {
    const sheet = createBalanceSheet((pocket) => pocket === 'debtor')
    sheet.move(inr('debtor', 'a', 5n), inr('a', 'b', 6n, true))
    expect(sheet.snapshot()).toEqual({ a: { INR: -1n }, b: { INR: 6n }, debtor: { INR: -5n } })
  })
})

test('ids are the same in every run with the same seed', async () => {
  const [first, second, other] = [createIds('a'), createIds('a'), createIds('b')]
  const ids = [first('pay_', 14), first('pay_', 14)]
  expect([second('pay_', 14), second('pay_', 14)]).toEqual(ids)
  expect(new Set([...ids, other('pay_', 14)]).size).toBe(3)
  expect(ids[0]).toMatch(/^pay_[0-9A-Za-z]{14}$/)
})

test('routes prefer what is spelled out, and decode the rest', () => {
  const routes = ['/v1/a/:id', '/v1/a/all', '/v1/a/:id/b'].map((path) => ({ method: 'GET', path }))
  const find = createRouter(routes)
  expect(find('GET', '/v1/a/all')?.route.path).toBe('/v1/a/all')
  expect(find('GET', '/v1/a/x%2Fy/')).toMatchObject({ params: { id: 'x/y' } })
  expect(find('GET', '/v1/a//b')).toBeUndefined()
  expect(find('GET', '/v1/a/%zz')).toBeUndefined()
  expect(find('POST', '/v1/a/all')).toBeUndefined()
})

test('a port that is taken is told', async () => {
  const first = await createSandbox()
  try {
    const razorpay = Number(new URL(first.razorpay.url).port)
    await expect(createSandbox({ port: { razorpay, paypal: 0 } })).rejects.toThrow('EADDRINUSE')
  } finally {
    await first.close()
  }
})
