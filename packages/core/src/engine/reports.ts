import { z } from 'zod'
import { type Account, isDebitNormal } from '../accounts/account.js'
import { chartRule } from '../accounts/chart.js'
import { compareText } from '../accounts/text.js'
import { type InstantInput, instantSchema } from '../journal/instant.js'
import { type Money, sumFromMinor } from '../money/index.js'
import { netAsOf, netOf, type TimeOrder } from './balance.js'
import type { BookContext } from './context.js'
import { readerOf } from './read-options.js'
import { type ClientMoney, clientMoneyPosition } from './verify/client-money.js'

/** One account of a trial balance: its balance stands on the side where it is above zero. */
export interface TrialBalanceRow {
  readonly account: string
  readonly currency: string
  readonly type: Account['type']
  readonly debit: Money | null
  readonly credit: Money | null
}

export interface TrialBalance {
  readonly rows: readonly TrialBalanceRow[]
  /** By currency: both sums are equal. */
  readonly totals: readonly { readonly currency: string; readonly debit: Money; readonly credit: Money }[]
}

export interface Reports {
  /**
   * Every account's balance, now or as of a time, and the sums of both sides. `groupBy: 'kind'` adds up the accounts of
   * each line of the chart (`escrow:*`, `payee:*:payable` …), which keeps it short in a large book.
   *
   * All balances are those of one moment, whatever is written meanwhile; in a transaction of the host's they are as that
   * shows them. `storage_busy` where others leave no such moment.
   */
  trialBalance(options?: {
    readonly asOf?: InstantInput | undefined
    readonly order?: TimeOrder | undefined
    readonly groupBy?: 'account' | 'kind' | undefined
  }): Promise<TrialBalance>
  /**
   * Per currency, what is owed to others against what is there for it, at one moment like a trial balance.
   */
  clientMoney(): Promise<readonly ClientMoney[]>
}

export function createReports(context: BookContext): Reports {
  return {
    trialBalance: (options) => trialBalance(context, options),
    clientMoney: () => context.snapshot((reads) => clientMoneyPosition({ book: context.book, reads })),
  }
}

const readOptions = readerOf({
  asOf: instantSchema.optional(),
  order: z.enum(['effective', 'recorded']).optional(),
  groupBy: z.enum(['account', 'kind']).optional(),
})

const PAGE = 500

interface Row {
  readonly account: string
  readonly currency: string
  readonly type: Account['type']
  net: bigint
}

async function trialBalance(context: BookContext, options: unknown): Promise<TrialBalance> {
  const parsed = readOptions(options)
  const rows = await context.snapshot((reads) => rowsOf({ ...context, reads }, parsed))
  return { rows: rows.map(rowView), totals: totalsOf(rows) }
}

async function rowsOf(
  context: BookContext,
  { asOf, order = 'effective', groupBy = 'account' }: ReturnType<typeof readOptions>,
): Promise<readonly Row[]> {
  const rows = new Map<string, Row>()
  let after: { code: string; currency: string } | null = null
  for (;;) {
    const page: readonly Account[] = await context.reads.accounts(context.book, { after, limit: PAGE })
    for (const account of page) {
      const net = asOf === undefined ? netOf(account) : await netAsOf(context, account, { asOf, order })
      const name = groupBy === 'kind' ? groupOf(account.code) : account.code
      const key = `${account.currency}:${account.type}:${name}`
      const row = rows.get(key)
      if (row) row.net += net
      else rows.set(key, { account: name, currency: account.currency, type: account.type, net })
    }
    const last = page.at(-1)
    if (!last) return [...rows.values()]
    after = last
  }
}

/** The ids in a code of the chart become `*`; a code of the host's own stays as it is. */
function groupOf(code: string): string {
  return chartRule(code)?.pattern ?? code
}

function rowView({ account, currency, type, net }: Row): TrialBalanceRow {
  const amount = sumFromMinor(net < 0n ? -net : net, currency)
  const onDebit = net > 0n || (net === 0n && isDebitNormal(type))
  return { account, currency, type, debit: onDebit ? amount : null, credit: onDebit ? null : amount }
}

function totalsOf(rows: readonly Row[]): TrialBalance['totals'] {
  const sums = new Map<string, { debit: bigint; credit: bigint }>()
  for (const { currency, net } of rows) {
    const sum = sums.get(currency) ?? { debit: 0n, credit: 0n }
    sums.set(currency, sum)
    if (net > 0n) sum.debit += net
    else sum.credit -= net
  }
  return [...sums]
    .sort(([a], [b]) => compareText(a, b))
    .map(([currency, { debit, credit }]) => ({
      currency,
      debit: sumFromMinor(debit, currency),
      credit: sumFromMinor(credit, currency),
    }))
}
