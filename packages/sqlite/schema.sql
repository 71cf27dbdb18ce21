CREATE TABLE ledger_accounts (
  "account" INTEGER PRIMARY KEY,
  "book" INTEGER NOT NULL,
  "code" TEXT NOT NULL,
  "currency" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "floor" INTEGER,
  "ceiling" INTEGER,
  "debits_posted" INTEGER NOT NULL,
  "credits_posted" INTEGER NOT NULL,
  "debits_pending" INTEGER NOT NULL,
  "credits_pending" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  "frozen" TEXT,
  "closed" INTEGER NOT NULL,
  "day" INTEGER,
  "latest_effective_at" INTEGER,
  "recorded_at" INTEGER NOT NULL,
  "opened_at" INTEGER NOT NULL,
  UNIQUE ("book", "code", "currency"),
  CONSTRAINT ledger_accounts_type CHECK (type IN ('asset', 'liability', 'equity', 'income', 'expense')),
  CONSTRAINT ledger_accounts_totals CHECK (debits_posted >= 0 AND credits_posted >= 0 AND debits_pending >= 0 AND credits_pending >= 0),
  CONSTRAINT ledger_accounts_floor CHECK (floor IS NULL OR CASE WHEN type IN ('asset', 'expense')
      THEN debits_posted - credits_posted - credits_pending >= floor
      ELSE credits_posted - debits_posted - debits_pending >= floor END),
  CONSTRAINT ledger_accounts_ceiling CHECK (ceiling IS NULL OR CASE WHEN type IN ('asset', 'expense')
      THEN debits_posted - credits_posted + debits_pending <= ceiling
      ELSE credits_posted - debits_posted + credits_pending <= ceiling END),
  CONSTRAINT ledger_accounts_version CHECK (version >= 0 AND revision >= 1)
) STRICT;

CREATE TABLE ledger_books (
  "book" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL,
  "time_zone" TEXT NOT NULL,
  "closed_through" INTEGER,
  "has_entries" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  UNIQUE ("name")
) STRICT;

CREATE TABLE ledger_clawbacks (
  "book" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "gateway" TEXT NOT NULL,
  "reference" TEXT NOT NULL,
  "payment" TEXT NOT NULL,
  "currency" TEXT NOT NULL,
  "taken_minor" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "escrow" TEXT,
  "suspense" TEXT,
  "last_entry" TEXT,
  "recorded_at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "key")
) STRICT;

CREATE TABLE ledger_day_totals (
  "book" INTEGER NOT NULL,
  "account" INTEGER NOT NULL,
  "day" INTEGER NOT NULL,
  "debits" INTEGER NOT NULL,
  "credits" INTEGER NOT NULL,
  PRIMARY KEY ("book", "account", "day"),
  CONSTRAINT ledger_day_totals_totals CHECK (debits >= 0 AND credits >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entries (
  "seq" INTEGER PRIMARY KEY,
  "book" INTEGER NOT NULL,
  "postings" INTEGER NOT NULL,
  "id" BLOB NOT NULL,
  "kind" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "metadata" TEXT,
  "reference" TEXT,
  "effective_at" INTEGER NOT NULL,
  "recorded_at" INTEGER NOT NULL,
  "occurred_at" INTEGER,
  "actor" TEXT,
  "reverses" BLOB,
  "reason" TEXT,
  "escrow" TEXT,
  "release" INTEGER,
  "gateway" TEXT,
  "payment" TEXT,
  "party" TEXT,
  "instruction" TEXT,
  UNIQUE ("book", "id"),
  CONSTRAINT ledger_entries_postings CHECK (postings >= 2)
) STRICT;

CREATE TABLE ledger_escrows (
  "book" INTEGER NOT NULL,
  "id" TEXT NOT NULL,
  "payer" TEXT NOT NULL,
  "parties" TEXT NOT NULL,
  "currency" TEXT NOT NULL,
  "amount_minor" INTEGER NOT NULL,
  "terms" TEXT NOT NULL,
  "metadata" TEXT NOT NULL,
  "funded_minor" INTEGER NOT NULL,
  "held_minor" INTEGER NOT NULL,
  "frozen_minor" INTEGER NOT NULL,
  "released_minor" INTEGER NOT NULL,
  "refunded_minor" INTEGER NOT NULL,
  "charged_back_minor" INTEGER NOT NULL,
  "opened_at" INTEGER NOT NULL,
  "funded_at" INTEGER,
  "delivered_at" INTEGER,
  "completed_at" INTEGER,
  "resolved_at" INTEGER,
  "settled_at" INTEGER,
  "cancelled_at" INTEGER,
  "last_at" INTEGER,
  "measures" TEXT NOT NULL,
  "fundings" TEXT NOT NULL,
  "disputes" TEXT NOT NULL,
  "releases" INTEGER NOT NULL,
  "party_totals" TEXT NOT NULL,
  "deduction_totals" TEXT NOT NULL,
  "falls_due_at" INTEGER,
  "next_at" INTEGER,
  "failed_attempt" TEXT,
  "steps" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "id")
) STRICT;

CREATE TABLE ledger_events (
  "book" INTEGER NOT NULL,
  "escrow" TEXT NOT NULL,
  "sequence" INTEGER NOT NULL,
  "command" TEXT NOT NULL,
  "actor" TEXT,
  "at" INTEGER NOT NULL,
  "recorded_at" INTEGER NOT NULL,
  "detail" TEXT NOT NULL,
  "entries" TEXT NOT NULL,
  PRIMARY KEY ("book", "escrow", "sequence")
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_exchanges (
  "book" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "instruction" TEXT NOT NULL,
  "attempt" INTEGER NOT NULL,
  "sequence" INTEGER NOT NULL,
  "method" TEXT NOT NULL,
  "path" TEXT NOT NULL,
  "request" TEXT,
  "status" INTEGER,
  "answer" TEXT,
  "request_id" TEXT,
  "error" TEXT,
  "at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "key")
) STRICT;

CREATE TABLE ledger_fees (
  "book" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "gateway" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "reference" TEXT NOT NULL,
  "currency" TEXT NOT NULL,
  "fee_minor" INTEGER NOT NULL,
  "tax_minor" INTEGER NOT NULL,
  "entry" TEXT NOT NULL,
  "recorded_at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "key")
) STRICT;

CREATE TABLE ledger_idempotency_keys (
  "book" INTEGER NOT NULL,
  "key_hash" BLOB NOT NULL,
  "fingerprint" BLOB NOT NULL,
  "entry" INTEGER,
  "result" TEXT,
  PRIMARY KEY ("book", "key_hash"),
  CONSTRAINT ledger_idempotency_keys_outcome CHECK ((entry IS NULL) <> (result IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_instructions (
  "book" INTEGER NOT NULL,
  "id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "gateway" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "currency" TEXT NOT NULL,
  "amount_minor" INTEGER NOT NULL,
  "party" TEXT NOT NULL,
  "escrow" TEXT,
  "payment" TEXT,
  "about" TEXT,
  "destination" TEXT,
  "hold" TEXT,
  "taken_back_minor" INTEGER NOT NULL,
  "reversing_minor" INTEGER NOT NULL,
  "follow_ups" INTEGER NOT NULL,
  "source" TEXT NOT NULL,
  "gateway_key" TEXT NOT NULL,
  "batch" TEXT,
  "gateway_reference" TEXT,
  "reason" TEXT,
  "attempts" INTEGER NOT NULL,
  "next_at" INTEGER,
  "lease" TEXT,
  "lease_until" INTEGER,
  "created_at" INTEGER NOT NULL,
  "last_at" INTEGER NOT NULL,
  "last_entry" TEXT,
  "first_sent_at" INTEGER,
  "last_sent_at" INTEGER,
  "changed_at" INTEGER NOT NULL,
  "replaced_by" TEXT,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "id")
) STRICT;

CREATE TABLE `ledger_migrations` (`id` integer not null primary key autoincrement, `name` varchar(255), `batch` integer, `migration_time` datetime);

CREATE TABLE `ledger_migrations_lock` (`index` integer not null primary key autoincrement, `is_locked` integer);

CREATE TABLE ledger_movements (
  "book" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "gateway" TEXT NOT NULL,
  "reference" TEXT NOT NULL,
  "bank" TEXT,
  "matches" TEXT,
  "currency" TEXT NOT NULL,
  "amount_minor" INTEGER NOT NULL,
  "fee_minor" INTEGER NOT NULL,
  "tax_minor" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "entry" TEXT,
  "last_entry" TEXT,
  "recorded_at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "key")
) STRICT;

CREATE TABLE ledger_payments (
  "book" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "gateway" TEXT NOT NULL,
  "reference" TEXT NOT NULL,
  "currency" TEXT NOT NULL,
  "amount_minor" INTEGER NOT NULL,
  "received_currency" TEXT,
  "received_minor" INTEGER,
  "account" TEXT NOT NULL,
  "allocated_minor" INTEGER NOT NULL,
  "refunded_minor" INTEGER NOT NULL,
  "charged_back_minor" INTEGER NOT NULL,
  "suspense_minor" INTEGER NOT NULL,
  "allocations" TEXT NOT NULL,
  "unplaced" TEXT NOT NULL,
  "captured_at" INTEGER NOT NULL,
  "recorded_at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "key")
) STRICT;

CREATE TABLE ledger_postings (
  "book" INTEGER NOT NULL,
  "entry" INTEGER NOT NULL,
  "line" INTEGER NOT NULL,
  "account" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "amount" INTEGER NOT NULL,
  "balance" INTEGER NOT NULL,
  "late_at" INTEGER,
  "high_at" INTEGER,
  PRIMARY KEY ("book", "entry", "line"),
  UNIQUE ("book", "account", "version"),
  CONSTRAINT ledger_postings_amount CHECK (amount <> 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_restrictions (
  "book" INTEGER NOT NULL,
  "code" TEXT NOT NULL,
  "frozen" TEXT,
  "closed" INTEGER NOT NULL,
  "reason" TEXT,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "code")
) STRICT;

CREATE TABLE ledger_reversals (
  "book" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "entry" TEXT NOT NULL,
  "sequence" INTEGER NOT NULL,
  "reversal" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "key")
) STRICT;

CREATE TABLE ledger_suspense (
  "book" INTEGER NOT NULL,
  "id" TEXT NOT NULL,
  "gateway" TEXT NOT NULL,
  "reference" TEXT,
  "escrow" TEXT,
  "instruction" TEXT,
  "currency" TEXT NOT NULL,
  "amount_minor" INTEGER NOT NULL,
  "remaining_minor" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "entry" TEXT NOT NULL,
  "recorded_at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "id")
) STRICT;

CREATE TABLE ledger_webhooks (
  "book" INTEGER NOT NULL,
  "id" TEXT NOT NULL,
  "same_as" TEXT,
  "gateway" TEXT NOT NULL,
  "type" TEXT,
  "state" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "subjects" TEXT NOT NULL,
  "reason" TEXT,
  "attempts" INTEGER NOT NULL,
  "next_at" INTEGER,
  "occurred_at" INTEGER,
  "received_at" INTEGER NOT NULL,
  "changed_at" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("book", "id")
) STRICT;

CREATE INDEX ledger_clawbacks_payment_recorded_at_key ON ledger_clawbacks ("book", "payment", "recorded_at", "key");

CREATE INDEX ledger_clawbacks_recorded_at_key ON ledger_clawbacks ("book", "recorded_at", "key");

CREATE INDEX ledger_clawbacks_state_recorded_at_key ON ledger_clawbacks ("book", "state", "recorded_at", "key");

CREATE INDEX ledger_entries_escrow ON ledger_entries ("book", "escrow") WHERE "escrow" IS NOT NULL;

CREATE INDEX ledger_entries_gateway_payment ON ledger_entries ("book", "gateway", "payment") WHERE "payment" IS NOT NULL;

CREATE INDEX ledger_entries_instruction ON ledger_entries ("book", "instruction") WHERE "instruction" IS NOT NULL;

CREATE INDEX ledger_entries_recorded_at ON ledger_entries ("book", "recorded_at");

CREATE INDEX ledger_entries_reference ON ledger_entries ("book", "reference") WHERE "reference" IS NOT NULL;

CREATE INDEX ledger_escrows_falls_due_at_id ON ledger_escrows ("book", "falls_due_at", "id") WHERE "falls_due_at" IS NOT NULL;

CREATE INDEX ledger_escrows_next_at_id ON ledger_escrows ("book", "next_at", "id") WHERE "next_at" IS NOT NULL;

CREATE INDEX ledger_escrows_payer_id ON ledger_escrows ("book", "payer", "id");

CREATE INDEX ledger_exchanges_instruction_attempt_sequence_key ON ledger_exchanges ("book", "instruction", "attempt", "sequence", "key");

CREATE INDEX ledger_fees_gateway_reference_key ON ledger_fees ("book", "gateway", "reference", "key");

CREATE INDEX ledger_instructions_about_id ON ledger_instructions ("book", "about", "id") WHERE "about" IS NOT NULL;

CREATE INDEX ledger_instructions_batch_id ON ledger_instructions ("book", "batch", "id") WHERE "batch" IS NOT NULL;

CREATE INDEX ledger_instructions_created_at_id ON ledger_instructions ("book", "created_at", "id");

CREATE INDEX ledger_instructions_escrow_created_at_id ON ledger_instructions ("book", "escrow", "created_at", "id") WHERE "escrow" IS NOT NULL;

CREATE INDEX ledger_instructions_gateway_key_id ON ledger_instructions ("book", "gateway_key", "id");

CREATE INDEX ledger_instructions_gateway_reference_id ON ledger_instructions ("book", "gateway_reference", "id") WHERE "gateway_reference" IS NOT NULL;

CREATE INDEX ledger_instructions_next_at_id ON ledger_instructions ("book", "next_at", "id") WHERE "next_at" IS NOT NULL;

CREATE INDEX ledger_instructions_party_created_at_id ON ledger_instructions ("book", "party", "created_at", "id");

CREATE INDEX ledger_instructions_state_created_at_id ON ledger_instructions ("book", "state", "created_at", "id");

CREATE INDEX ledger_movements_recorded_at_key ON ledger_movements ("book", "recorded_at", "key");

CREATE INDEX ledger_movements_state_recorded_at_key ON ledger_movements ("book", "state", "recorded_at", "key");

CREATE INDEX ledger_payments_recorded_at_key ON ledger_payments ("book", "recorded_at", "key");

CREATE INDEX ledger_postings_account_late_at_version ON ledger_postings ("book", "account", "late_at", "version") WHERE "late_at" IS NOT NULL;

CREATE INDEX ledger_suspense_entry_id ON ledger_suspense ("book", "entry", "id");

CREATE INDEX ledger_suspense_state_recorded_at_id ON ledger_suspense ("book", "state", "recorded_at", "id");

CREATE INDEX ledger_webhooks_next_at_id ON ledger_webhooks ("book", "next_at", "id") WHERE "next_at" IS NOT NULL;

CREATE INDEX ledger_webhooks_received_at_id ON ledger_webhooks ("book", "received_at", "id");

CREATE INDEX ledger_webhooks_state_received_at_id ON ledger_webhooks ("book", "state", "received_at", "id");

CREATE TRIGGER ledger_accounts_delete BEFORE DELETE ON ledger_accounts
BEGIN SELECT RAISE(FAIL, 'accounts_are_never_deleted'); END;

CREATE TRIGGER ledger_accounts_exists BEFORE INSERT ON ledger_accounts
WHEN EXISTS (SELECT 1 FROM ledger_accounts WHERE book = NEW.book AND code = NEW.code AND currency = NEW.currency)
  OR EXISTS (SELECT 1 FROM ledger_accounts WHERE account = NEW.account)
BEGIN SELECT RAISE(FAIL, 'account_exists'); END;

CREATE TRIGGER ledger_accounts_identity BEFORE UPDATE OF account, book, code, currency, type ON ledger_accounts
BEGIN SELECT RAISE(FAIL, 'account_identity_is_fixed'); END;

CREATE TRIGGER ledger_entries_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(FAIL, 'entries_are_append_only'); END;

CREATE TRIGGER ledger_entries_insert BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE book = NEW.book AND id = NEW.id) OR EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.seq) OR
  (SELECT count(*) <> NEW.postings OR min(account.currency) <> max(account.currency) OR sum(posting.amount >> 32) * 4294967296 + sum(posting.amount & 4294967295) <> 0 FROM ledger_postings AS posting
  JOIN ledger_accounts AS account ON account.account = posting.account AND account.book = posting.book
  WHERE posting.book = NEW.book AND posting.entry = NEW.seq)
BEGIN
  SELECT RAISE(FAIL, 'entry_exists') WHERE EXISTS (SELECT 1 FROM ledger_entries WHERE book = NEW.book AND id = NEW.id) OR EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.seq);
  SELECT RAISE(FAIL, 'entry_postings_missing') WHERE (SELECT count(*) FROM ledger_postings AS posting
  JOIN ledger_accounts AS account ON account.account = posting.account AND account.book = posting.book
  WHERE posting.book = NEW.book AND posting.entry = NEW.seq) <> NEW.postings;
  SELECT RAISE(FAIL, 'entry_unbalanced') WHERE EXISTS (SELECT 1 FROM ledger_postings AS posting
  JOIN ledger_accounts AS account ON account.account = posting.account AND account.book = posting.book
  WHERE posting.book = NEW.book AND posting.entry = NEW.seq
  GROUP BY account.currency HAVING sum(posting.amount >> 32) * 4294967296 + sum(posting.amount & 4294967295) <> 0);
END;

CREATE TRIGGER ledger_entries_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(FAIL, 'entries_are_append_only'); END;

CREATE TRIGGER ledger_events_delete BEFORE DELETE ON ledger_events
BEGIN SELECT RAISE(FAIL, 'events_are_append_only'); END;

CREATE TRIGGER ledger_events_exists BEFORE INSERT ON ledger_events
WHEN EXISTS (SELECT 1 FROM ledger_events
  WHERE book = NEW.book AND escrow = NEW.escrow AND sequence = NEW.sequence)
BEGIN SELECT RAISE(FAIL, 'event_exists'); END;

CREATE TRIGGER ledger_events_update BEFORE UPDATE ON ledger_events
BEGIN SELECT RAISE(FAIL, 'events_are_append_only'); END;

CREATE TRIGGER ledger_idempotency_keys_delete BEFORE DELETE ON ledger_idempotency_keys
BEGIN SELECT RAISE(FAIL, 'idempotency_keys_are_append_only'); END;

CREATE TRIGGER ledger_idempotency_keys_exists BEFORE INSERT ON ledger_idempotency_keys
WHEN EXISTS (SELECT 1 FROM ledger_idempotency_keys WHERE book = NEW.book AND key_hash = NEW.key_hash)
BEGIN SELECT RAISE(FAIL, 'idempotency_key_exists'); END;

CREATE TRIGGER ledger_idempotency_keys_update BEFORE UPDATE ON ledger_idempotency_keys
BEGIN SELECT RAISE(FAIL, 'idempotency_keys_are_append_only'); END;

CREATE TRIGGER ledger_postings_delete BEFORE DELETE ON ledger_postings
BEGIN SELECT RAISE(FAIL, 'postings_are_append_only'); END;

CREATE TRIGGER ledger_postings_insert BEFORE INSERT ON ledger_postings
WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.entry) OR EXISTS (SELECT 1 FROM ledger_postings
  WHERE book = NEW.book AND account = NEW.account AND version = NEW.version)
BEGIN SELECT RAISE(FAIL, 'entry_is_sealed') WHERE EXISTS (SELECT 1 FROM ledger_entries WHERE seq = NEW.entry); SELECT RAISE(FAIL, 'posting_exists'); END;

CREATE TRIGGER ledger_postings_update BEFORE UPDATE ON ledger_postings
BEGIN SELECT RAISE(FAIL, 'postings_are_append_only'); END;
