import { callAll } from '../callers.js'
import type { Scene } from '../workload.js'
import { accountCode, CURRENCY, keyOf, sampleAccount, sampleEntry } from './sample-entry.js'

/** Few accounts, so that each has a long history. */
const READ_ACCOUNTS = 20
const START = Date.UTC(2010, 0, 1)
const STEP_MS = 60_000
const BUILDERS = 1_024

/** When the entry with this number takes effect: one a minute from the year 2010 on. */
function instantOf(index: number): number {
  return START + index * STEP_MS
}

export async function openAccounts({ ledger }: Pick<Scene, 'ledger'>): Promise<void> {
  await callAll({ count: READ_ACCOUNTS, callers: READ_ACCOUNTS }, (index) => ledger.accounts.open(sampleAccount(index)))
}

/** Posts the next entries of a history that goes through the years. */
export async function addHistory({ ledger, slice }: Scene): Promise<void> {
  await callAll({ count: slice.count, callers: BUILDERS }, (nth) => {
    const index = slice.first + nth
    const from = index % READ_ACCOUNTS
    const [debit, credit] = sampleEntry(index).postings
    const entry = {
      effectiveAt: instantOf(index),
      postings: [
        { account: accountCode(from), debit: debit?.debit },
        { account: accountCode((from + 1 + (index % 7)) % READ_ACCOUNTS), credit: credit?.credit },
      ],
    }
    return ledger.journal.post(entry, { idempotencyKey: keyOf('history', index) })
  })
}

/** The question with this number, about a time somewhere in the history so far. */
export function questionOf(nth: number, entries: number) {
  const at = instantOf((Math.imul(nth, 2_654_435_761) >>> 0) % entries)
  return { account: accountCode(nth % READ_ACCOUNTS), currency: CURRENCY, at }
}
