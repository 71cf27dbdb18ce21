import { describe, expect, test } from 'vitest'
import { redacted } from './redact.js'

const MOST = 20_000
const textKept = (text: string) => redacted(text, MOST)
const jsonKept = (value: unknown): unknown => JSON.parse(textKept(JSON.stringify(value)))
const H = '[redacted]'

describe('of JSON', () => {
  test('secrets, and what identifies a card, an account or a person, go', () => {
    const told = {
      ...{ client_secret: 's', accessToken: 't', otp_code: '1234', card: { number: '4111', cvv: 123, exp_month: 12 } },
      ...{ receiver: 'x', tax_id: 'x', upi_id: 'x', ifsc_code: 'x', accountNumber: 'x', postal_code: 560001 },
      ...{ emails: ['x', { of: 'x' }], contact: 'x', username: 'x', name_on_card: 'x', gstin: 'x' },
    }
    expect(textKept(JSON.stringify(told)).replaceAll(`"${H}"`, '*')).toBe(
      '{"client_secret":*,"accessToken":*,"otp_code":*,"card":{"number":*,"cvv":*,"exp_month":*},' +
        '"receiver":*,"tax_id":*,"upi_id":*,"ifsc_code":*,"accountNumber":*,"postal_code":*,' +
        '"emails":[*,{"of":*}],"contact":*,"username":*,"name_on_card":*,"gstin":*}',
    )
  })

  test('nothing within such a field stays but what support asks for', () => {
    const address = { line1: '1 High Street', country_code: 'IN', admin_area_2: 'Pune', checked: true, floor: null }
    expect(jsonKept({ address })).toEqual({ address: { ...address, line1: H, admin_area_2: H } })
    expect(jsonKept({ contact: { id: 'cont_1', contact_id: 'cont_1' } })).toEqual({
      contact: { id: H, contact_id: 'cont_1' },
    })
  })

  test.each([
    {
      id: '12345678901234567',
      account_id: 'acc_1',
      contact_id: 'cont_1',
      fund_account_id: 'fa_1',
      utr: '412345678901',
    },
    { reference_id: '1234567890123456', custom_id: '550e8400-e29b-41d4-a716-446655440000', amount: 990_000_000_000 },
    { amount: { currency_code: 'USD', value: '1234567890.00' }, create_time: '2024-01-01T00:00:00Z', fee: 23.6 },
    { created_at: 1_700_000_000, key: '550e8400-e29b-41d4-a716-446655440000', rate: '1.123456789012345', ok: true },
    {
      spindle: 'a',
      option: 'b',
      mapping: 'c',
      token_count_reached: false,
      links: [],
      authorizations: [{ status: 'x' }],
    },
    { name: 'RESOURCE_NOT_FOUND', details: [{ field: '/amount/value', value: '9.999', issue: 'DECIMAL_PRECISION' }] },
  ])('this stays: %j', (told) => {
    expect(jsonKept(told)).toEqual(told)
  })

  test('a name that is no word of PayPal for an error goes', () => {
    expect(jsonKept([{ name: 'PRIYA' }, { name: 'Priya Nair' }])).toEqual([{ name: H }, { name: H }])
  })

  test('what was wrong with a field goes with the field', () => {
    const details = [{ value: '56001', field: '/payer/address/postal_code' }]
    expect(jsonKept({ details })).toEqual({ details: [{ value: H, field: '/payer/address/postal_code' }] })
  })

  test('long numbers go, as text and as numbers, and e-mail addresses wherever they stand', () => {
    const told = { account: 4111111111111111, memo: 'for a.b@example.com.', 'c@d.in': 1, of: ['4111 1111 1111 1111'] }
    expect(jsonKept(told)).toEqual({ account: H, memo: `for ${H}`, [H]: 1, of: [H] })
    expect(jsonKept({ account_id: 'priya@example.com' })).toEqual({ account_id: H })
  })

  test('that is cut off, its quoted values go by their names', () => {
    expect(textKept('{"id":"pay_1","name":"Priya \\"P\\" Nair","memo":"m","contact": "98')).toBe(
      `{"id":"pay_1","name":"${H}","memo":"m","contact": "${H}`,
    )
  })

  test('that is nested deeper than the stack, long numbers still go', () => {
    const deep = `${'['.repeat(200_000)}"4111111111111111"${']'.repeat(200_000)}`
    expect(redacted(deep, 500_000)).not.toContain('4111')
  })
})

describe('of other texts', () => {
  test.each([
    ['/v1/x?email=a%40example.com&contact=9876543210&count=10', `/v1/x?email=${H}&contact=${H}&count=10`],
    [
      '/v1/payouts?account_number=7878&reference_id=1234567890123',
      `/v1/payouts?account_number=${H}&reference_id=1234567890123`,
    ],
    ['/v1/contacts/a.b%40example.com/x', `/v1/contacts/${H}/x`],
    ['bank%5Bname%5D=Priya+Nair&memo=to+a%40b.in&n=1', `bank%5Bname%5D=${H}&memo=${H}&n=1`],
    [
      'next=https%3A%2F%2Fx%2F%3Femail%3Da&to=https://x/?pin=1&at=https://x/?n=1',
      `next=${H}&to=${H}&at=https://x/?n=1`,
    ],
    ['broken=%E0%A4%A&pin=%', `broken=%E0%A4%A&pin=${H}`],
    ['no such payee: priya@upi, priya@example.com', `no such payee: ${H}, ${H}`],
    ['call +91 98765 43210 or 9876543210.', `call ${H} or ${H}.`],
    ['card 4111-1111-1111-1111, IFSC no.123456789012', `card ${H}, IFSC no.${H}`],
    ['sent with Bearer eyJhbGciOi.J9_x to https://key:secret@host', `sent with ${H} to https://key:${H}`],
  ])('%s', (text, safe) => {
    expect(textKept(text)).toBe(safe)
  })

  test.each([
    'connect ECONNREFUSED 127.0.0.1:8080',
    'no answer within 30000 ms',
    '/v1/payments/pay_29QQoUBi66xm2f/refund',
    'at 2024-01-01 00:00:00, batch 5UXD2E8A7EBQJ',
    'key 550e8400-e29b-41d4-a716-446655440000 is unknown',
    '<html><body class="x">502 Bad Gateway</body></html>',
    ' "1.10" ',
  ])('%s stays', (text) => {
    expect(textKept(text)).toBe(text)
  })
})

test('what is kept is in its limit, and text that a database takes', () => {
  expect(redacted('a\u0000b', 3)).toBe('a\ufffdb')
  expect(redacted('abcd', 3)).toBe('ab…')
  expect(redacted('a😀bc', 3)).toBe('a\ufffd…')
  expect(redacted('{"a":"\\ud83d"}', MOST)).toBe('{"a":"\\ud83d"}')
})

test('a long text of one pattern is read without growing the stack', () => {
  for (const part of ['a=', 'a%3D', 'a@', '"a":"', '\\"', '1 ', 'Bearer ', '%40']) {
    expect(redacted(part.repeat(50_000), 100).length).toBeLessThanOrEqual(100)
  }
})

test('redacted again it is the same', () => {
  const text = `/x?email=a%40b.in&n=1 {"name":"x"} 4111111111111111 a@b.in`
  expect(textKept(textKept(text))).toBe(textKept(text))
})
