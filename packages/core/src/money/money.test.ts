import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { currencies, exponentOf, format, fromMinor, isMoney, type Money, money, zero } from './index.js'

const smallest = -(2n ** 63n)
const largest = 2n ** 63n - 1n

describe('reading an amount', () => {
  test.each([
    ['1000.00', 'INR', 100000n],
    ['1000', 'INR', 100000n],
    ['1000.5', 'INR', 100050n],
    ['0.05', 'INR', 5n],
    ['-0.05', 'INR', -5n],
    ['10001', 'JPY', 10001n],
    ['10.010', 'KWD', 10010n],
    ['0', 'USD', 0n],
    ['-0', 'USD', 0n],
    ['-0.00', 'USD', 0n],
    ['92233720368547758.07', 'INR', largest],
    ['-92233720368547758.08', 'INR', smallest],
  ])('%s %s is %s minor units', (amount, currency, minor) => {
    expect(money(amount, currency)).toEqual({ minor, currency })
  })

  test.each([
    ...[
      '',
      ' ',
      ' 1',
      '1 ',
      '1\n',
      '+1',
      '.5',
      '1.',
      '-',
      '-.5',
      '--1',
      '1,000.00',
      '1.000,00',
      '1 000',
      "1'000",
      '1_000',
    ],
    ...['1e3', '1E3', '1.0e0', '0x10', '0b1', '010', '00', 'NaN', 'Infinity', '-Infinity', 'ten', '₹10', '10 INR'],
    ...['１００', '١٠', '1\u00a0000', '−5', '1.2.3'],
  ])('%j is refused', (amount) => {
    expect(() => money(amount, 'INR')).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
  })

  test.each([[1000], [0.1], [Number.NaN], [1000n], [null], [undefined], [true], [{}], [['1']], [new String('1')]])(
    'a value that is no string is refused: %s',
    (amount) => {
      expect(() => money(amount as unknown as string, 'INR')).toThrow(
        expect.objectContaining({ code: 'invalid_amount' }),
      )
    },
  )

  test.each([
    ['1000.001', 'INR'],
    ['1000.000', 'INR'],
    ['1.0', 'JPY'],
    ['0.0001', 'KWD'],
  ])('%s %s has more decimals than the currency', (amount, currency) => {
    expect(() => money(amount, currency)).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
  })

  test.each([['92233720368547758.08'], ['-92233720368547758.09'], ['99999999999999999999'], ['9'.repeat(100_000)]])(
    'an amount beyond 64 bits is refused',
    (amount) => {
      expect(() => money(amount, 'INR')).toThrow(expect.objectContaining({ code: 'amount_out_of_range' }))
    },
  )

  test.each([['inr'], ['XXY'], [''], ['toString'], ['XAU'], [undefined], [356]])('%j is no currency', (currency) => {
    expect(() => money('1', currency as string)).toThrow(expect.objectContaining({ code: 'currency_unknown' }))
    expect(() => fromMinor(1n, currency as string)).toThrow(expect.objectContaining({ code: 'currency_unknown' }))
    expect(() => zero(currency as string)).toThrow(expect.objectContaining({ code: 'currency_unknown' }))
  })

  test.each([
    [
      () => money('1,000.00', 'INR'),
      `"1,000.00" is not an amount: write digits, and a point before any decimals, such as '1000.00'.`,
    ],
    [
      () => money(10.5 as never, 'INR'),
      "the number 10.5 is not an amount: pass a decimal string such as '1000.00', since a number cannot hold money exactly.",
    ],
    [
      () => money(10n as never, 'INR'),
      'the bigint 10 is not an amount: pass minor units to fromMinor, or a decimal string.',
    ],
    [() => money('1.5', 'JPY'), '"1.5" has 1 decimal and JPY has none: round it first.'],
    [() => money('1', 'inr'), '"inr" is not a known currency: write it as \'INR\'.'],
  ])('a message says what is wrong and what to do', (refused, message) => {
    expect(refused).toThrow(message)
  })
})

describe('minor units', () => {
  test.each([[1], ['1'], [undefined], [null]])('%s is no bigint', (minor) => {
    expect(() => fromMinor(minor as never, 'INR')).toThrow(expect.objectContaining({ code: 'invalid_amount' }))
  })

  test.each([[largest + 1n], [smallest - 1n], [10n ** 30n]])('%s is beyond 64 bits', (minor) => {
    expect(() => fromMinor(minor, 'INR')).toThrow(expect.objectContaining({ code: 'amount_out_of_range' }))
  })
})

describe('an amount', () => {
  test('cannot be changed', () => {
    const amount = money('1', 'INR') as { minor: bigint }
    expect(() => {
      amount.minor = 5n
    }).toThrow(TypeError)
  })

  test('is JSON as a decimal string', () => {
    expect(JSON.stringify({ amount: money('1000', 'INR') })).toBe('{"amount":{"amount":"1000.00","currency":"INR"}}')
  })

  test('equals another by its two fields alone', () => {
    expect(money('1', 'INR')).toEqual(fromMinor(100n, 'INR'))
    expect(money('1', 'INR')).toStrictEqual(fromMinor(100n, 'INR'))
    expect(money('1', 'INR')).not.toEqual(money('1.01', 'INR'))
    expect(money('1', 'USD')).not.toEqual(money('1', 'INR'))
    expect(Object.keys(money('1', 'INR'))).toEqual(['minor', 'currency'])
  })

  test('is recognised by shape and range', () => {
    const recognised: unknown[] = [money('1', 'INR'), { minor: 1n, currency: 'INR' }]
    const others: unknown[] = [
      ...[null, undefined, 1n, '1', {}, { amount: '1', currency: 'INR' }, { minor: 1, currency: 'INR' }],
      ...[{ minor: 1n, currency: 'inr' }, { minor: largest + 1n, currency: 'INR' }, { minor: 1n }],
    ]
    expect(recognised.map(isMoney)).toEqual([true, true])
    expect(others.filter(isMoney)).toEqual([])
  })
})

const anyMoney: fc.Arbitrary<Money> = fc
  .record({ minor: fc.bigInt({ min: smallest, max: largest }), currency: fc.constantFrom(...currencies()) })
  .map(({ minor, currency }) => fromMinor(minor, currency))

describe('writing an amount', () => {
  test.each([
    [100000n, 'INR', '1000.00'],
    [5n, 'INR', '0.05'],
    [-5n, 'INR', '-0.05'],
    [0n, 'INR', '0.00'],
    [10001n, 'JPY', '10001'],
    [-1n, 'JPY', '-1'],
    [10010n, 'KWD', '10.010'],
    [smallest, 'CLF', '-922337203685477.5808'],
  ])('%s minor units of %s are %s', (minor, currency, text) => {
    expect(format(fromMinor(minor, currency))).toBe(text)
  })

  test('parse(format(x)) = x for every currency, at its limits too', () => {
    for (const currency of currencies()) {
      for (const minor of [0n, 1n, -1n, 99n, -100n, largest, smallest]) {
        expect(money(format(fromMinor(minor, currency)), currency)).toEqual({ minor, currency })
      }
    }
    fc.assert(
      fc.property(anyMoney, (x) => {
        expect(money(format(x), x.currency)).toEqual(x)
      }),
    )
  })

  test("has exactly the currency's places", () => {
    fc.assert(
      fc.property(anyMoney, (x) => {
        expect(format(x).split('.')[1]?.length ?? 0).toBe(exponentOf(x.currency))
      }),
    )
  })
})
