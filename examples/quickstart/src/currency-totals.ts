import { add, chartRule, type Ledger, type Money, subtract, zero } from 'escrow-ledger'
import { showAmount } from './amounts.js'
import { displayWidth, fitColumns, table } from './table.js'

interface Totals {
  readonly debits: Money
  readonly credits: Money
}

/** What the accounts of one currency tell, by their line in the chart of accounts. */
type ByKind = (kind: string) => Totals

/**
 * What became of the money. In double entry an account's totals say all there is to say: everything that was ever
 * funded was credited to some `escrow:*`, everything that was ever settled was debited to it.
 */
const lines: readonly { readonly title: string; readonly of: (totals: ByKind) => Money }[] = [
  { title: 'Funded', of: (totals) => totals('escrow:*').credits },
  { title: 'Settled', of: (totals) => totals('escrow:*').debits },
  {
    title: 'Gateway fees',
    of: (totals) => add(totals('gateway:*:fees').debits, totals('gateway:*:fee-tax').debits),
  },
  { title: 'Penalties', of: (totals) => totals('payer:*:refunds').credits },
  { title: 'Refunded', of: (totals) => totals('refunds:in-transit:*').debits },
  { title: 'Paid out', of: (totals) => totals('payouts:in-transit:*').debits },
  { title: 'Still held', of: (totals) => subtract(totals('escrow:*').credits, totals('escrow:*').debits) },
]

/** A table with a column for each currency, or several tables where there are many. */
export async function currencyTotals(ledger: Ledger): Promise<string[]> {
  const byCurrency = await totalsByKind(ledger)
  const columns = [...byCurrency].map(([currency, kinds]) => {
    const none = { debits: zero(currency), credits: zero(currency) }
    const texts = lines.map((line) => showAmount(line.of((kind) => kinds.get(kind) ?? none)))
    return { currency, texts, width: Math.max(...[currency, ...texts].map(displayWidth)) }
  })
  const first = Math.max(...lines.map(({ title }) => title.length))
  return fitColumns(columns, { widthOf: ({ width }) => width, first }).flatMap((some, index) => [
    ...(index === 0 ? [] : ['']),
    ...table(
      [{ title: '' }, ...some.map(({ currency }) => ({ title: currency, align: 'right' as const }))],
      lines.map(({ title }, row) => [title, ...some.map(({ texts }) => texts[row] ?? '')]),
    ),
  ])
}

/** Adds up all accounts of a kind: `escrow:*` is every escrow's account. */
async function totalsByKind(ledger: Ledger): Promise<Map<string, Map<string, Totals>>> {
  const byCurrency = new Map<string, Map<string, Totals>>()
  for await (const { code, currency, debits, credits } of ledger.accounts.list()) {
    const kinds = byCurrency.get(currency) ?? new Map<string, Totals>()
    byCurrency.set(currency, kinds)
    const kind = chartRule(code)?.pattern ?? code
    const sum = kinds.get(kind)
    kinds.set(kind, sum ? { debits: add(sum.debits, debits), credits: add(sum.credits, credits) } : { debits, credits })
  }
  return new Map([...byCurrency].sort(([a], [b]) => (a < b ? -1 : 1)))
}
