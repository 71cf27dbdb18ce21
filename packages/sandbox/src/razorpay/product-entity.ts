import { isObject, type Json } from './fields.js'
import type { Product } from './records.js'
import type { Store } from './store.js'

export interface Requirement {
  readonly field_reference: string
  readonly resolution_url: string
  readonly status: 'required'
  readonly reason_code: string
}

/** What is missing of a product, or was asked by a person. */
export function requirementsOf(store: Store, product: Product): Requirement[] {
  const { accountId, settlements } = product
  const account = `/accounts/${accountId}`
  const need = (field: string, url: string, reason_code = 'field_missing'): Requirement => ({
    ...{ field_reference: field, resolution_url: url, status: 'required', reason_code },
  })
  const here = `${account}/products/${product.id}`
  const fields = {
    beneficiary_name: 'beneficiaryName',
    account_number: 'accountNumber',
    ifsc_code: 'ifscCode',
  } as const
  const missing = Object.entries(fields)
    .filter(([, key]) => settlements[key] === null)
    .map(([field]) => need(`settlements.${field}`, here))
  const [stakeholder] = store.stakeholders.where((each) => each.accountId === accountId)
  if (!stakeholder) missing.push(need('name', `${account}/stakeholders`))
  const kyc = stakeholder?.details.kyc
  if (!isObject(kyc) || typeof kyc.pan !== 'string') missing.push(need('kyc.pan', `${account}/stakeholders`))
  return [...missing, ...product.questions.map((field) => need(field, account, 'needs_clarification'))]
}

/** A product configuration as Razorpay's API gives it. */
export function productEntity(store: Store, product: Product): Json {
  const { settlements, termsAcceptedAt } = product
  const active = {
    payment_capture: { mode: 'automatic', refund_speed: 'normal', automatic_expiry_period: 7200 },
    settlements: {
      account_number: settlements.accountNumber,
      ifsc_code: settlements.ifscCode,
      beneficiary_name: settlements.beneficiaryName,
    },
    checkout: { theme_color: '#FFFFFF', flash_checkout: true },
    refund: { default_refund_speed: 'normal' },
    notifications: { whatsapp: true, sms: false, email: [] },
    payment_methods: {},
  }
  const isOpen = ['requested', 'needs_clarification'].includes(product.status)
  return {
    requested_configuration: { payment_methods: [] },
    active_configuration: active,
    requirements: isOpen ? requirementsOf(store, product) : [],
    tnc: { id: 'tnc_Sandbox0000000', accepted: termsAcceptedAt !== null, accepted_at: termsAcceptedAt },
    id: product.id,
    account_id: product.accountId,
    product_name: product.name,
    activation_status: product.status,
    requested_at: product.createdAt,
  }
}
