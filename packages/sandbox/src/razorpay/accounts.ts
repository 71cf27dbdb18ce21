import type { Operation, SandboxRequest } from '../http/operation.js'
import type { Desk } from './desk.js'
import { isObject, type Json, notesEntity, readBody, readNotes, readText } from './fields.js'
import { reviewProducts } from './products.js'
import type { Account } from './records.js'
import { badRequest } from './refusal.js'

const fields = [
  ...[
    'email',
    'phone',
    'type',
    'reference_id',
    'legal_business_name',
    'customer_facing_business_name',
    'business_type',
  ],
  ...['contact_name', 'profile', 'legal_info', 'notes', 'apps', 'brand', 'contact_info'],
]

export const accountOperations = (desk: Desk): Operation[] => [
  { name: 'createAccount', method: 'POST', path: '/v2/accounts', handle: (request) => createAccount(desk, request) },
  {
    name: 'fetchAccount',
    method: 'GET',
    path: '/v2/accounts/:id',
    handle: ({ params }) => ({ status: 200, body: accountEntity(desk.store.accounts.get(params.id ?? '')) }),
  },
  {
    name: 'updateAccount',
    method: 'PATCH',
    path: '/v2/accounts/:id',
    handle(request) {
      const account = desk.store.accounts.get(request.params.id ?? '')
      const { notes, ...details } = readBody(request, fields)
      if (account.status === 'suspended') throw badRequest('The account is suspended')
      if (notes !== undefined) account.notes = readNotes({ notes })
      account.details = { ...account.details, ...details }
      reviewProducts(desk, account.id)
      return { status: 200, body: accountEntity(account) }
    },
  },
  {
    name: 'deleteAccount',
    method: 'DELETE',
    path: '/v2/accounts/:id',
    handle({ params }) {
      const account = desk.store.accounts.get(params.id ?? '')
      suspendAccount(desk, account)
      return { status: 200, body: accountEntity(account) }
    },
  },
]

function createAccount(desk: Desk, request: SandboxRequest) {
  const { notes, ...details } = readBody(request, fields)
  const email = readText(details, 'email')
  if (!/^\S+@\S+\.\S+$/.test(email)) throw badRequest('The email must be a valid email address.', { field: 'email' })
  readText(details, 'phone', { least: 8, most: 15 })
  readText(details, 'legal_business_name', { least: 4, most: 200 })
  readText(details, 'business_type')
  checkProfile(details.profile)
  if (!['route', 'standard'].includes(String(details.type ?? 'standard'))) {
    throw badRequest('The selected type is invalid.', { field: 'type' })
  }
  if (desk.store.accounts.where((each) => each.details.email === email).length > 0) {
    throw badRequest('Merchant email already exists for account', { field: 'email' })
  }
  const account = desk.store.accounts.add({
    ...{ id: desk.newId('accounts'), createdAt: desk.seconds(), notes: readNotes({ notes }), details },
    ...{ status: 'created', suspendedAt: null },
  })
  return { status: 200, body: accountEntity(account) }
}

function checkProfile(profile: unknown): void {
  if (!isObject(profile)) throw badRequest('The profile field is required.', { field: 'profile' })
  readText(profile, 'category', { name: 'profile.category' })
  readText(profile, 'subcategory', { name: 'profile.subcategory' })
}

/** The account takes and settles no more money. What it holds stays. */
export function suspendAccount(desk: Desk, account: Account): void {
  Object.assign(account, { status: 'suspended', suspendedAt: desk.seconds() })
  for (const product of desk.store.products.where(({ accountId }) => accountId === account.id)) {
    product.status = 'suspended'
  }
  tellAccount(desk, 'account.suspended', account)
}

/** Events of an account come from the account itself. */
export function tellAccount(desk: Desk, event: string, account: Account): void {
  const { id, details, createdAt, suspendedAt } = account
  const activated = account.status === 'activated'
  const entity = {
    ...{ id: id.replace('acc_', ''), entity: 'merchant', name: details.legal_business_name, email: details.email },
    ...{ activated, live: activated, hold_funds: false, created_at: createdAt, suspended_at: suspendedAt },
    ...{ notes: notesEntity(account.notes) },
  }
  desk.tell(event, { account: entity }, id)
}

export const accountEntity = ({ id, createdAt, notes, details, status, suspendedAt }: Account): Json => ({
  id,
  type: 'standard',
  status: status === 'activated' ? 'created' : status,
  customer_facing_business_name: details.legal_business_name,
  ...details,
  notes: notesEntity(notes),
  created_at: createdAt,
  ...(suspendedAt === null ? {} : { suspended_at: suspendedAt }),
})
