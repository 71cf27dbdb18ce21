import { isDeepStrictEqual } from 'node:util'
import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { isObject, type Json, readBody, readFlag, readOptionalText, readText } from './fields.js'
import type { FundAccount } from './records.js'
import { badRequest } from './refusal.js'

export const fundAccountOperations = (desk: Desk): Operation[] => [
  {
    name: 'createFundAccount',
    method: 'POST',
    path: '/v1/fund_accounts',
    handle: (request) => createFundAccount(desk, request),
  },
  {
    name: 'listFundAccounts',
    method: 'GET',
    path: '/v1/fund_accounts',
    handle(request) {
      const [contact, type] = [request.query.get('contact_id'), request.query.get('account_type')]
      const matching = desk.store.fundAccounts.where(
        (each) => (!contact || each.contactId === contact) && (!type || each.accountType === type),
      )
      return answerCollection(request, matching, fundAccountEntity)
    },
  },
  {
    name: 'fetchFundAccount',
    method: 'GET',
    path: '/v1/fund_accounts/:id',
    handle: ({ params }) => ({ status: 200, body: fundAccountEntity(desk.store.fundAccounts.get(params.id ?? '')) }),
  },
  {
    name: 'updateFundAccount',
    method: 'PATCH',
    path: '/v1/fund_accounts/:id',
    handle(request) {
      const account = desk.store.fundAccounts.get(request.params.id ?? '')
      account.active = readFlag(readBody(request, ['active']), 'active') ?? account.active
      return { status: 200, body: fundAccountEntity(account) }
    },
  },
]

/** The same account of the same contact again is the one that there is, with status 200. */
function createFundAccount({ store, newId, seconds }: Desk, request: SandboxRequest): SandboxAnswer {
  const body = readBody(request, ['contact_id', 'account_type', 'bank_account', 'vpa', 'card'])
  const contactId = readText(body, 'contact_id')
  if (!store.contacts.find(contactId)) {
    throw badRequest('The contact id provided does not exist.', { field: 'contact_id' })
  }
  const accountType = readText(body, 'account_type')
  if (accountType !== 'bank_account' && accountType !== 'vpa' && accountType !== 'card') {
    throw badRequest('The selected account type is invalid.', { field: 'account_type' })
  }
  const given = body[accountType]
  const name = accountType.replace('_', ' ')
  if (!isObject(given)) throw badRequest(`The ${name} field is required.`, { field: accountType })
  const details = readers[accountType](given)
  const [same] = store.fundAccounts.where(
    (each) => each.contactId === contactId && isDeepStrictEqual(each.details, details),
  )
  if (same) return { status: 200, body: fundAccountEntity(same) }
  const account: FundAccount = {
    ...{ id: newId('fundAccounts'), createdAt: seconds(), notes: {}, contactId, accountType, details, active: true },
  }
  return { status: 201, body: fundAccountEntity(store.fundAccounts.add(account)) }
}

const readers: Record<FundAccount['accountType'], (given: Json) => Json> = {
  bank_account(given) {
    const name = readText(given, 'name', { least: 3, most: 120 })
    const ifsc = readText(given, 'ifsc')
    const account_number = readText(given, 'account_number', { least: 5, most: 35 })
    if (!/^[A-Z]{4}0[A-Z0-9]{6}$/.test(ifsc)) throw badRequest('Invalid IFSC Code', { field: 'ifsc' })
    if (!/^[0-9A-Za-z]+$/.test(account_number)) {
      throw badRequest('The account number format is invalid.', { field: 'account_number' })
    }
    return { ifsc, bank_name: 'Sandbox Bank', name, notes: [], account_number }
  },
  vpa(given) {
    const address = readText(given, 'address', { least: 3, most: 100 })
    const [, username, handle] = /^([0-9A-Za-z.-]+)@([0-9A-Za-z.-]+)$/.exec(address) ?? []
    if (!username || !handle)
      throw badRequest('Invalid VPA. Please enter a valid Virtual Payment Address', { field: 'vpa' })
    return { username, handle, address }
  },
  card(given) {
    const number = readText(given, 'number')
    if (!/^\d{12,19}$/.test(number)) throw badRequest('The number must be a valid card number.', { field: 'number' })
    const name = readOptionalText(given, 'name') ?? null
    return { last4: number.slice(-4), network: 'Visa', type: 'credit', issuer: 'HDFC', name }
  },
}

/** A fund account as RazorpayX's API gives it. */
const fundAccountEntity = (account: FundAccount) => ({
  id: account.id,
  entity: 'fund_account',
  contact_id: account.contactId,
  account_type: account.accountType,
  [account.accountType]: account.details,
  batch_id: null,
  active: account.active,
  created_at: account.createdAt,
})
