import { TransactionSearchController } from '@paypal/paypal-server-sdk'
import type { CallContext } from 'escrow-ledger'
import { type Answer, hasIssue, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { instantAt, listAt, valueAt } from './json-path.js'
import { unexpected } from './outcome.js'

/** Milliseconds since 1970, both ends included. */
export interface TimeRange {
  readonly from: number
  readonly through: number
}

/** PayPal takes 31 days at most. */
const WIDEST_MS = 31 * 86_400_000
const PAGE_SIZE = 500
const SECOND_MS = 1_000

export interface TransactionFilter {
  readonly transactionId?: string | undefined
  readonly transactionType?: string | undefined
}

/**
 * What changed PayPal's balance in a time, as its Transaction Search tells it: `transaction_info` of each, oldest windows
 * first. It tells a transaction up to three hours late, and shortens a window for that without a word; what is not known yet
 * is not in it, so whoever reads day by day begins some hours before where it ended.
 */
export async function* searchTransactions(
  api: PayPalApi,
  range: TimeRange,
  context: CallContext,
  filter: TransactionFilter = {},
): AsyncGenerator<unknown> {
  let from = wholeSeconds(range.from)
  while (from <= range.through) {
    const through = Math.min(range.through, from + WIDEST_MS - SECOND_MS)
    const window = { from, through }
    const known = yield* readWindow({ api, context, filter }, window)
    if (known < through) return
    from = wholeSeconds(through) + SECOND_MS
  }
}

interface Search {
  readonly api: PayPalApi
  readonly context: CallContext
  readonly filter: TransactionFilter
}

/** Reads one window, in halves where it has more rows than PayPal lists; answers how far PayPal knows. */
async function* readWindow(search: Search, window: TimeRange): AsyncGenerator<unknown, number> {
  const first = await readPage(search, window, 1)
  if (hasIssue(first, 'RESULTSET_TOO_LARGE') && window.through - window.from >= 2 * SECOND_MS) {
    const middle = wholeSeconds(window.from + (window.through - window.from) / 2)
    const known = yield* readWindow(search, { from: window.from, through: middle })
    return known < middle ? known : yield* readWindow(search, { from: middle + SECOND_MS, through: window.through })
  }
  let answer = first
  for (let page = 1; ; page += 1) {
    if (page > 1) answer = await readPage(search, window, page)
    if (!isSuccess(answer)) throw unexpected(answer)
    for (const detail of listAt(answer.body, 'transaction_details')) yield valueAt(detail, 'transaction_info')
    if (page >= countAt(answer.body, 'total_pages')) break
  }
  const end = instantAt(answer.body, 'end_date')
  return end === undefined || end >= wholeSeconds(window.through) ? window.through : end
}

function readPage({ api, context, filter }: Search, { from, through }: TimeRange, page: number): Promise<Answer> {
  const asked = { startDate: instant(from), endDate: instant(through), pageSize: PAGE_SIZE, page, ...given(filter) }
  return api.call(context, (client, options) =>
    new TransactionSearchController(client).searchTransactions(asked, options),
  )
}

const given = ({ transactionId, transactionType }: TransactionFilter) => ({
  ...(transactionId === undefined ? {} : { transactionId }),
  ...(transactionType === undefined ? {} : { transactionType }),
})

function countAt(body: unknown, name: string): number {
  const found = valueAt(body, name)
  return typeof found === 'number' ? found : 1
}

const wholeSeconds = (at: number): number => Math.floor(at / SECOND_MS) * SECOND_MS

const instant = (at: number): string => new Date(wholeSeconds(at)).toISOString().replace('.000Z', 'Z')
