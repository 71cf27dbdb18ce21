import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { type Json, readAmount, readBody, readFlag, readNotes, readOptionalText, readText } from './fields.js'
import { payoutKey } from './idempotency.js'
import { payoutEntity } from './payout-entity.js'
import { noDetails, statusDetails } from './payout-status.js'
import { canPay, changePayout, startPayout } from './payouts.js'
import type { FundAccount, Payout } from './records.js'
import { badRequest } from './refusal.js'
import { checkAccountNumber } from './transactions.js'

const fields = [
  ...['account_number', 'fund_account_id', 'amount', 'currency', 'mode', 'purpose', 'queue_if_low_balance'],
  ...['reference_id', 'narration', 'notes'],
]

const modes: Record<FundAccount['accountType'], readonly string[]> = {
  bank_account: ['NEFT', 'RTGS', 'IMPS'],
  vpa: ['UPI'],
  card: ['card', 'NEFT', 'IMPS', 'UPI'],
}

const purposes = ['refund', 'cashback', 'payout', 'salary', 'utility bill', 'vendor bill']

export const payoutOperations = (desk: Desk): Operation[] => [
  {
    name: 'createPayout',
    method: 'POST',
    path: '/v1/payouts',
    handle: (request) => desk.once(request, payoutKey, () => createPayout(desk, request)),
  },
  { name: 'listPayouts', method: 'GET', path: '/v1/payouts', handle: (request) => listPayouts(desk, request) },
  {
    name: 'fetchPayout',
    method: 'GET',
    path: '/v1/payouts/:id',
    handle: ({ params }) => ({ status: 200, body: payoutEntity(desk.store.payouts.get(params.id ?? '')) }),
  },
  {
    name: 'cancelPayout',
    method: 'POST',
    path: '/v1/payouts/:id/cancel',
    handle(request) {
      const payout = desk.store.payouts.get(request.params.id ?? '')
      readBody(request, ['remarks'])
      if (payout.status !== 'queued') throw badRequest('Payout is not in queued state, and cannot be cancelled')
      changePayout(desk, payout, 'updated', { status: 'cancelled', statusDetails: noDetails })
      return { status: 200, body: payoutEntity(payout) }
    },
  },
]

function createPayout(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const body = readBody(request, fields)
  checkAccountNumber(desk, readOptionalText(body, 'account_number') ?? null)
  const fundAccount = readFundAccount(desk, body)
  const amountMinor = readAmount(body)
  if (amountMinor < 100n) throw badRequest('The amount must be at least 100.', { field: 'amount' })
  if (readText(body, 'currency') !== 'INR') throw badRequest('The selected currency is invalid.', { field: 'currency' })
  const mode = readMode(body, fundAccount, amountMinor)
  const purpose = readText(body, 'purpose')
  if (!purposes.includes(purpose)) throw badRequest(`Invalid purpose: ${purpose}`, { field: 'purpose' })
  const referenceId = readOptionalText(body, 'reference_id', { most: 40 }) ?? null
  const narration = readNarration(body)
  const queueIfLowBalance = readFlag(body, 'queue_if_low_balance') ?? false
  const notes = readNotes(body)
  if (!queueIfLowBalance && !desk.settings.payoutApproval && !canPay(desk, amountMinor)) {
    const description = 'Your account does not have enough balance to carry out the payout operation.'
    throw badRequest(description, { reason: 'insufficient_funds' })
  }
  const payout: Payout = desk.store.payouts.add({
    ...{ id: desk.newId('payouts'), createdAt: desk.seconds(), notes, fundAccountId: fundAccount.id, amountMinor },
    ...{ mode, purpose, referenceId, narration, queueIfLowBalance, status: 'pending', feeMinor: 0n, taxMinor: 0n },
    ...{ utr: null, statusDetails: statusDetails('pending_approval') },
  })
  if (desk.settings.payoutApproval) changePayout(desk, payout, 'pending', {})
  else startPayout(desk, payout)
  return { status: 200, body: payoutEntity(payout) }
}

function readFundAccount({ store }: Desk, body: Json): FundAccount {
  const fundAccount = store.fundAccounts.get(readText(body, 'fund_account_id'))
  const contact = store.contacts.get(fundAccount.contactId)
  if (fundAccount.active && contact.active) return fundAccount
  throw badRequest('Payouts cannot be created on an inactive fund account', { field: 'fund_account_id' })
}

const lakh = 100_000_00n

function readMode(body: Json, { accountType }: FundAccount, amountMinor: bigint): string {
  const mode = readText(body, 'mode')
  if (!Object.values(modes).flat().includes(mode)) throw badRequest('Payout mode is invalid', { field: 'mode' })
  if (!modes[accountType].includes(mode)) {
    throw badRequest(`${mode} is not a valid mode for a fund account of type ${accountType}`, { field: 'mode' })
  }
  const mostMinor = mode === 'UPI' ? lakh : mode === 'IMPS' ? 5n * lakh : undefined
  if (mostMinor !== undefined && amountMinor > mostMinor) {
    throw badRequest(`The amount may not be greater than ${mostMinor} for ${mode}.`, { field: 'amount' })
  }
  if (mode !== 'RTGS' || amountMinor >= 2n * lakh) return mode
  throw badRequest(`The amount must be at least ${2n * lakh} for RTGS.`, { field: 'amount' })
}

function readNarration(body: Json): string {
  const narration = readOptionalText(body, 'narration', { most: 30 }) ?? 'Sandbox Fund Transfer'
  if (/^[0-9A-Za-z ]*$/.test(narration)) return narration
  throw badRequest('The narration format is invalid.', { field: 'narration' })
}

function listPayouts(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const { query } = request
  checkAccountNumber(desk, query.get('account_number'))
  const wanted = (['reference_id', 'fund_account_id', 'status', 'mode', 'purpose'] as const).flatMap((field) => {
    const value = query.get(field)
    return value ? [[field, value] as const] : []
  })
  const contact = query.get('contact_id')
  const matching = desk.store.payouts.where((payout) => {
    const entity = payoutEntity(payout)
    const isOfContact = !contact || desk.store.fundAccounts.get(payout.fundAccountId).contactId === contact
    return isOfContact && wanted.every(([field, value]) => entity[field] === value)
  })
  return answerCollection(request, matching, payoutEntity)
}
