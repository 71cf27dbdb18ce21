import { checkId } from './fields.js'
import type {
  Account,
  Contact,
  Dispute,
  FundAccount,
  Order,
  Payment,
  Payout,
  Product,
  Refund,
  Reversal,
  Settlement,
  Stakeholder,
  Transaction,
  Transfer,
} from './records.js'
import { noSuchId } from './refusal.js'

/** Records by id, in the order in which they were made. */
export interface Table<T> {
  add(record: T): T
  /** Throws Razorpay's refusal when there is none. */
  get(id: string): T
  find(id: string): T | undefined
  all(): T[]
  where(condition: (record: T) => boolean): T[]
}

function createTable<T extends { readonly id: string }>(prefix: string): Table<T> {
  const records = new Map<string, T>()
  return {
    add(record) {
      if (records.has(record.id)) throw new Error(`${record.id} was given twice.`)
      records.set(record.id, record)
      return record
    },
    get(id) {
      checkId(id, prefix)
      const record = records.get(id)
      if (!record) throw noSuchId()
      return record
    },
    find: (id) => records.get(id),
    all: () => [...records.values()],
    where: (condition) => [...records.values()].filter(condition),
  }
}

export const prefixes = {
  orders: 'order_',
  payments: 'pay_',
  refunds: 'rfnd_',
  transfers: 'trf_',
  reversals: 'rvrsl_',
  accounts: 'acc_',
  stakeholders: 'sth_',
  products: 'acc_prd_',
  contacts: 'cont_',
  fundAccounts: 'fa_',
  payouts: 'pout_',
  transactions: 'txn_',
  settlements: 'setl_',
  disputes: 'disp_',
} as const

/** All that the stand-in remembers. */
export function createStore() {
  return {
    orders: createTable<Order>(prefixes.orders),
    payments: createTable<Payment>(prefixes.payments),
    refunds: createTable<Refund>(prefixes.refunds),
    transfers: createTable<Transfer>(prefixes.transfers),
    reversals: createTable<Reversal>(prefixes.reversals),
    accounts: createTable<Account>(prefixes.accounts),
    stakeholders: createTable<Stakeholder>(prefixes.stakeholders),
    products: createTable<Product>(prefixes.products),
    contacts: createTable<Contact>(prefixes.contacts),
    fundAccounts: createTable<FundAccount>(prefixes.fundAccounts),
    payouts: createTable<Payout>(prefixes.payouts),
    transactions: createTable<Transaction>(prefixes.transactions),
    settlements: createTable<Settlement>(prefixes.settlements),
    disputes: createTable<Dispute>(prefixes.disputes),
  }
}

export type Store = ReturnType<typeof createStore>
