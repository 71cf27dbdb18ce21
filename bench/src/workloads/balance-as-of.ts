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
  growsBy: 'history',
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
  byHand: {
    sqlite(database, slice) {
      const sum = database.prepare(addedUp('entry.seq = posting.entry', ['1', '?', '?', '?']))
      for (let nth = 0; nth < QUESTIONS_BY_HAND; nth++) {
        const { account, currency, at } = questionOf(nth, slice.first + slice.count)
        sum.get(account, currency, at)
      }
      return QUESTIONS_BY_HAND
    },
    async postgres({ pool, book }, slice) {
      const sum = addedUp('entry.book = posting.book AND entry.id = posting.entry', ['$1', '$2', '$3', '$4'])
      for (let nth = 0; nth < QUESTIONS_BY_HAND; nth++) {
        const { account, currency, at } = questionOf(nth, slice.first + slice.count)
        await pool.query(sum, [book, account, currency, at])
      }
      return QUESTIONS_BY_HAND
    },
  },
}

const addedUp = (ofEntry: string, [book, code, currency, at]: readonly [string, string, string, string]) =>
  `SELECT sum(posting.amount) FROM ledger_accounts AS account
  JOIN ledger_postings AS posting ON posting.book = account.book AND posting.account = account.account
  JOIN ledger_entries AS entry ON ${ofEntry}
  WHERE account.book = ${book} AND account.code = ${code} AND account.currency = ${currency} AND entry.effective_at <= ${at}`
