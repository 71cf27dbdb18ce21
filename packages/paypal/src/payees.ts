import type { CallContext, PayeeAccount, PayeeDetails } from 'escrow-ledger'
import { isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { invalidOption } from './invalid-option.js'
import { linkOf, listAt, requiredText, valueAt } from './json-path.js'
import { unexpected } from './outcome.js'
import { plainRequest } from './plain-request.js'
import { resourceId } from './resource-id.js'

/** What a seller lets the platform do in its name. */
const features = ['PAYMENT', 'REFUND', 'PARTNER_FEE', 'DELAY_FUNDS_DISBURSEMENT', 'ACCESS_MERCHANT_INFORMATION']

const merchantId = /^[2-9A-HJ-NP-Z]{13}$/

/**
 * Invites a payee to sign up as a seller, who goes on at `actionUrl`. PayPal's id of the account is known only afterwards;
 * until then `reference` is the payee's own id, under which `fetchPayee` finds the account as well. `details` are merged
 * into PayPal's referral, such as `partner_config_override`.
 */
export async function onboardPayee(api: PayPalApi, payee: PayeeDetails, context: CallContext): Promise<PayeeAccount> {
  const tracking = resourceId(payee.payee, 'payee')
  // PayPal tells the two apart by the field they are in, and so does nobody who keeps but one of them.
  if (merchantId.test(tracking)) throw invalidOption('payee', "looks like PayPal's id of an account")
  const integration = {
    integration_method: 'PAYPAL',
    integration_type: 'THIRD_PARTY',
    third_party_details: { features },
  }
  const body = {
    email: payee.email,
    tracking_id: tracking,
    operations: [{ operation: 'API_INTEGRATION', api_integration_preference: { rest_api_integration: integration } }],
    products: ['EXPRESS_CHECKOUT'],
    legal_consents: [{ type: 'SHARE_DATA_CONSENT', granted: true }],
    ...payee.details,
  }
  const answer = await api.call(context, plainRequest({ method: 'POST', path: '/v2/customer/partner-referrals', body }))
  if (!isSuccess(answer)) throw unexpected(answer)
  return { reference: tracking, state: 'created', missing: [], actionUrl: linkOf(answer.body, 'action_url') }
}

/** How far a seller has come, by PayPal's id of its account or by the payee's own. Null while it has not signed up. */
export async function fetchPayee(
  api: PayPalApi,
  { partnerId, reference }: { readonly partnerId: string; readonly reference: string },
  context: CallContext,
): Promise<PayeeAccount | null> {
  const path = `/v1/customer/partners/${partnerId}/merchant-integrations`
  const id = resourceId(reference, 'reference')
  const request = merchantId.test(id) ? { path: `${path}/${id}` } : { path, query: { tracking_id: id } }
  const answer = await api.call(context, plainRequest({ method: 'GET', ...request }))
  if (answer.status === 404) return null
  if (!isSuccess(answer)) throw unexpected(answer)
  const isWhole = valueAt(answer.body, 'payments_receivable') !== undefined
  const merchant = requiredText(answer.body, 'merchant_id')
  // A search by the payee's own id answers little more than that of the account.
  return isWhole || merchant === id
    ? accountOf(answer.body)
    : fetchPayee(api, { partnerId, reference: merchant }, context)
}

function accountOf(merchant: unknown): PayeeAccount {
  const missing = [
    ...(valueAt(merchant, 'payments_receivable') === true ? [] : ['payments_receivable']),
    ...(valueAt(merchant, 'primary_email_confirmed') === true ? [] : ['primary_email_confirmed']),
    ...(listAt(merchant, 'oauth_integrations').length > 0 ? [] : ['oauth_integrations']),
  ]
  const state = missing.length === 0 ? 'active' : 'needs_details'
  return { reference: requiredText(merchant, 'merchant_id'), state, missing, actionUrl: null }
}
