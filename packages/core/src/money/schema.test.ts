import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { money, moneySchema, parseMoney } from './index.js'

const input = z.object({ amount: moneySchema, note: z.string().optional() })

test('an amount is accepted as Money, as its fields, and as JSON', () => {
  const amount = money('1000', 'INR')
  const forms = [amount, { minor: 100000n, currency: 'INR' }, { amount: '1000.0', currency: 'INR' }]
  for (const form of [...forms, JSON.parse(JSON.stringify(amount)), structuredClone(amount)]) {
    const parsed = input.parse({ amount: form }).amount
    expect(parsed).toEqual(amount)
    expect(Object.isFrozen(parsed)).toBe(true)
    expect(JSON.stringify(parsed)).toBe('{"amount":"1000.00","currency":"INR"}')
  }
})

test('what comes out is no longer tied to what went in', () => {
  const mutable = { minor: 5n, currency: 'INR' }
  const parsed = parseMoney(mutable)
  mutable.minor = 6n
  expect(parsed.minor).toBe(5n)
})

describe('refused', () => {
  test.each([
    [10, 'invalid_amount'],
    ['10.00', 'invalid_amount'],
    [null, 'invalid_amount'],
    [undefined, 'invalid_amount'],
    [{}, 'invalid_amount'],
    [[], 'invalid_amount'],
    [{ currency: 'INR' }, 'invalid_amount'],
    [{ amount: 10, currency: 'INR' }, 'invalid_amount'],
    [{ amount: '1,000', currency: 'INR' }, 'invalid_amount'],
    [{ minor: 10, currency: 'INR' }, 'invalid_amount'],
    [{ minor: '10', currency: 'INR' }, 'invalid_amount'],
    [{ minor: 10n, amount: '0.10', currency: 'INR' }, 'invalid_amount'],
    [{ amount: '10' }, 'currency_unknown'],
    [{ minor: 10n, currency: 'Rs' }, 'currency_unknown'],
    [{ minor: 2n ** 63n, currency: 'INR' }, 'amount_out_of_range'],
  ])('%o: %s', (value, code) => {
    expect(() => parseMoney(value)).toThrow(expect.objectContaining({ code }))
    const issues = input.safeParse({ amount: value }).error?.issues
    expect(issues).toMatchObject([{ code: 'custom', path: ['amount'], params: { code } }])
    expect(issues?.[0]?.message).toMatch(/\.$/)
  })
})
