import type { Operation, SandboxRequest } from '../http/operation.js'
import type { Desk } from './desk.js'
import { isObject, type Json, readBody, readFlag, readOptionalText, readText } from './fields.js'
import { productEntity, type Requirement, requirementsOf } from './product-entity.js'
import type { Product } from './records.js'
import { badRequest, noSuchId } from './refusal.js'

export const productOperations = (desk: Desk): Operation[] => [
  {
    name: 'requestProduct',
    method: 'POST',
    path: '/v2/accounts/:account/products',
    handle: (request) => requestProduct(desk, request),
  },
  {
    name: 'fetchProduct',
    method: 'GET',
    path: '/v2/accounts/:account/products/:id',
    handle: (request) => ({ status: 200, body: productEntity(desk.store, find(desk, request)) }),
  },
  {
    name: 'updateProduct',
    method: 'PATCH',
    path: '/v2/accounts/:account/products/:id',
    handle: (request) => updateProduct(desk, request),
  },
  {
    name: 'fetchTerms',
    method: 'GET',
    path: '/v2/products/:name/tnc',
    handle: ({ params }) => ({
      status: 200,
      body: {
        ...{
          entity: 'tnc_map',
          product_name: params.name,
          id: 'tnc_map_Sandbox0000000',
          last_published_at: 1640589653,
        },
        tnc: { terms: 'https://razorpay.com/terms', privacy: 'https://razorpay.com/privacy' },
      },
    }),
  },
]

function requestProduct(desk: Desk, request: SandboxRequest) {
  const account = desk.store.accounts.get(request.params.account ?? '')
  const body = readBody(request, ['product_name', 'tnc_accepted', 'ip'])
  const name = readText(body, 'product_name')
  if (!['route', 'payment_gateway', 'payment_links'].includes(name)) {
    throw badRequest('The selected product name is invalid.', { field: 'product_name' })
  }
  const product = addProduct(desk, { accountId: account.id, name, accepted: readFlag(body, 'tnc_accepted') ?? false })
  reviewProducts(desk, account.id)
  return { status: 200, body: productEntity(desk.store, product) }
}

export const addProduct = (desk: Desk, given: { accountId: string; name: string; accepted: boolean }): Product =>
  desk.store.products.add({
    ...{ id: desk.newId('products'), createdAt: desk.seconds(), notes: {}, status: 'requested', questions: [] },
    ...{ accountId: given.accountId, name: given.name, termsAcceptedAt: given.accepted ? desk.seconds() : null },
    settlements: { accountNumber: null, ifscCode: null, beneficiaryName: null },
  })

function updateProduct(desk: Desk, request: SandboxRequest) {
  const product = find(desk, request)
  const body = readBody(request, ['settlements', 'tnc_accepted', 'ip', 'notifications', 'checkout', 'refund'])
  if (body.settlements !== undefined)
    product.settlements = { ...product.settlements, ...readSettlements(body.settlements) }
  if (readFlag(body, 'tnc_accepted') && product.termsAcceptedAt === null) {
    Object.assign(product, { termsAcceptedAt: desk.seconds() })
  }
  product.questions = []
  reviewProducts(desk, product.accountId)
  return { status: 200, body: productEntity(desk.store, product) }
}

function readSettlements(given: unknown): Product['settlements'] {
  if (!isObject(given)) throw badRequest('The settlements must be an array.', { field: 'settlements' })
  const text = (field: string, most: number) =>
    readOptionalText(given, field, { most, name: `settlements.${field}` }) ?? null
  const settlements = {
    accountNumber: text('account_number', 35),
    ifscCode: text('ifsc_code', 11),
    beneficiaryName: text('beneficiary_name', 120),
  }
  if (settlements.ifscCode !== null && !/^[A-Z]{4}0[A-Z0-9]{6}$/.test(settlements.ifscCode)) {
    throw badRequest('Invalid IFSC Code', { field: 'settlements.ifsc_code' })
  }
  return settlements
}

function find({ store }: Desk, { params }: SandboxRequest): Product {
  const account = store.accounts.get(params.account ?? '')
  const product = store.products.get(params.id ?? '')
  if (product.accountId !== account.id) throw noSuchId()
  return product
}

/**
 * Looks at what is missing. A product waits for it as `needs_clarification`; when nothing is, it is `under_review`, and
 * activated after a while. One that is activated stays so until a person says otherwise.
 */
export function reviewProducts(desk: Desk, accountId: string): void {
  for (const product of desk.store.products.where((each) => each.accountId === accountId)) {
    if (!['requested', 'needs_clarification', 'under_review'].includes(product.status)) continue
    if (product.termsAcceptedAt === null) continue
    const missing = requirementsOf(desk.store, product)
    const status = missing.length > 0 ? 'needs_clarification' : 'under_review'
    if (product.status === status) continue
    changeStatus(desk, product, status, missing)
    if (status === 'under_review') activateLater(desk, product)
  }
}

function activateLater(desk: Desk, product: Product): void {
  desk.later(desk.settings.times.activationMs, () => {
    if (product.status === 'under_review') activate(desk, product)
  })
}

export function activate(desk: Desk, product: Product): void {
  changeStatus(desk, product, 'activated', [])
  const account = desk.store.accounts.get(product.accountId)
  account.status = 'activated'
}

export function changeStatus(
  desk: Desk,
  product: Product,
  status: Product['status'],
  requirements: readonly Requirement[],
): void {
  product.status = status
  const entity: Json = { id: product.id, merchant_id: product.accountId, activation_status: status }
  const data = requirements.length === 0 ? [] : { requirements }
  desk.tell(`product.${product.name}.${status}`, { merchant_product: { entity, data } }, product.accountId)
}
