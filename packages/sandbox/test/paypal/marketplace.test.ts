import { describe, expect, test } from 'vitest'
import { inTheNameOf } from './auth-assertion.js'
import { createCaller } from './caller.js'
import { DAY, openSandbox, payFor, usd, whole } from './open-sandbox.js'

/** 420.00, of which the platform keeps 44.85 and PayPal 15.15, is held for a seller. */
async function hold() {
  const open = await openSandbox({ paymentFee: { basisPoints: 0, fixedMinor: { USD: 1515n } } })
  const seller = open.paypal.onboardSeller({ email: 'seller@sandbox.example' })
  const unit = {
    payee: { merchant_id: seller },
    payment_instruction: { disbursement_mode: 'DELAYED', platform_fees: [{ amount: usd('44.85') }] },
  }
  const { capture } = await payFor(open, '420.00', { unit })
  const release = (call = open.call) =>
    call('POST', '/v1/payments/referenced-payouts-items', {
      reference_id: capture.id,
      reference_type: 'TRANSACTION_ID',
    })
  const held = () => open.paypal.balances()[`held:${seller}`]?.USD
  const balance = () => open.paypal.balances()[`balance:${seller}`]?.USD ?? 0n
  const ours = () => open.paypal.balances()[`balance:${open.paypal.merchantId}`]?.USD
  return { ...open, seller, capture, release, held, balance, ours }
}

describe('money held for a seller', () => {
  test('is what the fees leave, and is disbursed once when asked for', async () => {
    const { call, capture, release, held, balance, ours } = await hold()
    expect(capture.seller_receivable_breakdown).toMatchObject({
      platform_fees: [{ amount: usd('44.85') }],
      net_amount: usd('360.00'),
    })
    expect([held(), balance(), ours()]).toEqual([36_000n, 0n, 4485n])
    const released = await release()
    expect(released).toMatchObject({
      status: 201,
      body: { processing_state: { status: 'SUCCESS' }, payout_amount: usd('360.00') },
    })
    expect([held(), balance()]).toEqual([0n, 36_000n])
    expect((await release()).body.details[0].issue).toBe('ALREADY_DISBURSED')
    const read = await call('GET', `/v1/payments/referenced-payouts-items/${released.body.item_id}`)
    expect(read.body).toEqual(released.body)
  })

  test('is disbursed by itself after 28 days', async () => {
    const { sandbox, held, balance } = await hold()
    await sandbox.clock.advance(28 * DAY - 1)
    expect(held()).toBe(36_000n)
    await sandbox.clock.advance(1)
    expect([held(), balance()]).toEqual([0n, 36_000n])
    expect(sandbox.webhooks.all().map(({ event }) => event)).toContain('PAYMENT.REFERENCED-PAYOUT-ITEM.COMPLETED')
  })

  test('goes back to the payer with the platform’s fee, and the seller bears what PayPal keeps', async () => {
    const { paypal, call, seller, capture, held, balance, ours } = await hold()
    const headers = { ...whole, ...inTheNameOf(seller) }
    const refund = (body: object = {}) => call('POST', `/v2/payments/captures/${capture.id}/refund`, body, headers)
    expect((await refund()).body.details[0].issue).toBe('REFUND_FAILED_INSUFFICIENT_FUNDS')
    expect([held(), ours()]).toEqual([36_000n, 4485n])
    paypal.topUp({ currency: 'USD', amountMinor: 1515n, merchantId: seller })
    const half = await refund({ amount: usd('210.00') })
    expect(half.body.seller_payable_breakdown).toMatchObject({
      platform_fees: [{ amount: usd('22.42') }],
      net_amount: usd('187.58'),
    })
    expect((await refund()).body.seller_payable_breakdown.platform_fees[0].amount).toEqual(usd('22.43'))
    expect([held(), balance(), ours()]).toEqual([0n, 0n, 0n])
  })

  test('is kept while the payment is disputed, past the 28 days too', async () => {
    const { sandbox, paypal, capture, release, held, balance } = await hold()
    const dispute = paypal.openDispute(capture.id)
    expect((await release()).body.details[0].issue).toBe('TRANSACTION_DISPUTED')
    await sandbox.clock.advance(30 * DAY)
    expect(held()).toBe(36_000n)
    paypal.resolveDispute(dispute, 'seller')
    expect([held(), balance()]).toEqual([0n, 36_000n])
  })

  test('cannot have a refund say what the platform gives back, unless PayPal has enabled that', async () => {
    const { call, capture, seller } = await hold()
    const body = { amount: usd('10.00'), payment_instruction: { platform_fees: [{ amount: usd('1.00') }] } }
    const refused = await call('POST', `/v2/payments/captures/${capture.id}/refund`, body, inTheNameOf(seller))
    expect(refused.body.details[0].issue).toBe('PLATFORM_FEE_NOT_ENABLED')
  })

  test('is given back in the name of the seller only, and not when the seller does not consent', async () => {
    const { paypal, call, capture, seller, held } = await hold()
    const path = `/v2/payments/captures/${capture.id}/refund`
    const body = { amount: usd('10.00') }
    const others = paypal.onboardSeller()
    const claims = Buffer.from(JSON.stringify({ iss: 'another-client', payer_id: seller })).toString('base64url')
    const strange = [`e30.${claims}.`, 'x'].map((assertion) => ({ 'paypal-auth-assertion': assertion }))
    for (const headers of [{}, inTheNameOf(paypal.merchantId), inTheNameOf(others), ...strange]) {
      expect(await call('POST', path, body, headers)).toMatchObject({ status: 403, body: { name: 'NOT_AUTHORIZED' } })
    }
    expect(held()).toBe(36_000n)
    expect((await call('POST', path, body, inTheNameOf(seller))).status).toBe(201)
    paypal.revokeConsent(seller)
    expect((await call('POST', path, body, inTheNameOf(seller))).status).toBe(403)
  })

  test('names its payee when it is read by itself', async () => {
    const { call, capture, seller } = await hold()
    const { body } = await call('GET', `/v2/payments/captures/${capture.id}`)
    expect(body.payee).toEqual({ email_address: 'seller@sandbox.example', merchant_id: seller })
  })
})

describe('a refund that says what the platform gives back', () => {
  test('takes that of the platform, and the rest of the seller', async () => {
    const open = await openSandbox({ paymentFee: { basisPoints: 0 }, platformFeeRefunds: true })
    const seller = open.paypal.onboardSeller()
    const unit = { payee: { merchant_id: seller }, payment_instruction: { platform_fees: [{ amount: usd('20.00') }] } }
    const { capture } = await payFor(open, '100.00', { unit })
    const refund = (fee: string) =>
      open.call(
        'POST',
        `/v2/payments/captures/${capture.id}/refund`,
        { amount: usd('50.00'), payment_instruction: { platform_fees: [{ amount: usd(fee) }] } },
        { ...whole, ...inTheNameOf(seller) },
      )
    expect((await refund('20.01')).body.details[0].issue).toBe('PLATFORM_FEE_EXCEEDED')
    expect((await refund('20.00')).body.seller_payable_breakdown.net_amount).toEqual(usd('30.00'))
    expect(open.paypal.balances()).toMatchObject({
      [`balance:${seller}`]: { USD: 5000n },
      [`balance:${open.paypal.merchantId}`]: { USD: 0n },
    })
  })
})

describe('a seller', () => {
  const referral = {
    email: 'new@sandbox.example',
    tracking_id: 'seller-7',
    operations: [{ operation: 'API_INTEGRATION' }],
    products: ['EXPRESS_CHECKOUT'],
    legal_consents: [{ type: 'SHARE_DATA_CONSENT', granted: true }],
  }

  test('is invited, signs up, and can take its consent back', async () => {
    const { paypal, call } = await openSandbox()
    const created = await call('POST', '/v2/customer/partner-referrals', referral)
    expect(created.status).toBe(201)
    const referralId = new URL(created.body.links[0].href).pathname.split('/').at(-1) ?? ''
    const read = await call('GET', `/v2/customer/partner-referrals/${referralId}`)
    expect(read.body.referral_data).toEqual(referral)
    const status = (id: string) => call('GET', `/v1/customer/partners/${paypal.merchantId}/merchant-integrations/${id}`)
    expect((await status('ABCDEFGHJKLMN')).status).toBe(404)
    const seller = paypal.onboardSeller({ referralId })
    expect((await status(seller)).body).toMatchObject({
      tracking_id: 'seller-7',
      payments_receivable: true,
      primary_email: 'new@sandbox.example',
    })
    paypal.revokeConsent(seller)
    expect((await status(seller)).body.oauth_integrations).toEqual([])
    const order = { intent: 'CAPTURE', purchase_units: [{ amount: usd('1.00'), payee: { merchant_id: seller } }] }
    expect((await call('POST', '/v2/checkout/orders', order)).body.details[0].issue).toBe('PAYEE_ACCOUNT_INVALID')
  })

  test('has transactions of its own, which the platform reads in its name', async () => {
    const { sandbox, capture, seller, paypal } = await hold()
    await sandbox.clock.advance(DAY)
    const call = createCaller(sandbox)
    const query = '?start_date=2026-11-01T00:00:00Z&end_date=2026-11-20T00:00:00Z'
    const search = (id?: string) =>
      call('GET', `/v1/reporting/transactions${query}`, undefined, id ? inTheNameOf(id) : {})
    const codes = (answer: Awaited<ReturnType<typeof search>>) =>
      answer.body.transaction_details.map(
        ({ transaction_info: info }: { transaction_info: Record<string, unknown> }) => [
          info.transaction_id,
          info.transaction_event_code,
          (info.transaction_amount as { value: string }).value,
        ],
      )
    expect(codes(await search())).toEqual([[capture.id, 'T0113', '44.85']])
    expect(codes(await search(seller))).toEqual([
      [capture.id, 'T0006', '420.00'],
      [capture.id, 'T0113', '-44.85'],
    ])
    paypal.revokeConsent(seller)
    expect((await search(seller)).status).toBe(403)
  })
})
