import type { BookLedger, EntryView, PayoutRun, SettlementRun } from 'escrow-ledger'
import type { OracleCommand, OracleResult } from '../oracle/index.js'
import type { Called } from './call-ledger.js'
import { type Differences, differ, shown } from './differences.js'
import type { Names } from './names.js'
import { toldByLedger, toldByOracle } from './told.js'

/** Entries written since the last one that is known, in the order in which they were written. */
async function newEntries(ledger: BookLedger, names: Names): Promise<readonly EntryView[]> {
  const known = new Set(names.entries)
  const found: EntryView[] = []
  for await (const entry of ledger.journal.list()) if (!known.has(entry.id)) found.push(entry)
  return found
}

/** What a run did by the oracle beside what it did in a ledger. */
export function compareRuns({ command }: OracleCommand, expected: OracleResult, found: Called): Differences {
  if (!expected.ok || !found.ok)
    return differ('result', expected.ok ? 'ok' : expected.code, found.ok ? 'ok' : found.code)
  return command === 'payouts.run' ? comparePayouts(expected, found) : compareSettlements(expected, found)
}

type Done<Result> = Result & { readonly ok: true }

function comparePayouts(expected: Done<OracleResult>, found: Done<Called>): Differences {
  const { requested = [], left = [] } = expected.payouts ?? {}
  const run = found.answer as PayoutRun
  const told = (payee: string, owed: bigint, currency: string) => `${payee} is owed ${owed} ${currency}`
  return [
    ...differ('requested', requested.length, run.requested),
    ...differ('left', left.length, run.leftCount),
    ...differ(
      'left',
      left.map(({ payee, owed, currency }) => told(payee, owed, currency)).sort(),
      run.left.map(({ payee, owed }) => told(payee, owed.minor, owed.currency)).sort(),
    ),
  ]
}

function compareSettlements(expected: Done<OracleResult>, found: Done<Called>): Differences {
  const { completed = [], settled = [], refused = [] } = expected.run ?? {}
  const run = found.answer as SettlementRun
  const told = (id: string, code: string, nextAt: number | null) => `${id} ${code}, again at ${nextAt}`
  return [
    ...differ('completed', completed.length, run.completed),
    ...differ('settled', settled.length, run.settled),
    ...differ(
      'refused',
      refused.map(({ id, code, nextAt }) => told(id, code, nextAt)).sort(),
      run.refused.map(({ escrow, code, nextAt }) => told(escrow, code, nextAt)).sort(),
    ),
  ]
}

/**
 * The entries of a run in the oracle's order, and in the order in which they were written. A run may release deals that are due at once in any order, so each
 * predicted entry is looked for among those that were written.
 */
export async function entriesOfRun(
  ledger: BookLedger,
  names: Names,
  expected: OracleResult,
): Promise<{ entries: readonly EntryView[]; written: readonly EntryView[]; differences: Differences }> {
  const written = await newEntries(ledger, names)
  const left = [...written]
  const entries: EntryView[] = []
  const differences: string[] = []
  for (const predicted of expected.ok ? expected.entries : []) {
    const told = shown(toldByOracle(predicted))
    const place = left.findIndex((entry) => shown(toldByLedger(entry)) === told)
    const [entry] = place < 0 ? [] : left.splice(place, 1)
    if (entry) entries.push(entry)
    else differences.push(`an entry is missing: ${told}`)
  }
  for (const entry of left) differences.push(`an entry was not expected: ${shown(toldByLedger(entry))}`)
  return { entries, written, differences }
}
