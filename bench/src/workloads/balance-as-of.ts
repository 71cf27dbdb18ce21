import { callAll } from '../callers.js'
import type { Workload } from '../workload.js'
import { addHistory, openAccounts, questionOf } from './history.js'

const QUESTIONS = 1_000
/** Adding up whole histories is slow: a few of the questions show how slow. */
const QUESTIONS_BY_HAND = 50

/**
 * Balances as of times in the past, asked one after another of a book that grows with every slice. Half of the
 * questions name an instant, half of them a day. What is timed and counted is an answer.
 */
export const balanceAsOf: Workload = {
  name: 'balance-as-of',
  callers: 1,
  floorCallers: 1,
  entries: 50_000,
  entriesPerCall: 1,
  handShare: 1,
  setUp: (ledger) => openAccounts({ ledger }),
  prepare: addHistory,
  async run({ ledger, slice }, timed) {
    await callAll({ count: QUESTIONS, callers: 1 }, (nth) => {
      const { account, currency, at } = questionOf(nth, slice.first + slice.count)
      const asOf = nth % 2 === 0 ? at : new Date(at).toISOString().slice(0, 10)
      return timed(() => ledger.accounts.balance({ account, currency, asOf }))
    })
    return QUESTIONS
  },
  byHand(database, slice) {
    const sum = database.prepare(addedUp)
    for (let nth = 0; nth < QUESTIONS_BY_HAND; nth++) {
      const { account, currency, at } = questionOf(nth, slice.first + slice.count)
      sum.get(account, currency, at)
    }
    return QUESTIONS_BY_HAND
  },
}

const addedUp = `SELECT sum(posting.amount) FROM ledger_accounts AS account
  JOIN ledger_postings AS posting ON posting.book = account.book AND posting.account = account.account
  JOIN ledger_entries AS entry ON entry.seq = posting.entry
  WHERE account.book = 1 AND account.code = ? AND account.currency = ? AND entry.effective_at <= ?`
