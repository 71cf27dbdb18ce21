import { type RefusedCall, transfer } from '../refused-call.js'

const entry = transfer('bank:hdfc', 'opening-balances')
const again = { idempotencyKey: 'k-1' }

/** What takes a hand in the database itself to provoke. */
export const bugs: readonly RefusedCall[] = [
  {
    code: 'storage_refused',
    given: async ({ database }) =>
      database.exec(`CREATE TRIGGER host_rule BEFORE INSERT ON ledger_entries
        BEGIN SELECT RAISE(ABORT, 'the audit has begun'); END`),
    call: ({ ledger }) => ledger.journal.post(entry),
    says: 'The database refused this, and nothing was changed: the audit has begun (SQLITE_CONSTRAINT_TRIGGER). Where no rule of your own in the database says so, please report it.',
  },
  {
    code: 'invariant_violated',
    given: async ({ ledger, database }) => {
      await ledger.journal.post([entry, entry], again)
      database.exec('DROP TRIGGER ledger_entries_delete; DELETE FROM ledger_entries')
    },
    call: ({ ledger }) => ledger.journal.post([entry, entry], again),
    says: 'This must hold and does not: entry <id> of a stored result exists. Unless the database was changed by hand, it is a bug in escrow-ledger: please report it.',
  },
]
