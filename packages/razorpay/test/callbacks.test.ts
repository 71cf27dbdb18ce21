import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { problemOf } from '../../../test/fixtures/authenticity-problem.js'
import { verifyRazorpayCheckout, verifyRazorpayPaymentLink } from '../src/index.js'

const keySecrets = ['key-secret']
const sign = (text: string) => createHmac('sha256', 'key-secret').update(text).digest('hex')

describe('a callback', () => {
  test.each([
    ['its signature is missing', undefined],
    ['its signature is a list', [sign('order_1|pay_1')]],
    ['its signature is short', sign('order_1|pay_1').slice(1)],
  ])('is refused when %s', async (_, signature) => {
    const checkout = { orderId: 'order_1', paymentId: 'pay_1', signature: signature as string }
    expect(await problemOf(() => verifyRazorpayCheckout(checkout, { keySecrets }))).toBe('signature_malformed')
  })

  test('is refused when an id is no text', async () => {
    const checkout = { orderId: ['order_1'] as unknown as string, paymentId: 'pay_1', signature: sign('order_1|pay_1') }
    expect(await problemOf(() => verifyRazorpayCheckout(checkout, { keySecrets }))).toBe('signature_malformed')
  })

  // Genuine for a link that was cancelled, and cut elsewhere by whoever holds the browser.
  test('is refused when its fields are cut elsewhere', async () => {
    const signature = sign('plink_1|paid|x|cancelled|')
    const cut = { paymentLinkId: 'plink_1', referenceId: 'paid', status: 'x|cancelled', paymentId: '', signature }
    expect(await problemOf(() => verifyRazorpayPaymentLink(cut, { keySecrets }))).toBe('signature_malformed')
  })

  test.each([undefined, {}, { keySecrets: [''] }])('needs a secret, which %j has not', (options) => {
    const checkout = { orderId: 'order_1', paymentId: 'pay_1', signature: sign('order_1|pay_1') }
    const call = () => verifyRazorpayCheckout(checkout, options as { keySecrets: string[] })
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})
