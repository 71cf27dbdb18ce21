import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { pockets } from './books.js'
import { answerCollection, answerItems } from './collection.js'
import type { Desk } from './desk.js'
import { transactionEntity } from './payout-entity.js'
import type { Transaction } from './records.js'
import { badRequest } from './refusal.js'
import { toSubunits } from './subunits.js'

export const transactionOperations = (desk: Desk): Operation[] => [
  {
    name: 'listTransactions',
    method: 'GET',
    path: '/v1/transactions',
    handle(request) {
      checkAccountNumber(desk, request.query.get('account_number'))
      return answerCollection(request, desk.store.transactions.all(), entity(desk))
    },
  },
  {
    name: 'fetchTransaction',
    method: 'GET',
    path: '/v1/transactions/:id',
    handle: ({ params }) => ({ status: 200, body: entity(desk)(desk.store.transactions.get(params.id ?? '')) }),
  },
  {
    name: 'fetchBankingBalances',
    method: 'GET',
    path: '/v1/banking_balances',
    handle: (request) => fetchBalances(desk, request),
  },
]

const entity = (desk: Desk) => (transaction: Transaction) => transactionEntity(transaction, desk.settings.accountNumber)

function fetchBalances(desk: Desk, { query }: SandboxRequest): SandboxAnswer {
  const type = query.get('account_type')
  if (type && !['current_account', 'fixed_deposit', 'razorpayx_lite'].includes(type)) {
    throw badRequest('The selected account type is invalid.', { field: 'account_type' })
  }
  if (type && type !== 'razorpayx_lite') return answerItems([])
  const amount = toSubunits(desk.books.sheet.balance(pockets.payouts, 'INR'))
  return answerItems([
    {
      ...{ entity: 'banking_balance', currency: 'INR', account_number: desk.settings.accountNumber },
      ...{ account_type: 'razorpayx_lite', bank_name: null, bank_code: null },
      ...{ amount, available_amount: amount, refreshed_at: desk.seconds() },
    },
  ])
}

/** Throws unless it is the account of RazorpayX. */
export function checkAccountNumber({ settings }: Desk, accountNumber: string | null): void {
  if (!accountNumber) throw badRequest('The account number field is required.', { field: 'account_number' })
  if (accountNumber !== settings.accountNumber) {
    throw badRequest('The account number is invalid.', { field: 'account_number' })
  }
}

/** Writes a line of the account statement; its balance is what there is after it. */
export function addTransaction(
  desk: Desk,
  given: Pick<Transaction, 'amountMinor' | 'source'> & Partial<Pick<Transaction, 'creditMinor' | 'debitMinor'>>,
): void {
  const balanceMinor = desk.books.sheet.balance(pockets.payouts, 'INR')
  const [id, createdAt] = [desk.newId('transactions'), desk.seconds()]
  desk.store.transactions.add({ id, createdAt, creditMinor: 0n, debitMinor: 0n, ...given, balanceMinor })
}
