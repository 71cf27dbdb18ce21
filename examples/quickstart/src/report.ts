import type { Ledger, Money, TrialBalanceRow } from 'escrow-ledger'
import { showAmount, showCount } from './amounts.js'
import { table } from './table.js'

const show = (amount: Money | null) => (amount === null ? '' : showAmount(amount))

/** Every balance on its side, accounts of one kind added up, and the sums of both sides for each currency. */
export async function trialBalance(ledger: Ledger): Promise<string[]> {
  const { rows, totals } = await ledger.reports.trialBalance({ groupBy: 'kind' })
  const rowOf = ({ account, type, debit, credit }: TrialBalanceRow) => [`  ${account}`, type, show(debit), show(credit)]
  return table(
    [
      { title: 'Account', maxWidth: 40 },
      { title: 'Type' },
      { title: 'Debit', align: 'right' },
      { title: 'Credit', align: 'right' },
    ],
    totals.flatMap(({ currency, debit, credit }, index) => [
      ...(index === 0 ? [] : [null]),
      [currency],
      ...rows.filter((row) => row.currency === currency).map(rowOf),
      ['  total', '', show(debit), show(credit)],
    ]),
  )
}

/** What is owed to others against what is there for it. What is there beyond that is the platform's own. */
export async function clientMoney(ledger: Ledger): Promise<string[]> {
  const positions = await ledger.reports.clientMoney()
  return table(
    [
      { title: 'Currency' },
      { title: 'Owed to others', align: 'right' },
      { title: 'There for it', align: 'right' },
      { title: 'Missing', align: 'right' },
    ],
    positions.map(({ currency, owed, available, shortfall }) => [
      currency,
      show(owed),
      show(available),
      shortfall === null ? 'nothing' : show(shortfall),
    ]),
  )
}

type Checked = Awaited<ReturnType<Ledger['verify']>>['checked']

const MAX_SHOWN = 20

/** What recomputing the books from their postings found. */
export async function verification(
  ledger: Ledger,
  { onProgress }: { onProgress: (text: string) => void },
): Promise<{ ok: boolean; lines: string[] }> {
  const { ok, checked, deviations, deviationCount } = await ledger.verify({
    onProgress: (progress) => onProgress(countsOf(progress.checked)),
  })
  const more = deviationCount - MAX_SHOWN
  const lines = [
    `  Recomputed ${countsOf(checked)}: ${ok ? 'nothing deviates' : showCount(deviationCount, 'deviation')}.`,
    ...deviations.slice(0, MAX_SHOWN).map(({ code, message }) => `  ${code}: ${message}`),
    ...(more > 0 ? [`  … and ${more} more.`] : []),
  ]
  return { ok, lines }
}

function countsOf({ entries, postings, accounts, escrows }: Checked): string {
  return [
    showCount(entries, 'entry', 'entries'),
    showCount(postings, 'posting'),
    showCount(accounts, 'account'),
    showCount(escrows, 'escrow'),
  ].join(', ')
}
