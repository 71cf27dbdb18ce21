import type { Entry } from '../../journal/entry.js'
import { type Reversal, reversals } from '../../journal/reversals.js'
import { createJudge, type Judge } from './deviations.js'
import type { RecordCheck } from './walk-records.js'

/** A recorded reversal has both its entries, and one mirrors the other. None of the three ever changes. */
export const reversalCheck: RecordCheck<Reversal> = {
  kind: reversals,
  counted: 'reversals',
  async judge({ reads, book }, page) {
    const ids = new Set(page.flatMap(({ entry, reversal }) => [entry, reversal]))
    const entries = new Map((await reads.entries(book, [...ids])).map((entry) => [entry.id, entry]))
    return page.map(({ entry, reversal }) => {
      const judge = createJudge({ entry: reversal })
      judgeReversal(judge, { original: entries.get(entry), reversal: entries.get(reversal), id: entry })
      return judge.found
    })
  },
}

function judgeReversal(
  judge: Judge,
  { original, reversal, id }: { original: Entry | undefined; reversal: Entry | undefined; id: string },
): void {
  if (!original || !reversal) {
    const missing = original ? 'the reversal' : `entry ${id}`
    judge.finds('reversal_mismatch', `Entry ${id} is recorded as reversed, and ${missing} is not there.`)
    return
  }
  if (reversal.reverses !== id) {
    const differ = { expected: reversal.reverses ?? 'none', actual: id }
    judge.finds('reversal_mismatch', `It is recorded as the reversal of ${id}.`, differ)
  }
  const expected = linesInWords(original, -1n)
  const actual = linesInWords(reversal, 1n)
  if (expected === actual) return
  judge.finds('reversal_mismatch', `It does not mirror entry ${id}, which it reverses.`, { expected, actual })
}

function linesInWords({ postings }: Entry, sign: bigint): string {
  return postings.map(({ code, currency, amount }) => `${code} ${sign * amount} ${currency}`).join(', ')
}
