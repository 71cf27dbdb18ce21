import { describe, expect, test } from 'vitest'
import { LedgerError } from '../errors/index.js'
import type { DeliveryHeaders } from './webhook.js'
import { openDelivery } from './webhook-delivery.js'

const rawBody = new Uint8Array([123, 125])
const open = (headers: DeliveryHeaders) => openDelivery('razorpay', { headers, rawBody })

function problemOf(call: () => unknown): string | undefined {
  try {
    call()
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'not_authentic') return error.problem
    throw error
  }
  return undefined
}

/** As `Headers` does it, which core does not know. */
const reader = (value: string | null) => ({
  get: (name: string) => (name.toLowerCase() === 'x-signature' ? value : null),
})

describe('a header', () => {
  test.each<[string, DeliveryHeaders]>([
    ['in lower case', { 'x-signature': 'abc' }],
    ['in any case', { 'X-SIGNATURE': 'abc' }],
    ['as a list of one', { 'x-signature': ['abc'] }],
    ['from Headers', reader('abc')],
    ['beside others that are absent', { 'x-signature': 'abc', cookie: undefined, accept: 'a, b' }],
  ])('is found %s', (_, headers) => {
    expect(open(headers).header('X-Signature')).toBe('abc')
    expect(open(headers).optionalHeader('x-signature')).toBe('abc')
  })

  test.each<[string, DeliveryHeaders]>([
    ['is not there', {}],
    ['is undefined', { 'x-signature': undefined }],
    ['is empty', { 'x-signature': '' }],
    ['is an empty list', { 'x-signature': [] }],
    ['is not in Headers', reader(null)],
  ])('that %s is missing', (_, headers) => {
    expect(problemOf(() => open(headers).header('X-Signature'))).toBe('header_missing')
    expect(open(headers).optionalHeader('X-Signature')).toBeNull()
  })

  test.each<[string, DeliveryHeaders]>([
    ['as a list', { 'x-signature': ['abc', 'abc'] }],
    ['in two cases', { 'x-signature': 'abc', 'X-Signature': 'abd' }],
    ['joined by Node', { 'x-signature': 'abc, abd' }],
    ['joined by Headers', reader('abc, abd')],
  ])('that came twice is refused %s', (_, headers) => {
    expect(problemOf(() => open(headers).header('X-Signature'))).toBe('header_repeated')
    expect(problemOf(() => open(headers).optionalHeader('X-Signature'))).toBe('header_repeated')
  })
})

describe('what is no delivery', () => {
  test.each([
    ['a text', '{}'],
    ['parsed JSON', {}],
    ['nothing', undefined],
    ['null', null],
  ])('is refused when its body is %s', (_, body) => {
    const call = () => openDelivery('razorpay', { headers: {}, rawBody: body as Uint8Array })
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    expect(call).toThrow('rawBody must be the bytes as they arrived')
  })

  test.each([undefined, null, 'x-signature: abc'])('is refused when its headers are %s', (headers) => {
    const call = () => openDelivery('razorpay', { headers: headers as unknown as DeliveryHeaders, rawBody })
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
