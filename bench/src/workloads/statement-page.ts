import { callAll } from '../callers.js'
import type { Workload } from '../workload.js'
import { addHistory, openAccounts, questionOf } from './history.js'

const QUESTIONS = 1_000
const LINES = 50

/**
 * Pages of statements from times in the past on, asked one after another of a book that grows with every slice. What is
 * timed and counted is a page.
 */
export const statementPage: Workload = {
  name: 'statement-page',
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
      return timed(() => ledger.accounts.statement({ account, currency, from: at }).page({ limit: LINES }))
    })
    return QUESTIONS
  },
}
