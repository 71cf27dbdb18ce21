import { describe, expect, test } from 'vitest'
import { openGateway } from '../fixtures/open-gateway.js'

const details = { payee: 'coach-9', name: 'Priya', email: 'priya@example.com', country: 'IN' }

describe('a payee', () => {
  test('is invited, signs up, and can be paid', async () => {
    const { gateway, context, paypal, sandbox } = await openGateway()
    const invited = await gateway.payees?.onboard(details, context)
    expect(invited).toMatchObject({ reference: 'coach-9', state: 'created', missing: [] })
    expect(invited?.actionUrl).toContain('referral=')
    expect(await gateway.payees?.fetch('coach-9', context)).toBeNull()
    const referralId = new URL(invited?.actionUrl ?? '', 'http://x').searchParams.get('referral') ?? ''
    const merchantId = paypal.onboardSeller({ referralId })
    const active = { reference: merchantId, state: 'active', missing: [], actionUrl: null }
    expect(await gateway.payees?.fetch('coach-9', context)).toEqual(active)
    expect(await gateway.payees?.fetch(merchantId, context)).toEqual(active)
    paypal.revokeConsent(merchantId)
    expect(await gateway.payees?.fetch(merchantId, context)).toMatchObject({
      state: 'needs_details',
      missing: ['oauth_integrations'],
    })
    const asked = sandbox.log.all().find(({ operation }) => operation === 'createPartnerReferral')
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ tracking_id: 'coach-9', email: 'priya@example.com' })
  })

  test('is taken up only for a platform that says who it is', async () => {
    const { gateway } = await openGateway({ gateway: { partnerId: undefined } })
    expect(gateway.payees).toBeUndefined()
  })

  test('whose own id is none that can stand in an address, or PayPal might have given, is not', async () => {
    const { gateway, context, exchanges } = await openGateway()
    for (const payee of ['../x', 'ABCDEFGHJKLMN']) {
      await expect(gateway.payees?.onboard({ ...details, payee }, context)).rejects.toMatchObject({
        code: 'invalid_input',
      })
    }
    await expect(gateway.payees?.fetch('../x', context)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(exchanges).toEqual([])
  })
})

test('where a payee is paid is what the host says', async () => {
  const { gateway } = await openGateway({ gateway: { destinationOf: async (payee, kind) => `${payee}:${kind}` } })
  expect(await gateway.destinationOf?.('p1', 'payout')).toBe('p1:payout')
  expect((await openGateway()).gateway.destinationOf).toBeUndefined()
})
