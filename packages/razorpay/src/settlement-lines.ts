import type { CallContext, SettlementLine } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { everyPage } from './every-page.js'
import { fromWire } from './wire-money.js'

interface Range {
  readonly from: number
  readonly through: number
}

const DAY_MS = 86_400_000
/** The most rows that one page of the report has. */
const ROWS = 1000

/**
 * The rows of the combined reconciliation report that were settled in [from, through]; what is not settled yet is in no
 * report. In whose zone the report's days lie is not documented, so the days on either side are read too.
 */
export async function* settlementLines(
  client: RazorpayClient,
  { from, through }: Range,
  context: CallContext,
): AsyncGenerator<SettlementLine, void, void> {
  const last = Math.floor(through / DAY_MS) + 1
  for (let day = Math.floor(from / DAY_MS) - 1; day <= last; day += 1) {
    const date = new Date(day * DAY_MS)
    const of = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
    const rows = everyPage((page) => client.call(context, (sdk) => sdk.settlements.reports({ ...of, ...page })), ROWS)
    for await (const row of rows) {
      const line = lineOf(row)
      if (line.at >= from && line.at <= through) yield line
    }
  }
}

/** A row as a line; `at` is when it was settled. What was credited or debited has the fee in it already. */
function lineOf(row: Answer): SettlementLine {
  const currency = row.text('currency')
  const subunits = (name: string) => fromWire(row.optionalInteger(name) ?? 0n, currency)
  return {
    kind: kindOf(row),
    reference: row.text('entity_id'),
    net: fromWire((row.optionalInteger('credit') ?? 0n) - (row.optionalInteger('debit') ?? 0n), currency),
    fee: subunits('fee'),
    tax: subunits('tax'),
    settlement: row.optionalText('settlement_id'),
    utr: row.optionalText('settlement_utr'),
    at: row.at('settled_at'),
  }
}

const kinds = ['payment', 'refund', 'transfer', 'reversal', 'payout', 'settlement'] as const

/** What a dispute takes or gives back is an adjustment that names it. */
function kindOf(row: Answer): SettlementLine['kind'] {
  const type = row.text('type')
  if (type === 'adjustment') return row.optionalText('dispute_id') === null ? 'adjustment' : 'dispute'
  return kinds.find((kind) => kind === type) ?? 'other'
}
