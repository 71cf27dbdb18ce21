import { createPayPalGateway } from '@escrow-ledger/paypal'
import { gatewayConformance } from '@escrow-ledger/testkit'
import { money } from 'escrow-ledger'
import { describe, expect, it, test } from 'vitest'
import { checkPayPalExchange, presence } from '../contracts/paypal-contracts.js'
import { heldAgainst } from './held-against.js'
import { openPayPal } from './open-paypal.js'

const { operations } = createPayPalGateway({ environment: 'sandbox', clientId: 'none', clientSecret: 'none' })

const contract = heldAgainst(checkPayPalExchange)

describe('PayPal', () => {
  gatewayConformance({
    describe,
    it,
    operations,
    payoutBatches: true,
    amount: money('100.00', 'USD'),
    amounts: [
      { amount: money('1000.01', 'USD'), wire: '{"currency_code":"USD","value":"1000.01"}' },
      { amount: money('10.99', 'EUR'), wire: '{"currency_code":"EUR","value":"10.99"}' },
      { amount: money('10.99', 'GBP'), wire: '{"currency_code":"GBP","value":"10.99"}' },
      { amount: money('1099', 'JPY'), wire: '{"currency_code":"JPY","value":"1099"}' },
      { amount: money('1500.00', 'HUF'), wire: '{"currency_code":"HUF","value":"1500"}' },
      { amount: money('90071992547409.93', 'USD'), wire: '{"currency_code":"USD","value":"90071992547409.93"}' },
    ],
    offSteps: [money('1500.50', 'HUF'), money('10.50', 'TWD')],
    skip: {
      'order: is found by its key when its answer was lost':
        'PayPal cannot look for orders. One whose answer was lost can be paid by nobody, so that another may be made.',
    },
    open: openPayPal(contract.check),
  })

  test.skipIf(presence !== '')(`what passed in all of these was held against its documents${presence}`, () => {
    expect([...contract.operations]).toEqual(
      expect.arrayContaining([
        ...['createOrder', 'getOrder', 'captureOrder', 'getCapture', 'refundCapture', 'getRefund'],
        ...['createPayout', 'getPayout'],
      ]),
    )
  })
})
