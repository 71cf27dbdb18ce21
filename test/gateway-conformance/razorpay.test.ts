import { createRazorpayGateway } from '@escrow-ledger/razorpay'
import { gatewayConformance } from '@escrow-ledger/testkit'
import { money } from 'escrow-ledger'
import { describe, expect, it, test } from 'vitest'
import { checkRazorpayRequest } from '../contracts/razorpay-requests.js'
import { presence } from '../contracts/razorpay-samples.js'
import { heldAgainst } from './held-against.js'
import { openRazorpay } from './open-razorpay.js'

const { operations } = createRazorpayGateway({
  environment: 'test',
  keyId: 'rzp_test_0000000000',
  keySecret: 'not used',
  payouts: { accountNumber: '0' },
})

const contract = heldAgainst((exchange) => (presence === '' ? checkRazorpayRequest(exchange) : null))

describe('Razorpay', () => {
  gatewayConformance({
    describe,
    it,
    operations,
    amount: money('100.00', 'INR'),
    amounts: [
      { amount: money('1000.01', 'INR'), wire: '"currency":"INR","amount":100001,' },
      { amount: money('10.99', 'USD'), wire: '"currency":"USD","amount":1099,' },
      { amount: money('1099', 'JPY'), wire: '"currency":"JPY","amount":1099,' },
      { amount: money('1.230', 'KWD'), wire: '"currency":"KWD","amount":1230,' },
      { amount: money('70368744177664.17', 'INR'), wire: '"currency":"INR","amount":7036874417766417,' },
    ],
    offSteps: [money('1.235', 'KWD'), money('90071992547409.93', 'INR')],
    open: openRazorpay(contract.check),
  })

  test.skipIf(presence !== '')(`what was sent in all of these was held against its samples${presence}`, () => {
    expect([...contract.operations]).toEqual(
      expect.arrayContaining([
        ...['createOrder', 'capturePayment', 'createRefund', 'createPayout', 'createPaymentTransfers'],
        ...['updateTransfer', 'createReversal', 'createAccount', 'updateAccount', 'requestProduct'],
      ]),
    )
  })
})
