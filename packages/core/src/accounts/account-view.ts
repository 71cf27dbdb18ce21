import { fromMinor, type Money } from '../money/index.js'
import { type Account, type AccountType, balanceOf, type Freeze } from './account.js'

/** An account as the host sees it. */
export interface AccountView {
  readonly code: string
  readonly currency: string
  readonly type: AccountType
  /** In the account's own direction: what a liability owes is positive. */
  readonly balance: Money
  readonly debits: Money
  readonly credits: Money
  readonly floor: Money | null
  readonly ceiling: Money | null
  /** How many postings it has had. */
  readonly version: number
  readonly frozen: Freeze | null
  readonly closed: boolean
  readonly openedAt: number
}

export function accountView(account: Account): AccountView {
  const { code, currency, type, version, frozen, closed, openedAt } = account
  const limit = (minor: bigint | null) => (minor === null ? null : fromMinor(minor, currency))
  return {
    code,
    currency,
    type,
    balance: balanceOf(account),
    debits: fromMinor(account.debitsPosted, currency),
    credits: fromMinor(account.creditsPosted, currency),
    floor: limit(account.floor),
    ceiling: limit(account.ceiling),
    version,
    frozen,
    closed,
    openedAt,
  }
}
