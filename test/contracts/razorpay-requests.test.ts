import type { LoggedExchange } from '@escrow-ledger/sandbox'
import { describe, expect, test } from 'vitest'
import { checkRazorpayRequest } from './razorpay-requests.js'
import { presence } from './razorpay-samples.js'

const request = (operation: string, body: object | string): LoggedExchange => ({
  ...{ gateway: 'razorpay', operation, at: 0, method: 'POST', url: '/', headers: {} },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...{ fault: undefined, answer: undefined, handled: true, bug: undefined },
})

const order = { amount: 100, currency: 'INR', receipt: 'r-1', payment_capture: true, notes: { key: 'r-1' } }
const transfer = { account: 'acc_1', amount: 100, currency: 'INR', on_hold: true, on_hold_until: 1, notes: {} }

describe.skipIf(presence !== '')(`the samples of Razorpay${presence}`, () => {
  test('have nothing against what is right, and do not know every request', () => {
    expect(checkRazorpayRequest(request('createOrder', order))).toEqual([])
    expect(checkRazorpayRequest(request('createPaymentTransfers', { transfers: [transfer] }))).toEqual([])
    expect(checkRazorpayRequest(request('createContact', { name: 'Priya' }))).toBeNull()
    expect(checkRazorpayRequest(request('fetchOrder', ''))).toBeNull()
  })

  test.each<[string, string, object, string]>([
    [
      'a field that is not known',
      'createOrder',
      { ...order, reciept: 'r-1' },
      'reciept is in no sample of createOrder',
    ],
    ['a text for a number', 'createOrder', { ...order, amount: '100' }, 'amount is string, and number'],
    ['notes that are none', 'createOrder', { ...order, notes: 'r-1' }, 'notes is string'],
    [
      'one further down',
      'createPaymentTransfers',
      { transfers: [{ ...transfer, hold: true }] },
      'transfers.hold is in no sample',
    ],
    ['an operation that has no sample', 'createQrCode', { name: 'x' }, 'there is no sample of createQrCode'],
  ])('find %s', (_, operation, body, fault) => {
    expect(checkRazorpayRequest(request(operation, body))).toEqual([expect.stringContaining(fault)])
  })
})
