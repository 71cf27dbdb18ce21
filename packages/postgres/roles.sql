-- A role for the application: it keeps books, and cannot change what is written, nor the tables themselves.
--
--   psql "$ADMIN_URL" -v ON_ERROR_STOP=1 -f roles.sql
--
-- Run it as the owner of the tables (whoever ran ledger.migrate()), after every migration. Put your own names in place
-- of these two: the schema "ledger" and the role "ledger_app", which must be there:
--
--   CREATE ROLE ledger_app LOGIN PASSWORD '…';
--
-- Migrations are run by the owner: with this role ledger.migrate() is refused while there is something to do, and every
-- other call works. The rules against changing entries, postings, events and idempotency keys hold for every role, the
-- owner included; the owner alone could take them away.

REVOKE ALL ON SCHEMA "ledger" FROM PUBLIC, "ledger_app";
REVOKE ALL ON ALL TABLES IN SCHEMA "ledger" FROM PUBLIC, "ledger_app";
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA "ledger" FROM PUBLIC, "ledger_app";

GRANT USAGE ON SCHEMA "ledger" TO "ledger_app";

-- Which migrations were run.
GRANT SELECT ON "ledger".ledger_migrations TO "ledger_app";

-- What is written once: read it, and add to it.
GRANT SELECT, INSERT ON
  "ledger".ledger_entries,
  "ledger".ledger_postings,
  "ledger".ledger_events,
  "ledger".ledger_idempotency_keys
TO "ledger_app";

-- What changes as entries are added: nothing of it is ever deleted.
GRANT SELECT, INSERT, UPDATE ON
  "ledger".ledger_books,
  "ledger".ledger_accounts,
  "ledger".ledger_day_totals,
  "ledger".ledger_escrows,
  "ledger".ledger_payments,
  "ledger".ledger_clawbacks,
  "ledger".ledger_exchanges,
  "ledger".ledger_instructions,
  "ledger".ledger_movements,
  "ledger".ledger_fees,
  "ledger".ledger_suspense,
  "ledger".ledger_webhooks,
  "ledger".ledger_restrictions,
  "ledger".ledger_reversals
TO "ledger_app";

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "ledger" TO "ledger_app";
