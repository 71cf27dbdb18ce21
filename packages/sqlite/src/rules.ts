const appendOnly = {
  ledger_entries: 'entries_are_append_only',
  ledger_postings: 'postings_are_append_only',
  ledger_events: 'events_are_append_only',
  ledger_idempotency_keys: 'idempotency_keys_are_append_only',
}

function refuse(name: string, { on, when, message }: { on: string; when?: string; message: string }): string {
  const condition = when === undefined ? '' : `\nWHEN ${when}`
  return `CREATE TRIGGER ${name} BEFORE ${on}${condition}\nBEGIN SELECT RAISE(ABORT, '${message}'); END`
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
  refuse('ledger_entries_exists', {
    on: 'INSERT ON ledger_entries',
    when: `EXISTS (SELECT 1 FROM ledger_entries WHERE book = NEW.book AND id = NEW.id)
  OR EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.seq)`,
    message: 'entry_exists',
  }),
  refuse('ledger_postings_exists', {
    on: 'INSERT ON ledger_postings',
    when: `EXISTS (SELECT 1 FROM ledger_postings
  WHERE book = NEW.book AND account = NEW.account AND version = NEW.version)`,
    message: 'posting_exists',
  }),
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

/**
 * The postings of an entry go in first, and the entry's row seals them: it says how many they are, and nothing joins
 * them afterwards. Sums are taken in two halves, since legal amounts can pass 64 bits on the way to zero.
 */
const ownPostings = `FROM ledger_postings AS posting
    JOIN ledger_accounts AS account ON account.account = posting.account AND account.book = posting.book
    WHERE posting.book = NEW.book AND posting.entry = NEW.seq`

const sum = `sum(posting.amount >> 32) * 4294967296 + sum(posting.amount & 4294967295)`

const sealed = [
  refuse('ledger_postings_sealed', {
    on: 'INSERT ON ledger_postings',
    when: 'EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.entry)',
    message: 'entry_is_sealed',
  }),
  refuse('ledger_entries_count', {
    on: 'INSERT ON ledger_entries',
    when: `(SELECT count(*) ${ownPostings}) <> NEW.postings`,
    message: 'entry_postings_missing',
  }),
  refuse('ledger_entries_balance', {
    on: 'INSERT ON ledger_entries',
    when: `EXISTS (SELECT 1 ${ownPostings}
    GROUP BY account.currency HAVING ${sum} <> 0)`,
    message: 'entry_unbalanced',
  }),
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
