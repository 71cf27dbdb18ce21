import type { Operation } from '../http/operation.js'
import { readFields } from './fields.js'
import type { Merchant, Referral } from './merchant.js'
import { link, type PayPalWorld } from './paypal-world.js'
import { malformed, notFound, Refusal } from './refusal.js'

/** Sellers are invited with a referral; their account is there once they have signed up, which is an act of theirs. */
export const referralOperations = (world: PayPalWorld): Operation[] => [
  {
    name: 'createPartnerReferral',
    method: 'POST',
    path: '/v2/customer/partner-referrals',
    handle(request) {
      const referral = readReferral(world, request.json())
      world.referrals.set(referral.id, referral)
      return { status: 201, body: { links: referralLinks(world, referral) } }
    },
  },
  {
    name: 'getPartnerReferral',
    method: 'GET',
    path: '/v2/customer/partner-referrals/:id',
    handle({ params }) {
      const referral = world.referrals.get(params.id ?? '')
      if (referral === undefined) throw notFound()
      const body = {
        partner_referral_id: referral.id,
        submitter_payer_id: world.settings.merchantId,
        referral_data: referral.data,
        links: referralLinks(world, referral),
      }
      return { status: 200, body }
    },
  },
  {
    name: 'getMerchantStatus',
    method: 'GET',
    path: '/v1/customer/partners/:partner/merchant-integrations/:merchant',
    handle({ params }) {
      if (params.partner !== world.settings.merchantId) throw partnerUnknown()
      const merchant = world.merchants.get(params.merchant ?? '')
      if (merchant === undefined || merchant.merchantId === world.settings.merchantId) throw notFound()
      return { status: 200, body: merchantOnWire(world, merchant) }
    },
  },
  {
    name: 'findMerchantStatus',
    method: 'GET',
    path: '/v1/customer/partners/:partner/merchant-integrations',
    handle({ params, query }) {
      if (params.partner !== world.settings.merchantId) throw partnerUnknown()
      const tracking = query.get('tracking_id')
      const merchant = [...world.merchants.values()].find(({ trackingId }) => trackingId === tracking)
      if (tracking === null || merchant === undefined) throw notFound()
      return { status: 200, body: merchantOnWire(world, merchant) }
    },
  },
]

function readReferral(world: PayPalWorld, body: unknown): Referral {
  const fields = readFields(body)
  const operations = fields.list('operations', { min: 1, max: 5 })
  if (operations === undefined) throw malformed('MISSING_REQUIRED_PARAMETER', { field: '/operations' })
  for (const operation of operations) operation.requiredText('operation')
  const consents = fields.list('legal_consents', { min: 1, max: 5 })
  if (consents === undefined) throw malformed('MISSING_REQUIRED_PARAMETER', { field: '/legal_consents' })
  for (const consent of consents) {
    consent.requiredText('type', { oneOf: ['SHARE_DATA_CONSENT'] })
    consent.flag('granted')
  }
  return {
    id: world.newId(32),
    data: fields.raw,
    trackingId: fields.text('tracking_id', { max: 127 }) ?? world.newId(32),
    createdAt: world.now(),
  }
}

const referralLinks = (world: PayPalWorld, { id }: Referral) => [
  link(world, 'self', `/v2/customer/partner-referrals/${id}`),
  link(world, 'action_url', `/sandbox/paypal?referral=${id}`),
]

const partnerUnknown = () => new Refusal(403, 'NOT_AUTHORIZED', 'Authorization failed due to insufficient permissions.')

const merchantOnWire = ({ settings }: PayPalWorld, merchant: Merchant) => ({
  merchant_id: merchant.merchantId,
  tracking_id: merchant.trackingId,
  products: [{ name: 'PPCP_STANDARD', vetting_status: 'SUBSCRIBED', capabilities: ['PAYPAL_CHECKOUT'] }],
  capabilities: [{ name: 'PAYPAL_CHECKOUT', status: 'ACTIVE' }],
  payments_receivable: merchant.paymentsReceivable,
  primary_email: merchant.email,
  primary_email_confirmed: merchant.emailConfirmed,
  primary_currency: merchant.primaryCurrency,
  oauth_integrations: merchant.consent
    ? [
        {
          integration_type: 'OAUTH_THIRD_PARTY',
          integration_method: 'PAYPAL',
          oauth_third_party: [
            {
              partner_client_id: settings.clientId,
              merchant_client_id: merchant.merchantId,
              scopes: [
                'https://uri.paypal.com/services/payments/realtimepayment',
                'https://uri.paypal.com/services/payments/refund',
                'https://uri.paypal.com/services/payments/delay-funds-disbursement',
              ],
            },
          ],
        },
      ]
    : [],
})

/** A seller signs up, by an invitation or without one, and lets the platform act in its name. */
export function onboardSeller(
  world: PayPalWorld,
  { referralId, email, primaryCurrency = world.settings.primaryCurrency, ...given }: OnboardedSeller = {},
): Merchant {
  const referral = referralId === undefined ? undefined : world.referrals.get(referralId)
  if (referralId !== undefined && referral === undefined) throw new RangeError(`There is no referral ${referralId}.`)
  const merchantId = given.merchantId ?? world.newMerchantId()
  if (world.merchants.has(merchantId)) throw new RangeError(`There is an account ${merchantId}.`)
  const invited = referral?.data.email
  const merchant: Merchant = {
    merchantId,
    email: email ?? (typeof invited === 'string' ? invited : `${merchantId.toLowerCase()}@sandbox.example`),
    primaryCurrency,
    trackingId: referral?.trackingId ?? given.trackingId ?? merchantId,
    paymentsReceivable: true,
    emailConfirmed: true,
    consent: true,
  }
  world.merchants.set(merchantId, merchant)
  if (referral !== undefined) referral.merchantId = merchantId
  tellMerchant(world, merchant, 'MERCHANT.ONBOARDING.COMPLETED', 'The merchant account setup is completed')
  return merchant
}

export interface OnboardedSeller {
  readonly referralId?: string
  readonly trackingId?: string
  /** 13 of the digits 2 to 9 and the letters without I and O. */
  readonly merchantId?: string
  readonly email?: string
  readonly primaryCurrency?: string
}

/** A seller no longer lets the platform act in its name. */
export function revokeConsent(world: PayPalWorld, merchantId: string): void {
  const merchant = world.merchants.get(merchantId)
  if (merchant === undefined) throw new RangeError(`There is no account ${merchantId}.`)
  merchant.consent = false
  tellMerchant(world, merchant, 'MERCHANT.PARTNER-CONSENT.REVOKED', 'The merchant has revoked the consent')
}

function tellMerchant(world: PayPalWorld, merchant: Merchant, type: string, summary: string): void {
  const resource = {
    partner_client_id: world.settings.clientId,
    merchant_id: merchant.merchantId,
    tracking_id: merchant.trackingId,
    links: [
      link(
        world,
        'self',
        `/v1/customer/partners/${world.settings.merchantId}/merchant-integrations/${merchant.merchantId}`,
      ),
    ],
  }
  world.tell({ type, resourceType: 'merchant-onboarding', resource, summary })
}
