import { describe, expect, test } from 'vitest'
import { currencies, exponentOf, format, isCurrency, money, registerUnit } from './index.js'

describe('ISO 4217', () => {
  // Written from the published list rather than from the data package, so that a wrong update of the package shows.
  const notTwo: Record<number, string> = {
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }
  const expected = new Map(
    Object.entries(notTwo).flatMap(([places, codes]) =>
      codes.split(' ').map((code) => [code, Number(places)] as const),
    ),
  )

  test('every currency has its places', () => {
    // Tests of other files register units of their own, with longer names.
    const found = currencies().filter((code) => code.length === 3 && exponentOf(code) !== 2)
    expect(found).toEqual([...expected.keys()].sort())
    for (const code of found) expect([code, exponentOf(code)]).toEqual([code, expected.get(code)])
  })

  test('currencies whose minor unit is a fifth are written with two decimals', () => {
    expect([exponentOf('MGA'), exponentOf('MRU')]).toEqual([2, 2])
  })

  test('the list is as new as the currencies of 2025, and has what is traded most', () => {
    const some = ['XCG', 'ZWG', 'INR', 'USD', 'EUR', 'GBP', 'JPY', 'CNY', 'AED', 'HUF', 'TWD', 'SGD', 'BRL', 'KWD']
    expect(some.filter((code) => !isCurrency(code))).toEqual([])
    expect(currencies().filter(({ length }) => length === 3).length).toBeGreaterThan(160)
    expect(currencies()).toEqual([...currencies()].sort())
  })

  test('what has no minor unit is no currency to keep books in', () => {
    const without = ['XAU', 'XAG', 'XPT', 'XPD', 'XDR', 'XTS', 'XXX', 'XSU', 'XUA', 'XBA']
    expect(without.filter(isCurrency)).toEqual([])
  })
})

describe('units of the host', () => {
  test('are used like currencies', () => {
    registerUnit({ code: 'POINTS', exponent: 0 })
    registerUnit({ code: 'GAME_TOKEN_2', exponent: 18 })
    expect(format(money('12', 'POINTS'))).toBe('12')
    expect(money('1.5', 'GAME_TOKEN_2').minor).toBe(15n * 10n ** 17n)
    expect(currencies()).toContain('POINTS')
  })

  test('can be currencies that ISO 4217 has withdrawn, such as two that Razorpay still lists', () => {
    expect(isCurrency('HRK')).toBe(false)
    registerUnit({ code: 'HRK', exponent: 2 })
    expect(exponentOf('HRK')).toBe(2)
  })

  test('may be registered again unchanged', () => {
    registerUnit({ code: 'MILES', exponent: 1 })
    registerUnit({ code: 'MILES', exponent: 1 })
    expect(exponentOf('MILES')).toBe(1)
  })

  test.each([
    ['an ISO currency with other places', 'INR', 3],
    ['an ISO currency with the same places', 'INR', 2],
  ])('are refused where they clash: %s', (_, code, exponent) => {
    expect(() => registerUnit({ code, exponent })).toThrow(expect.objectContaining({ code: 'unit_conflict' }))
    expect(exponentOf('INR')).toBe(2)
  })

  test('are refused where they clash: an earlier registration', () => {
    registerUnit({ code: 'STARS', exponent: 0 })
    expect(() => registerUnit({ code: 'STARS', exponent: 2 })).toThrow(
      expect.objectContaining({ code: 'unit_conflict' }),
    )
    expect(exponentOf('STARS')).toBe(0)
  })

  test.each([
    ...['points', 'P', '1UP', '_X', 'A B', 'A-B', '', 'A'.repeat(25), 'ÄPFEL', 'A\n', 7].map((code) => [code, 0]),
    ...[-1, 19, 0.5, Number.NaN, '2', 2n, undefined].map((exponent) => ['UNIT', exponent]),
  ])('%j with exponent %s is malformed', (code, exponent) => {
    const unit = { code, exponent } as { code: string; exponent: number }
    expect(() => registerUnit(unit)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    expect(isCurrency('UNIT')).toBe(false)
  })
})
