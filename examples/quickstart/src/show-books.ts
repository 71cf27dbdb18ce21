import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Ledger } from 'escrow-ledger'
import { currencyTotals } from './currency-totals.js'
import { hledgerJournal } from './hledger.js'
import { clientMoney, trialBalance, verification } from './report.js'
import type { Screen } from './screen.js'
import { dealTimeline } from './timeline.js'

export function showSection(screen: Screen, title: string, lines: readonly string[]): void {
  screen.line()
  screen.line(title)
  screen.line()
  for (const line of lines) screen.line(line)
}

/** Shows the books and the story of a deal, and checks them. Gives whether nothing deviates. */
export async function showBooks(
  ledger: Ledger,
  { deal, screen }: { deal: string | null; screen: Screen },
): Promise<boolean> {
  showSection(screen, 'What became of the money', await currencyTotals(ledger))
  showSection(screen, 'Trial balance, accounts of one kind added up', await trialBalance(ledger))
  showSection(screen, 'Client money', await clientMoney(ledger))
  if (deal !== null) showSection(screen, `The story of ${deal}`, await dealTimeline(ledger, deal))
  const onProgress = (text: string) => screen.progress(`Checking: ${text} …`)
  const { ok, lines } = await verification(ledger, { onProgress })
  showSection(screen, 'Check of the books', lines)
  return ok
}

export async function exportJournal(ledger: Ledger, file: string, screen: Screen): Promise<void> {
  await pipeline(Readable.from(hledgerJournal(ledger)), createWriteStream(file))
  screen.line()
  screen.line(`Journal written to ${file}. To add it up: hledger -f ${file} balance`)
}
