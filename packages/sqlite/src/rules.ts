const appendOnly = {
  ledger_entries: 'entries_are_append_only',
  ledger_postings: 'postings_are_append_only',
  ledger_events: 'events_are_append_only',
  ledger_idempotency_keys: 'idempotency_keys_are_append_only',
}

/**
 * FAIL and not ABORT: so that SQLite need not copy every page that an insert touches in order to take the insert back,
 * which costs more than the checks themselves. Every row is refused before it is written, so there is nothing of its
 * own to take back; rows that the same statement wrote before it obeyed the rules.
 */
function refuse(name: string, { on, when, message }: { on: string; when?: string; message: string }): string {
  const condition = when === undefined ? '' : `\nWHEN ${when}`
  return `CREATE TRIGGER ${name} BEFORE ${on}${condition}\nBEGIN SELECT RAISE(FAIL, '${message}'); END`
}

/** What is written stays as it was written. */
const unchanging = Object.entries(appendOnly).flatMap(([table, message]) => [
  refuse(`${table}_update`, { on: `UPDATE ON ${table}`, message }),
  refuse(`${table}_delete`, { on: `DELETE ON ${table}`, message }),
])

/**
 * INSERT OR REPLACE deletes the row in its way without asking the triggers above, so whatever is in the way of a new
 * row is refused here.
 */
const notReplaced = [
  refuse('ledger_events_exists', {
    on: 'INSERT ON ledger_events',
    when: `EXISTS (SELECT 1 FROM ledger_events
  WHERE book = NEW.book AND escrow = NEW.escrow AND sequence = NEW.sequence)`,
    message: 'event_exists',
  }),
  refuse('ledger_idempotency_keys_exists', {
    on: 'INSERT ON ledger_idempotency_keys',
    when: 'EXISTS (SELECT 1 FROM ledger_idempotency_keys WHERE book = NEW.book AND key_hash = NEW.key_hash)',
    message: 'idempotency_key_exists',
  }),
  refuse('ledger_accounts_exists', {
    on: 'INSERT ON ledger_accounts',
    when: `EXISTS (SELECT 1 FROM ledger_accounts WHERE book = NEW.book AND code = NEW.code AND currency = NEW.currency)
  OR EXISTS (SELECT 1 FROM ledger_accounts WHERE account = NEW.account)`,
    message: 'account_exists',
  }),
]

const entryExists = `EXISTS (SELECT 1 FROM ledger_entries WHERE book = NEW.book AND id = NEW.id)`
const numberTaken = `EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.seq)`
const entrySealed = `EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.entry)`
const postingExists = `EXISTS (SELECT 1 FROM ledger_postings
  WHERE book = NEW.book AND account = NEW.account AND version = NEW.version)`

const ownPostings = `FROM ledger_postings AS posting
  JOIN ledger_accounts AS account ON account.account = posting.account AND account.book = posting.book
  WHERE posting.book = NEW.book AND posting.entry = NEW.seq`

/** Taken in two halves, since legal amounts can pass 64 bits on the way to zero. */
const sum = `sum(posting.amount >> 32) * 4294967296 + sum(posting.amount & 4294967295)`

/**
 * The postings of an entry go in first, and the entry's row seals them: it says how many they are, and nothing joins
 * them afterwards. One condition covers the usual entry, of one currency; only when it does not hold is it found out
 * what is wrong, or that an entry of several currencies balances in each.
 */
const sealed = [
  `CREATE TRIGGER ledger_postings_insert BEFORE INSERT ON ledger_postings
WHEN ${entrySealed} OR ${postingExists}
BEGIN SELECT RAISE(FAIL, 'entry_is_sealed') WHERE ${entrySealed}; SELECT RAISE(FAIL, 'posting_exists'); END`,
  `CREATE TRIGGER ledger_entries_insert BEFORE INSERT ON ledger_entries
WHEN ${entryExists} OR ${numberTaken} OR
  (SELECT count(*) <> NEW.postings OR min(account.currency) <> max(account.currency) OR ${sum} <> 0 ${ownPostings})
BEGIN
  SELECT RAISE(FAIL, 'entry_exists') WHERE ${entryExists} OR ${numberTaken};
  SELECT RAISE(FAIL, 'entry_postings_missing') WHERE (SELECT count(*) ${ownPostings}) <> NEW.postings;
  SELECT RAISE(FAIL, 'entry_unbalanced') WHERE EXISTS (SELECT 1 ${ownPostings}
  GROUP BY account.currency HAVING ${sum} <> 0);
END`,
]

/** An account's postings belong to it for good. */
const accountsStay = [
  refuse('ledger_accounts_delete', { on: 'DELETE ON ledger_accounts', message: 'accounts_are_never_deleted' }),
  refuse('ledger_accounts_identity', {
    on: 'UPDATE OF account, book, code, currency, type ON ledger_accounts',
    message: 'account_identity_is_fixed',
  }),
]

/** The rules that the database enforces by itself, whoever writes to it. */
export const rules: readonly string[] = [...unchanging, ...notReplaced, ...sealed, ...accountsStay]
