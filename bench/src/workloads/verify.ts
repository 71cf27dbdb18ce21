import type { Workload } from '../workload.js'
import { addHistory, openAccounts } from './history.js'

/** The whole book recomputed, after every slice that was added to it. What is timed is the whole. */
export const verify: Workload = {
  name: 'verify',
  callers: 1,
  floorCallers: 1,
  entries: 50_000,
  entriesPerCall: 1,
  handShare: 1,
  growsBy: 'history',
  setUp: (ledger) => openAccounts({ ledger }),
  prepare: addHistory,
  async run({ ledger, slice }, timed) {
    const { ok } = await timed(() => ledger.verify())
    if (!ok) throw new Error('The book that was posted does not verify.')
    return slice.first + slice.count
  },
  byHand: {
    sqlite(database, slice) {
      for (const sql of checks) expectNone(database.prepare(sql).all())
      return slice.first + slice.count
    },
    async postgres({ pool }, slice) {
      for (const sql of checks) expectNone((await pool.query(sql)).rows)
      return slice.first + slice.count
    },
  },
}

function expectNone(found: readonly unknown[]): void {
  if (found.length > 0) throw new Error(`${found.length} rows do not verify.`)
}

/** Every entry balances; running balances follow from one another; accounts have what their postings add up to. */
const checks = [
  `SELECT posting.entry FROM ledger_postings AS posting JOIN ledger_accounts AS account USING (account)
    GROUP BY posting.entry, account.currency HAVING sum(posting.amount) <> 0`,
  `SELECT * FROM (SELECT balance, sum(amount) OVER (PARTITION BY account ORDER BY version) AS added
      FROM ledger_postings) AS posting WHERE balance <> added`,
  `SELECT account.account FROM ledger_accounts AS account JOIN ledger_postings AS posting USING (account)
    GROUP BY account.account, account.debits_posted, account.credits_posted, account.version
    HAVING sum(posting.amount) <> account.debits_posted - account.credits_posted
    OR count(*) <> account.version`,
]
