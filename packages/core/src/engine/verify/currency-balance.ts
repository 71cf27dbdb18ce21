import type { AuditPosting } from '../../storage/index.js'
import { createCursor } from './cursor.js'
import { createJudge } from './deviations.js'
import { amountInWords } from './in-words.js'
import type { Verification } from './verification.js'

/** By how much the debits of a currency exceed its credits, in minor units, over the postings that are old enough. */
export interface CurrencyBalance {
  sum: bigint
}

/** What clocks of several writers may differ by, and how long a unit of work may have been under way. */
const MARGIN_MS = 60_000

/**
 * Adds a posting that was recorded long enough before the verification began: the whole entry is there by now, so that
 * what is written meanwhile changes nothing.
 */
export function addToBalance(balance: CurrencyBalance, { startedAt }: Verification, posting: AuditPosting): void {
  if (posting.recordedAt <= startedAt - MARGIN_MS) balance.sum += posting.amount
}

const ATTEMPTS = 5

/**
 * Judges what all postings of a currency come to, once every account's own have been judged. Entries are judged one by
 * one as well; this finds what no entry of the book shows. A sum that is not zero is taken again, until two in a row are
 * the same.
 */
export async function judgeBalance(
  verification: Verification,
  currency: string,
  { sum: found }: CurrencyBalance,
): Promise<void> {
  let sum = found
  for (let attempt = 0; attempt < ATTEMPTS && sum !== 0n; attempt++) {
    const again = await sumPostings(verification, currency)
    if (again !== sum) {
      sum = again
      continue
    }
    const judge = createJudge({})
    const more = sum > 0n ? 'debits exceed credits' : 'credits exceed debits'
    const by = amountInWords(sum > 0n ? sum : -sum, currency)
    judge.finds('totals_unbalanced', `Over all postings in ${currency}, ${more} by ${by}.`)
    return verification.report(judge.found)
  }
  if (sum !== 0n) verification.leaveOpen()
}

async function sumPostings(verification: Verification, currency: string): Promise<bigint> {
  const { reads, book, pageSize: limit } = verification
  const balance: CurrencyBalance = { sum: 0n }
  const start = { code: '', currency, version: 0 }
  const cursor = createCursor<AuditPosting>((after) => {
    verification.count('postings', 0)
    return reads.auditPostings(book, { after: after ?? start, limit })
  })
  const within = (posting: AuditPosting) => posting.currency === currency
  await cursor.takeWhile(within, (posting) => addToBalance(balance, verification, posting))
  return balance.sum
}
