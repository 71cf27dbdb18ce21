import { systemRuntime } from '@escrow-ledger/sql'
import { describe, expect, it } from 'vitest'
import { createAccountNumbers } from '../src/account-numbers.js'

const usd = (code: string | number) => ({ code: `a${code}`, currency: 'USD' })

describe('the numbers of accounts', () => {
  it('are kept at least until as many more were seen, and not for ever', () => {
    const numbers = createAccountNumbers(systemRuntime, { kept: 100 })
    const all = Array.from({ length: 1_000 }, (_, nth) => nth)
    for (const nth of all) {
      numbers.set('1', usd(nth), `${nth}`)
      const recent = all.slice(Math.max(0, nth - 99), nth + 1)
      expect(
        recent.every((each) => numbers.get('1', usd(each)) === `${each}`),
        `after ${nth}`,
      ).toBe(true)
    }
    expect(all.filter((nth) => numbers.get('1', usd(nth)) !== undefined).length).toBeLessThanOrEqual(200)
  })

  it('that are asked for stay', () => {
    const numbers = createAccountNumbers(systemRuntime, { kept: 10 })
    numbers.set('1', usd('hot'), '7')
    for (let nth = 0; nth < 1_000; nth++) {
      numbers.set('1', usd(nth), `${nth}`)
      expect(numbers.get('1', usd('hot'))).toBe('7')
    }
  })

  it('are forgotten unless the account has got another one', () => {
    const numbers = createAccountNumbers(systemRuntime)
    numbers.set('1', usd('a'), '7')
    numbers.set('1', usd('b'), '8')
    numbers.set('2', usd('a'), '7')
    numbers.set('1', usd('b'), '9')
    numbers.forget('1', usd('a'), '7')
    numbers.forget('1', usd('b'), '8')
    expect([numbers.get('1', usd('a')), numbers.get('1', usd('b')), numbers.get('2', usd('a'))]).toEqual([
      undefined,
      '9',
      '7',
    ])
  })

  it('are given once, in order, within 64 bits, also while the clock stands still or goes back', () => {
    let now = Date.UTC(2200, 0, 1)
    const numbers = createAccountNumbers({ ...systemRuntime, now: () => now-- })
    const given = Array.from({ length: 50 }, (_, nth) => numbers.give(nth))
      .flat()
      .map(BigInt)
    expect(given).toEqual([...new Set(given)].sort((left, right) => (left < right ? -1 : 1)))
    expect(given.every((number) => number > 0n && number < 2n ** 63n)).toBe(true)
  })
})
