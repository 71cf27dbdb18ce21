import { describe, expect, test } from 'vitest'
import { deviations, presence, sample } from '../../../../test/contracts/razorpay-samples.js'
import { accountDetails, openRazorpay, payoutRequest } from '../fixtures/open-razorpay.js'

/**
 * Keys that samples have for what the stand-in has not (offers, saved customers, apps and brands of accounts), or for
 * another method of payment.
 */
const leftOut = [
  ...['offers', 'customer_id', 'reference_id', 'apps', 'brand', 'contact_info', 'legal_info', 'udf'],
  ...['percentage_ownership', 'error.metadata', 'acquirer_data.bank_transaction_id'],
]

const isLeftOut = (deviation: string): boolean =>
  leftOut.some((key) => new RegExp(`(^|\\.)${key.replaceAll('.', '\\.')}\\b`).test(deviation.replace(/\[\d+\]/g, '')))

const differences = (answer: unknown, name: string) =>
  deviations(answer, sample(name)).filter((deviation) => !isLeftOut(deviation))

describe.skipIf(presence)(`answers have what Razorpay's samples have${presence}`, () => {
  test('of orders, payments and refunds', async () => {
    const { sdk, paid } = await openRazorpay()
    const order = await sdk.orders.create({ amount: 500, currency: 'INR', receipt: 'r-1' })
    expect(differences(order, 'create-order')).toEqual([])
    expect(differences(await sdk.orders.all(), 'fetch-all-orders')).toEqual([])
    await paid(100_000)
    const { orderId, paymentId } = await paid(1000, { authorizeOnly: true })
    expect(differences(await sdk.payments.capture(paymentId, 1000, 'INR'), 'capture-payment')).toEqual([])
    expect(differences(await sdk.payments.all(), 'fetch-all-payments')).toEqual([])
    expect(differences(await sdk.orders.fetchPayments(orderId), 'fetch-payments-for-an-order')).toEqual([])
    const normal = await sdk.payments.refund(paymentId, { amount: 100 })
    expect(differences(normal, 'create-a-normal-refund')).toEqual([])
    const instant = await sdk.payments.refund(paymentId, { amount: 100, speed: 'optimum' })
    expect(differences(instant, 'create-an-instant-refund')).toEqual([])
    expect(differences(await sdk.refunds.all(), 'fetch-all-refunds')).toEqual([])
  })

  test('of transfers and reversals', async () => {
    const { sdk, razorpay, clock, call, post, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    const { paymentId } = await paid(100_000)
    const asked = { account, amount: 1000, currency: 'INR', on_hold: true }
    const made = await sdk.payments.transfer(paymentId, { transfers: [asked] })
    expect(differences(made, 'create-transfers-from-payment')).toEqual([])
    const order = await sdk.orders.create({ amount: 5000, currency: 'INR', transfers: [asked] })
    expect(differences(order, 'create-transfers-from-order')).toEqual([])
    expect(differences(await sdk.orders.fetchTransferOrder(order.id), 'fetch-transfer-for-an-order')).toEqual([])
    expect(differences(await post('/v1/transfers', asked), 'direct-transfers')).toEqual([])
    await clock.advance(1000)
    const id = made.items[0]?.id ?? ''
    await sdk.transfers.reverse(id, { amount: 100 })
    expect(differences(await sdk.payments.fetchTransfer(paymentId), 'fetch-transfer-for-a-payment')).toEqual([])
    expect(differences((await call('GET', `/v1/transfers/${id}/reversals`)).body, 'reversals_collection')).toEqual([])
    await sdk.transfers.edit(id, { on_hold: false })
    razorpay.settle(account)
    const { recipient_settlement_id } = await sdk.transfers.fetch(id)
    const settled = await sdk.transfers.all({ recipient_settlement_id: recipient_settlement_id ?? '' })
    expect(differences(settled, 'fetch-transfers-for-a-settlement')).toEqual([])
    expect(differences(await sdk.transfers.fetchSettlements(), 'fetch-settlement-details')).toEqual([])
  })

  test('of linked accounts', async () => {
    const { sdk, call } = await openRazorpay()
    const account: { id: string } = await sdk.accounts.create(accountDetails)
    expect(differences(await sdk.accounts.fetch(account.id), 'fetch-an-account')).toEqual([])
    const stakeholder = await call('POST', `/v2/accounts/${account.id}/stakeholders`, {
      ...{ name: 'Priya', email: 'priya@example.com', kyc: { pan: 'AVOPB1111K' }, relationship: { director: true } },
      ...{ phone: { primary: '7474747474', secondary: '7474747474' } },
      addresses: {
        residential: { street: '506', city: 'Bengaluru', state: 'Karnataka', postal_code: '560034', country: 'IN' },
      },
    })
    expect(differences(stakeholder.body, 'create-an-stakeholder')).toEqual([])
    const product = await call('POST', `/v2/accounts/${account.id}/products`, {
      ...{ product_name: 'route', tnc_accepted: true },
    })
    const found = differences(product.body, 'request-a-product-configuration')
    // Methods of payment and a logo are for accounts that take payments themselves.
    expect(found.filter((each) => !/payment_methods|logo/.test(each))).toEqual([])
  })

  test('of settlements, their report and disputes', async () => {
    const { sdk, razorpay, paid } = await openRazorpay()
    const { paymentId } = await paid(100_000)
    await sdk.payments.refund(paymentId, { amount: 500 })
    const settlement = razorpay.settle() ?? ''
    expect(differences(await sdk.settlements.fetch(settlement), 'fetch-a-settlement')).toEqual([])
    expect(differences(await sdk.settlements.all(), 'settlement_collection')).toEqual([])
    expect(differences(await sdk.settlements.reports({ year: 2026, month: 11 }), 'settlement-recon')).toEqual([])
    const dispute = razorpay.openDispute(paymentId)
    expect(differences(await sdk.disputes.fetch(dispute), 'fetch-a-dispute')).toEqual([])
    expect(differences(await sdk.disputes.all(), 'fetch-all-disputes')).toEqual([])
  })

  test('of payouts', async () => {
    const { razorpay, call, fundAccount } = await openRazorpay()
    razorpay.topUp(100_000n)
    const request = payoutRequest(await fundAccount(), 1000, razorpay.accountNumber)
    const { body } = await call('POST', '/v1/payouts', request, { 'X-Payout-Idempotency': 'key-1' })
    razorpay.processPayouts()
    expect(differences((await call('GET', `/v1/payouts/${body.id}`)).body, 'fake_payout')).toEqual([])
    const list = await call('GET', `/v1/payouts?account_number=${razorpay.accountNumber}`)
    expect(differences(list.body, 'payout_collection')).toEqual([])
  })

  test('and the comparison sees what is missing or of another type', () => {
    expect(deviations({ a: '1', c: [{ d: 1 }, {}] }, { a: 1, b: null, c: [{ d: 2 }] })).toEqual([
      ...['a is string, not number', 'b is missing', 'c[1].d is missing'],
    ])
  })
})
