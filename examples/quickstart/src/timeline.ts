import type { EntryView, Ledger } from 'escrow-ledger'
import { showAmount } from './amounts.js'
import { showInstant } from './instant.js'
import { table } from './table.js'

/** One deal's story: who is in it, each step with its time, and what each step posted. */
export async function dealTimeline(ledger: Ledger, id: string): Promise<string[]> {
  const { payer, parties, amount, status } = await ledger.escrows.get(id)
  const rows: string[][] = []
  for await (const { command, actor, at, entries } of ledger.escrows.timeline(id)) {
    rows.push([showInstant(at), `${command}${actor === null ? '' : `, by ${actor}`}`])
    for (const entry of entries) rows.push(...entryRows(entry))
  }
  return [
    `  ${payer} pays ${Object.values(parties).join(' and ')} ${showAmount(amount)} ${amount.currency}; ${status}.`,
    '',
    ...table(
      [
        { title: 'Time (UTC)' },
        { title: 'What', maxWidth: 44 },
        { title: 'Debit', align: 'right' },
        { title: 'Credit', align: 'right' },
      ],
      rows,
    ),
  ]
}

function entryRows({ kind, postings }: EntryView): string[][] {
  return [
    ['', `  ${kind}`],
    ...postings.map(({ account, debit, credit }) => [
      '',
      `    ${account}`,
      debit ? showAmount(debit) : '',
      credit ? showAmount(credit) : '',
    ]),
  ]
}
