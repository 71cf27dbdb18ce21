import type { CallContext } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { unwatched } from './unwatched.js'

/** Somebody who is paid through RazorpayX. Personal data: it is sent on, and never kept in the books. */
export interface RazorpayContactDetails {
  /** The payee's id in the books, noted with the contact. */
  readonly payee: string
  readonly name: string
  readonly email?: string | undefined
  readonly phone?: string | undefined
  /** `vendor`, `customer` … */
  readonly type?: string | undefined
}

export type RazorpayFundAccountDetails =
  | { readonly bankAccount: { readonly name: string; readonly ifsc: string; readonly accountNumber: string } }
  | { readonly vpa: string }

/** A contact or fund account as RazorpayX knows it. */
export interface RazorpayXRecord {
  readonly reference: string
  readonly active: boolean
}

/**
 * The people that payouts go to, and their accounts. The same details again give the record that there is. Both throw
 * `RazorpayError`.
 */
export interface RazorpayFundAccounts {
  createContact(details: RazorpayContactDetails, context?: CallContext): Promise<RazorpayXRecord>
  /** The answer's reference is what payouts name as their destination. */
  create(contact: string, details: RazorpayFundAccountDetails, context?: CallContext): Promise<RazorpayXRecord>
}

export function createFundAccounts(client: RazorpayClient): RazorpayFundAccounts {
  return {
    async createContact({ payee, name, email, phone, type }, context = unwatched) {
      const body = {
        ...{ name, email, contact: phone, type, notes: { payee } },
        ...(payee.length <= MOST_REFERENCE ? { reference_id: payee } : {}),
      }
      return recordOf(await client.request(context, { method: 'POST', path: '/v1/contacts', body }))
    },
    async create(contact, details, context = unwatched) {
      const body = { contact_id: idOf('contact', contact), ...accountOf(details) }
      return recordOf(await client.request(context, { method: 'POST', path: '/v1/fund_accounts', body }))
    },
  }
}

const MOST_REFERENCE = 40

function accountOf(details: RazorpayFundAccountDetails) {
  if ('vpa' in details) return { account_type: 'vpa', vpa: { address: details.vpa } }
  const { name, ifsc, accountNumber } = details.bankAccount
  return { account_type: 'bank_account', bank_account: { name, ifsc, account_number: accountNumber } }
}

const recordOf = (answer: Answer): RazorpayXRecord => ({ reference: answer.text('id'), active: answer.flag('active') })
