import { describe, expect, test } from 'vitest'
import { accountDetails, openRazorpay } from '../fixtures/open-razorpay.js'

const day = 86_400_000
const settlements = { account_number: '1234567890', ifsc_code: 'HDFC0000317', beneficiary_name: 'Priya' }

describe('a linked account', () => {
  test('is activated when nothing is missing any more, after a while', async () => {
    const { sdk, sandbox, clock } = await openRazorpay()
    const account: { id: string } = await sdk.accounts.create(accountDetails)
    expect(account).toMatchObject({ status: 'created', email: 'coach@example.com' })
    const requested = await sdk.products.requestProductConfiguration(account.id, {
      product_name: 'route',
      tnc_accepted: true,
    })
    const fetched = () => sdk.products.fetch(account.id, requested.id)
    expect(requested.activation_status).toBe('needs_clarification')
    expect(requested.requirements.map(({ field_reference }) => field_reference)).toEqual([
      ...['settlements.beneficiary_name', 'settlements.account_number', 'settlements.ifsc_code', 'name', 'kyc.pan'],
    ])

    const stakeholder = await sdk.stakeholders.create(account.id, {
      ...{ name: 'Priya', email: 'priya@example.com', kyc: { pan: 'AVOPB1111K' } },
    } as never)
    expect((await sdk.stakeholders.all(account.id)).items).toEqual([stakeholder])
    expect((await fetched()).requirements).toHaveLength(3)
    const updated = await sdk.products.edit(account.id, requested.id, { settlements, tnc_accepted: true } as never)
    expect(updated).toMatchObject({ activation_status: 'under_review', requirements: [] })
    await clock.advance(3_600_000)
    expect(await fetched()).toMatchObject({ activation_status: 'activated' })
    expect(sandbox.webhooks.all().map(({ event }) => event)).toEqual([
      ...['product.route.needs_clarification', 'product.route.under_review', 'product.route.activated'],
    ])
  })

  test('takes no transfer while Razorpay asks about it', async () => {
    const { sdk, razorpay, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    const { paymentId } = await paid(100_000)
    const transfer = () => sdk.payments.transfer(paymentId, { transfers: [{ account, amount: 500, currency: 'INR' }] })
    razorpay.askAccount(account, 'legal_info.pan')
    await expect(transfer()).rejects.toMatchObject({ error: { reason: 'account_not_activated' } })
    razorpay.activateAccount(account)
    expect((await transfer()).count).toBe(1)
    expect(await sdk.accounts.delete(account)).toMatchObject({ status: 'suspended' })
    await expect(transfer()).rejects.toMatchObject({ error: { reason: 'account_not_activated' } })
  })

  test.each([
    [{ email: 'nobody' }, 'email'],
    [{ phone: '1' }, 'phone'],
    [{ profile: undefined }, 'profile'],
    [{ type: 'other' }, 'type'],
  ])('is refused with %j', async (change, field) => {
    const { call } = await openRazorpay()
    const { status, body } = await call('POST', '/v2/accounts', { ...accountDetails, ...change })
    expect([status, body.error?.field]).toEqual([400, field])
  })

  test('has an email of its own', async () => {
    const { sdk } = await openRazorpay()
    await sdk.accounts.create(accountDetails)
    await expect(sdk.accounts.create(accountDetails)).rejects.toMatchObject({
      error: { description: 'Merchant email already exists for account' },
    })
  })
})

describe('a transfer from a payment', () => {
  test('is held, reversed in part, released and settled with the bank of the linked account', async () => {
    const { sdk, razorpay, clock, call, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    const { paymentId } = await paid(100_000)
    const { items } = await sdk.payments.transfer(paymentId, {
      transfers: [
        { account, amount: 80_000, currency: 'INR', on_hold: true, notes: { s: '1' }, linked_account_notes: ['s'] },
      ],
    })
    const [{ id } = { id: '' }] = items
    expect(items).toMatchObject([{ status: 'pending', on_hold: true, on_hold_until: null, source: paymentId }])
    // The worked example: clearing 976.40 less 800.00 less the fee of 2.36.
    expect(razorpay.balances()).toMatchObject({ clearing: 17_404n, inFlight: { transfers: 80_000n } })
    await clock.advance(1000)
    expect(await sdk.transfers.fetch(id)).toMatchObject({
      ...{ status: 'processed', settlement_status: 'on_hold', fees: 236, tax: 36 },
    })
    expect(razorpay.balances()).toMatchObject({ linked: { [account]: 80_000n }, inFlight: { transfers: 0n } })

    const reversal = await sdk.transfers.reverse(id, { amount: 20_000 })
    expect(reversal).toMatchObject({ transfer_id: id, amount: 20_000, fee: 0 })
    expect((await call('GET', `/v1/transfers/${id}/reversals`)).body.items).toEqual([reversal])
    expect(await sdk.transfers.fetch(id)).toMatchObject({ status: 'partially_reversed', amount_reversed: 20_000 })
    expect(razorpay.balances()).toMatchObject({ clearing: 37_404n, linked: { [account]: 60_000n } })

    await clock.advance(10 * day)
    expect(await sdk.transfers.fetch(id)).toMatchObject({ settlement_status: 'on_hold' })
    await sdk.transfers.edit(id, { on_hold: false })
    await clock.advance(day)
    const settled = await sdk.transfers.fetch(id)
    expect(settled).toMatchObject({
      settlement_status: 'settled',
      recipient_settlement_id: expect.stringMatching(/^setl_/),
    })
    expect(razorpay.balances()).toMatchObject({ linked: { [account]: 0n }, outside: { beneficiaries: 60_000n } })
    const settlement = await sdk.settlements.fetch(settled.recipient_settlement_id ?? '')
    expect(settlement).toMatchObject({ amount: 60_000, fees: 0 })
    expect((await sdk.transfers.all({ recipient_settlement_id: settlement.id })).items).toEqual([settled])
    await expect(sdk.transfers.reverse(id, { amount: 100 })).rejects.toMatchObject({
      error: { reason: 'insufficient_funds' },
    })
    await expect(sdk.transfers.edit(id, { on_hold: true })).rejects.toMatchObject({ error: { field: 'on_hold' } })
  })

  test('is let go at the time that it was given', async () => {
    const { sdk, clock, paid, linkedAccount } = await openRazorpay({ razorpay: { settlements: 'manual' } })
    const account = await linkedAccount()
    const { paymentId } = await paid(100_000)
    const until = Math.floor(clock.now() / 1000) + 7200
    const { items } = await sdk.payments.transfer(paymentId, {
      transfers: [{ account, amount: 500, currency: 'INR', on_hold: true, on_hold_until: until }],
    })
    const fetched = () => sdk.transfers.fetch(items[0]?.id ?? '')
    await clock.advance(7_199_000)
    expect(await fetched()).toMatchObject({ on_hold: true, on_hold_until: until })
    await clock.advance(1000)
    expect(await fetched()).toMatchObject({ on_hold: false, settlement_status: 'pending' })
  })

  test('and its fellows are made all or none', async () => {
    const { sdk, razorpay, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    const { paymentId } = await paid(100_000)
    const refused = (...transfers: object[]) =>
      sdk.payments.transfer(paymentId, { transfers } as never).catch(({ error }) => error.description)
    const of = (amount: number, more: object = {}) => ({ account, amount, currency: 'INR', ...more })
    expect(await refused(of(60_000), of(40_001))).toMatch('The sum of amount requested for transfer is greater')
    expect(await refused(of(60_000), of(40_000))).toBe('Transfer cannot be made due to insufficient balance')
    expect(await refused(of(500), of(99))).toBe('The transfers.1.amount must be at least 100.')
    expect(await refused(of(500), of(500, { account: 'acc_unknown' }))).toBe('acc_unknown is an invalid account_code.')
    expect(await refused(of(500, { currency: 'USD' }))).toBe('Transfers are supported only in INR')
    expect(await refused(of(500, { on_hold_until: 1 }))).toBe('on_hold_until must be a timestamp in the future')
    expect((await sdk.payments.fetchTransfer(paymentId)).count).toBe(0)
    expect(razorpay.balances().clearing).toBe(97_640n)
  })

  test('that fails is back in the balance with its fee', async () => {
    const { sdk, razorpay, sandbox, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    const { paymentId } = await paid(100_000)
    const { items } = await sdk.payments.transfer(paymentId, { transfers: [{ account, amount: 500, currency: 'INR' }] })
    razorpay.failTransfer(items[0]?.id ?? '')
    expect(razorpay.balances()).toMatchObject({ clearing: 97_640n, charged: { fees: 2000n, taxes: 360n } })
    expect(sandbox.webhooks.all().at(-1)?.event).toBe('transfer.failed')
    expect(await sdk.payments.fetch(paymentId)).toMatchObject({ amount_transferred: 0 })
  })
})

describe('transfers of an order', () => {
  test('start when it is paid', async () => {
    const { sdk, razorpay, clock, linkedAccount } = await openRazorpay()
    const [first, second] = [await linkedAccount(), await linkedAccount()]
    const order = await sdk.orders.create({
      ...{ amount: 100_000, currency: 'INR', payment_capture: true },
      transfers: [
        { account: first, amount: 40_000, currency: 'INR', on_hold: true },
        { account: second, amount: 10_000, currency: 'INR' },
      ],
    })
    expect(await sdk.orders.fetchTransferOrder(order.id)).toMatchObject({
      transfers: { items: [{ status: 'created' }, { status: 'created' }] },
    })
    const { paymentId } = razorpay.pay(order.id)
    await clock.advance(1000)
    expect(await sdk.payments.fetchTransfer(paymentId)).toMatchObject({
      items: [{ status: 'processed' }, { status: 'processed' }],
    })
    expect(razorpay.balances().linked).toEqual({ [first]: 40_000n, [second]: 10_000n })
  })

  test('fail where the balance is too low for them', async () => {
    const { sdk, razorpay, clock, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    const order = await sdk.orders.create({
      ...{ amount: 100_000, currency: 'INR', payment_capture: true },
      transfers: [{ account, amount: 100_000, currency: 'INR' }],
    })
    const { paymentId } = razorpay.pay(order.id)
    await clock.advance(1000)
    expect(await sdk.payments.fetchTransfer(paymentId)).toMatchObject({
      items: [{ status: 'failed', error: { reason: 'insufficient_account_balance' } }],
    })
    expect(razorpay.balances().clearing).toBe(97_640n)
  })
})

describe('a direct transfer', () => {
  test('is processed at once, and only once under its key', async () => {
    const { call, razorpay, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    await paid(100_000)
    const transfer = (amount: number, key = 'direct-1') =>
      call('POST', '/v1/transfers', { account, amount, currency: 'INR' }, { 'X-Transfer-Idempotency': key })
    const first = await transfer(10_000)
    expect(first.body).toMatchObject({ status: 'processed', source: razorpay.accountId, fees: 30, tax: 5 })
    expect(await transfer(10_000)).toEqual(first)
    expect((await transfer(10_001)).status).toBe(400)
    expect((await transfer(10_001, 'abc')).status).toBe(400)
    expect((await transfer(10_001, 'x'.repeat(37))).status).toBe(400)
    expect(razorpay.balances().linked).toEqual({ [account]: 10_000n })
  })
})

describe('a refund with reverse_all', () => {
  test('takes every transfer of the payment back first', async () => {
    const { sdk, razorpay, clock, post, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    await paid(100_000)
    const { paymentId } = await paid(100_000)
    await sdk.payments.transfer(paymentId, { transfers: [{ account, amount: 80_000, currency: 'INR' }] })
    await clock.advance(1000)
    await post(`/v1/payments/${paymentId}/refund`, { reverse_all: true })
    expect(razorpay.balances()).toMatchObject({ linked: { [account]: 0n }, inFlight: { refunds: 100_000n } })
  })

  test('is refused for a part, and as a whole where a linked account lacks its part', async () => {
    const { sdk, razorpay, clock, call, paid, linkedAccount } = await openRazorpay()
    const account = await linkedAccount()
    await paid(100_000)
    const { paymentId } = await paid(100_000)
    await sdk.payments.transfer(paymentId, { transfers: [{ account, amount: 80_000, currency: 'INR' }] })
    await clock.advance(1000)
    const refund = (body: object) => call('POST', `/v1/payments/${paymentId}/refund`, { reverse_all: true, ...body })
    expect((await refund({ amount: 500 })).status).toBe(400)
    razorpay.settle(account)
    const before = razorpay.balances()
    expect((await refund({})).body.error).toMatchObject({ reason: 'insufficient_funds' })
    expect(razorpay.balances()).toEqual(before)
  })
})
