import { persistFunction } from './persist-function.js'
import { SCHEMA } from './schema-name.js'
import { versionSearch } from './version-search.js'

const appendOnly = {
  ledger_entries: 'entries_are_append_only',
  ledger_postings: 'postings_are_append_only',
  ledger_events: 'events_are_append_only',
  ledger_idempotency_keys: 'idempotency_keys_are_append_only',
}

/**
 * Functions name every table with its schema and look nothing else up outside of PostgreSQL's own: whoever writes may
 * have any `search_path`, with operators in it that find everything in balance.
 */
function triggerFunction(name: string, body: string): string {
  return `CREATE FUNCTION ${SCHEMA}.${name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$\n${body}\n$$`
}

function trigger(name: string, { on, calls }: { on: string; calls: string }): string {
  return `CREATE TRIGGER ${name} ${on} FOR EACH STATEMENT EXECUTE FUNCTION ${SCHEMA}.${calls}`
}

/** Planned anew each time: see `persistFunction`. */
function found(query: string, into: string): string {
  return `EXECUTE $sql$${query}$sql$ INTO ${into};`
}

const refuse = triggerFunction(
  'ledger_refuse',
  `BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END`,
)

/** What is written stays as it was written. */
const unchanging = Object.entries(appendOnly).map(([table, message]) =>
  trigger(`${table}_unchanging`, {
    on: `BEFORE UPDATE OR DELETE OR TRUNCATE ON ${SCHEMA}.${table}`,
    calls: `ledger_refuse('${message}')`,
  }),
)

/** An account's postings belong to it for good. */
const accountsStay = [
  trigger('ledger_accounts_stay', {
    on: `BEFORE DELETE OR TRUNCATE ON ${SCHEMA}.ledger_accounts`,
    calls: `ledger_refuse('accounts_are_never_deleted')`,
  }),
  trigger('ledger_accounts_identity', {
    on: `BEFORE UPDATE OF account, book, code, currency, type ON ${SCHEMA}.ledger_accounts`,
    calls: `ledger_refuse('account_identity_is_fixed')`,
  }),
]

/** Each posting that was added, as `posting`, with its account's currency; null where the account is not there. */
const addedWithCurrency = `added AS posting LEFT JOIN LATERAL (
              SELECT account.currency FROM ${SCHEMA}.ledger_accounts AS account
                WHERE account.book = posting.book AND account.account = posting.account LIMIT 1) AS account ON true`

/** The entry of each of the `lines`. */
const entryOfLines = `LEFT JOIN LATERAL (
      SELECT entry.postings FROM ${SCHEMA}.ledger_entries AS entry
        WHERE entry.book = lines.book AND entry.id = lines.entry LIMIT 1) AS entry ON true`

/**
 * An entry and its postings come in one statement. The entry says how many postings it has; they are its lines 0, 1, 2 …
 * and no two can be the same line, so that no posting joins it later; and they add up to zero in each currency.
 * Look-ups are lateral, one row each, so that no plan depends on how large the tables were when it was made. One query
 * covers the usual entries, of one currency each; only when one of them is not is it found out what is wrong, or that it
 * balances in each of its currencies.
 */
const sealed = [
  triggerFunction(
    'ledger_check_postings',
    `DECLARE
  unusual boolean;
  wrong text;
BEGIN
  ${found(
    `SELECT EXISTS (
      SELECT FROM (
        SELECT posting.book, posting.entry, count(*) AS postings, min(posting.line) AS first, max(posting.line) AS last,
            sum(posting.amount) AS total, min(account.currency) AS lowest, max(account.currency) AS highest,
            count(account.currency) AS known
          FROM ${addedWithCurrency}
          GROUP BY posting.book, posting.entry) AS lines
      ${entryOfLines}
      WHERE entry.postings IS NULL OR entry.postings <> lines.postings OR lines.first <> 0
        OR lines.last <> lines.postings - 1 OR lines.known <> lines.postings OR lines.lowest <> lines.highest
        OR lines.total <> 0)`,
    'unusual',
  )}
  IF NOT unusual THEN
    RETURN NULL;
  END IF;
  ${found(
    `SELECT CASE
      WHEN entry.postings IS NULL THEN 'entry_missing'
      WHEN entry.postings <> lines.postings OR lines.first <> 0 OR lines.last <> lines.postings - 1
        THEN 'entry_postings_missing'
      WHEN NOT lines.known THEN 'account_missing'
      ELSE 'entry_unbalanced' END
    FROM (
      SELECT sums.book, sums.entry, sum(sums.postings) AS postings, min(sums.first) AS first, max(sums.last) AS last,
          bool_and(sums.total = 0) AS balanced, bool_and(sums.known) AS known
        FROM (
          SELECT posting.book, posting.entry, count(*) AS postings, min(posting.line) AS first,
              max(posting.line) AS last, sum(posting.amount) AS total,
              account.currency IS NOT NULL AS known
            FROM ${addedWithCurrency}
            GROUP BY posting.book, posting.entry, account.currency) AS sums
        GROUP BY sums.book, sums.entry) AS lines
    ${entryOfLines}
    WHERE entry.postings IS NULL OR entry.postings <> lines.postings OR lines.first <> 0
      OR lines.last <> lines.postings - 1 OR NOT lines.balanced OR NOT lines.known
    LIMIT 1`,
    'wrong',
  )}
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'integrity_constraint_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END`,
  ),
  trigger('ledger_postings_check', {
    on: `AFTER INSERT ON ${SCHEMA}.ledger_postings REFERENCING NEW TABLE AS added`,
    calls: 'ledger_check_postings()',
  }),
  triggerFunction(
    'ledger_check_entries',
    `DECLARE
  bare boolean;
BEGIN
  ${found(
    `SELECT EXISTS (
    SELECT FROM added AS entry LEFT JOIN LATERAL (
      SELECT true AS there FROM ${SCHEMA}.ledger_postings AS posting
        WHERE posting.book = entry.book AND posting.entry = entry.id LIMIT 1) AS posting ON true
    WHERE posting.there IS NULL)`,
    'bare',
  )}
  IF bare THEN
    RAISE EXCEPTION 'entry_postings_missing' USING ERRCODE = 'integrity_constraint_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END`,
  ),
  trigger('ledger_entries_check', {
    on: `AFTER INSERT ON ${SCHEMA}.ledger_entries REFERENCING NEW TABLE AS added`,
    calls: 'ledger_check_entries()',
  }),
]

/** The rules that the database enforces by itself, whoever writes to it. */
export const rules: readonly string[] = [
  refuse,
  ...unchanging,
  ...accountsStay,
  ...sealed,
  persistFunction,
  ...versionSearch,
]
