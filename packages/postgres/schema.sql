CREATE TABLE ledger.ledger_accounts (
  account bigint NOT NULL,
  book bigint NOT NULL,
  floor bigint,
  ceiling bigint,
  debits_posted bigint NOT NULL,
  credits_posted bigint NOT NULL,
  debits_pending bigint NOT NULL,
  credits_pending bigint NOT NULL,
  version bigint NOT NULL,
  revision bigint NOT NULL,
  day bigint,
  latest_effective_at bigint,
  recorded_at bigint NOT NULL,
  opened_at bigint NOT NULL,
  closed boolean NOT NULL,
  code text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  frozen text COLLATE "C",
  CONSTRAINT ledger_accounts_code_currency UNIQUE (book, code, currency),
  CONSTRAINT ledger_accounts_pkey PRIMARY KEY (book, account),
  CONSTRAINT ledger_accounts_ceiling CHECK (((ceiling IS NULL) OR
CASE
    WHEN (type = ANY (ARRAY['asset'::text, 'expense'::text])) THEN (((debits_posted - credits_posted) + debits_pending) <= ceiling)
    ELSE (((credits_posted - debits_posted) + credits_pending) <= ceiling)
END)),
  CONSTRAINT ledger_accounts_floor CHECK (((floor IS NULL) OR
CASE
    WHEN (type = ANY (ARRAY['asset'::text, 'expense'::text])) THEN (((debits_posted - credits_posted) - credits_pending) >= floor)
    ELSE (((credits_posted - debits_posted) - debits_pending) >= floor)
END)),
  CONSTRAINT ledger_accounts_totals CHECK (((debits_posted >= 0) AND (credits_posted >= 0) AND (debits_pending >= 0) AND (credits_pending >= 0))),
  CONSTRAINT ledger_accounts_type CHECK ((type = ANY (ARRAY['asset'::text, 'liability'::text, 'equity'::text, 'income'::text, 'expense'::text]))),
  CONSTRAINT ledger_accounts_version CHECK (((version >= 0) AND (revision >= 1)))
) WITH (fillfactor=50);

CREATE TABLE ledger.ledger_books (
  book bigint NOT NULL,
  closed_through bigint,
  revision bigint NOT NULL,
  has_entries boolean NOT NULL,
  name text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  CONSTRAINT ledger_books_pkey PRIMARY KEY (book)
) WITH (fillfactor=50);

CREATE TABLE ledger.ledger_clawbacks (
  book bigint NOT NULL,
  taken_minor bigint NOT NULL,
  recorded_at bigint NOT NULL,
  revision bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  gateway text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  payment text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  escrow text COLLATE "C",
  suspense text COLLATE "C",
  last_entry text COLLATE "C",
  CONSTRAINT ledger_clawbacks_pkey PRIMARY KEY (book, key)
);

CREATE TABLE ledger.ledger_day_totals (
  book bigint NOT NULL,
  account bigint NOT NULL,
  day bigint NOT NULL,
  debits bigint NOT NULL,
  credits bigint NOT NULL,
  CONSTRAINT ledger_day_totals_pkey PRIMARY KEY (book, account, day),
  CONSTRAINT ledger_day_totals_totals CHECK (((debits >= 0) AND (credits >= 0)))
);

CREATE TABLE ledger.ledger_entries (
  book bigint NOT NULL,
  effective_at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  occurred_at bigint,
  release bigint,
  postings integer NOT NULL,
  id uuid NOT NULL,
  reverses uuid,
  kind text COLLATE "C" NOT NULL,
  description text COLLATE "C" NOT NULL,
  metadata text COLLATE "C",
  reference text COLLATE "C",
  actor text COLLATE "C",
  reason text COLLATE "C",
  escrow text COLLATE "C",
  gateway text COLLATE "C",
  payment text COLLATE "C",
  party text COLLATE "C",
  instruction text COLLATE "C",
  CONSTRAINT ledger_entries_pkey PRIMARY KEY (book, id),
  CONSTRAINT ledger_entries_postings CHECK ((postings >= 2))
);

CREATE TABLE ledger.ledger_escrows (
  book bigint NOT NULL,
  amount_minor bigint NOT NULL,
  funded_minor bigint NOT NULL,
  held_minor bigint NOT NULL,
  frozen_minor bigint NOT NULL,
  released_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  charged_back_minor bigint NOT NULL,
  opened_at bigint NOT NULL,
  funded_at bigint,
  delivered_at bigint,
  completed_at bigint,
  resolved_at bigint,
  settled_at bigint,
  cancelled_at bigint,
  last_at bigint,
  releases bigint NOT NULL,
  falls_due_at bigint,
  next_at bigint,
  steps bigint NOT NULL,
  revision bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  payer text COLLATE "C" NOT NULL,
  parties text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  terms text COLLATE "C" NOT NULL,
  metadata text COLLATE "C" NOT NULL,
  measures text COLLATE "C" NOT NULL,
  fundings text COLLATE "C" NOT NULL,
  disputes text COLLATE "C" NOT NULL,
  party_totals text COLLATE "C" NOT NULL,
  deduction_totals text COLLATE "C" NOT NULL,
  failed_attempt text COLLATE "C",
  CONSTRAINT ledger_escrows_pkey PRIMARY KEY (book, id)
);

CREATE TABLE ledger.ledger_events (
  book bigint NOT NULL,
  sequence bigint NOT NULL,
  at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  escrow text COLLATE "C" NOT NULL,
  command text COLLATE "C" NOT NULL,
  actor text COLLATE "C",
  detail text COLLATE "C" NOT NULL,
  entries text COLLATE "C" NOT NULL,
  CONSTRAINT ledger_events_pkey PRIMARY KEY (book, escrow, sequence)
);

CREATE TABLE ledger.ledger_exchanges (
  book bigint NOT NULL,
  attempt bigint NOT NULL,
  sequence bigint NOT NULL,
  status bigint,
  at bigint NOT NULL,
  revision bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  instruction text COLLATE "C" NOT NULL,
  method text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  request text COLLATE "C",
  answer text COLLATE "C",
  request_id text COLLATE "C",
  error text COLLATE "C",
  CONSTRAINT ledger_exchanges_pkey PRIMARY KEY (book, key)
);

CREATE TABLE ledger.ledger_fees (
  book bigint NOT NULL,
  fee_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  recorded_at bigint NOT NULL,
  revision bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  gateway text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  entry text COLLATE "C" NOT NULL,
  CONSTRAINT ledger_fees_pkey PRIMARY KEY (book, key)
);

CREATE TABLE ledger.ledger_idempotency_keys (
  book bigint NOT NULL,
  key_hash uuid NOT NULL,
  fingerprint uuid NOT NULL,
  entry uuid,
  result text COLLATE "C",
  CONSTRAINT ledger_idempotency_keys_pkey PRIMARY KEY (book, key_hash),
  CONSTRAINT ledger_idempotency_keys_outcome CHECK (((entry IS NULL) <> (result IS NULL)))
);

CREATE TABLE ledger.ledger_instructions (
  book bigint NOT NULL,
  amount_minor bigint NOT NULL,
  taken_back_minor bigint NOT NULL,
  reversing_minor bigint NOT NULL,
  follow_ups bigint NOT NULL,
  attempts bigint NOT NULL,
  next_at bigint,
  lease_until bigint,
  created_at bigint NOT NULL,
  last_at bigint NOT NULL,
  first_sent_at bigint,
  last_sent_at bigint,
  changed_at bigint NOT NULL,
  revision bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  gateway text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  party text COLLATE "C" NOT NULL,
  escrow text COLLATE "C",
  payment text COLLATE "C",
  about text COLLATE "C",
  destination text COLLATE "C",
  hold text COLLATE "C",
  source text COLLATE "C" NOT NULL,
  gateway_key text COLLATE "C" NOT NULL,
  batch text COLLATE "C",
  gateway_reference text COLLATE "C",
  reason text COLLATE "C",
  lease text COLLATE "C",
  last_entry text COLLATE "C",
  replaced_by text COLLATE "C",
  CONSTRAINT ledger_instructions_pkey PRIMARY KEY (book, id)
);

CREATE TABLE ledger.ledger_movements (
  book bigint NOT NULL,
  amount_minor bigint NOT NULL,
  fee_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  recorded_at bigint NOT NULL,
  revision bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  gateway text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  bank text COLLATE "C",
  matches text COLLATE "C",
  currency text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  entry text COLLATE "C",
  last_entry text COLLATE "C",
  CONSTRAINT ledger_movements_pkey PRIMARY KEY (book, key)
);

CREATE TABLE ledger.ledger_payments (
  book bigint NOT NULL,
  amount_minor bigint NOT NULL,
  received_minor bigint,
  allocated_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  charged_back_minor bigint NOT NULL,
  suspense_minor bigint NOT NULL,
  captured_at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  revision bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  gateway text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  received_currency text COLLATE "C",
  account text COLLATE "C" NOT NULL,
  allocations text COLLATE "C" NOT NULL,
  unplaced text COLLATE "C" NOT NULL,
  CONSTRAINT ledger_payments_pkey PRIMARY KEY (book, key)
);

CREATE TABLE ledger.ledger_postings (
  book bigint NOT NULL,
  account bigint NOT NULL,
  version bigint NOT NULL,
  amount bigint NOT NULL,
  balance bigint NOT NULL,
  late_at bigint,
  high_at bigint,
  line integer NOT NULL,
  entry uuid NOT NULL,
  CONSTRAINT ledger_postings_account_version UNIQUE (book, account, version),
  CONSTRAINT ledger_postings_pkey PRIMARY KEY (book, entry, line),
  CONSTRAINT ledger_postings_amount CHECK ((amount <> 0))
);

CREATE TABLE ledger.ledger_restrictions (
  book bigint NOT NULL,
  revision bigint NOT NULL,
  closed boolean NOT NULL,
  code text COLLATE "C" NOT NULL,
  frozen text COLLATE "C",
  reason text COLLATE "C",
  CONSTRAINT ledger_restrictions_pkey PRIMARY KEY (book, code)
);

CREATE TABLE ledger.ledger_reversals (
  book bigint NOT NULL,
  sequence bigint NOT NULL,
  revision bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  entry text COLLATE "C" NOT NULL,
  reversal text COLLATE "C" NOT NULL,
  CONSTRAINT ledger_reversals_pkey PRIMARY KEY (book, key)
);

CREATE TABLE ledger.ledger_suspense (
  book bigint NOT NULL,
  amount_minor bigint NOT NULL,
  remaining_minor bigint NOT NULL,
  recorded_at bigint NOT NULL,
  revision bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  gateway text COLLATE "C" NOT NULL,
  reference text COLLATE "C",
  escrow text COLLATE "C",
  instruction text COLLATE "C",
  currency text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  entry text COLLATE "C" NOT NULL,
  CONSTRAINT ledger_suspense_pkey PRIMARY KEY (book, id)
);

CREATE TABLE ledger.ledger_webhooks (
  book bigint NOT NULL,
  attempts bigint NOT NULL,
  next_at bigint,
  occurred_at bigint,
  received_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  revision bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  same_as text COLLATE "C",
  gateway text COLLATE "C" NOT NULL,
  type text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  subjects text COLLATE "C" NOT NULL,
  reason text COLLATE "C",
  CONSTRAINT ledger_webhooks_pkey PRIMARY KEY (book, id)
);

CREATE INDEX ledger_clawbacks_payment_recorded_at_key ON ledger.ledger_clawbacks USING btree (book, payment, recorded_at, key);

CREATE INDEX ledger_clawbacks_recorded_at_key ON ledger.ledger_clawbacks USING btree (book, recorded_at, key);

CREATE INDEX ledger_clawbacks_state_recorded_at_key ON ledger.ledger_clawbacks USING btree (book, state, recorded_at, key);

CREATE INDEX ledger_entries_escrow ON ledger.ledger_entries USING btree (book, escrow) WHERE (escrow IS NOT NULL);

CREATE INDEX ledger_entries_gateway_payment ON ledger.ledger_entries USING btree (book, gateway, payment) WHERE (payment IS NOT NULL);

CREATE INDEX ledger_entries_instruction ON ledger.ledger_entries USING btree (book, instruction) WHERE (instruction IS NOT NULL);

CREATE INDEX ledger_entries_recorded_at ON ledger.ledger_entries USING btree (book, recorded_at);

CREATE INDEX ledger_entries_reference ON ledger.ledger_entries USING btree (book, reference) WHERE (reference IS NOT NULL);

CREATE INDEX ledger_escrows_falls_due_at_id ON ledger.ledger_escrows USING btree (book, falls_due_at, id) WHERE (falls_due_at IS NOT NULL);

CREATE INDEX ledger_escrows_next_at_id ON ledger.ledger_escrows USING btree (book, next_at, id) WHERE (next_at IS NOT NULL);

CREATE INDEX ledger_escrows_payer_id ON ledger.ledger_escrows USING btree (book, payer, id);

CREATE INDEX ledger_exchanges_instruction_attempt_sequence_key ON ledger.ledger_exchanges USING btree (book, instruction, attempt, sequence, key);

CREATE INDEX ledger_fees_gateway_reference_key ON ledger.ledger_fees USING btree (book, gateway, reference, key);

CREATE INDEX ledger_instructions_about_id ON ledger.ledger_instructions USING btree (book, about, id) WHERE (about IS NOT NULL);

CREATE INDEX ledger_instructions_batch_id ON ledger.ledger_instructions USING btree (book, batch, id) WHERE (batch IS NOT NULL);

CREATE INDEX ledger_instructions_created_at_id ON ledger.ledger_instructions USING btree (book, created_at, id);

CREATE INDEX ledger_instructions_escrow_created_at_id ON ledger.ledger_instructions USING btree (book, escrow, created_at, id) WHERE (escrow IS NOT NULL);

CREATE INDEX ledger_instructions_gateway_key_id ON ledger.ledger_instructions USING btree (book, gateway_key, id);

CREATE INDEX ledger_instructions_gateway_reference_id ON ledger.ledger_instructions USING btree (book, gateway_reference, id) WHERE (gateway_reference IS NOT NULL);

CREATE INDEX ledger_instructions_next_at_id ON ledger.ledger_instructions USING btree (book, next_at, id) WHERE (next_at IS NOT NULL);

CREATE INDEX ledger_instructions_party_created_at_id ON ledger.ledger_instructions USING btree (book, party, created_at, id);

CREATE INDEX ledger_instructions_state_created_at_id ON ledger.ledger_instructions USING btree (book, state, created_at, id);

CREATE INDEX ledger_movements_recorded_at_key ON ledger.ledger_movements USING btree (book, recorded_at, key);

CREATE INDEX ledger_movements_state_recorded_at_key ON ledger.ledger_movements USING btree (book, state, recorded_at, key);

CREATE INDEX ledger_payments_recorded_at_key ON ledger.ledger_payments USING btree (book, recorded_at, key);

CREATE INDEX ledger_postings_account_late_at_version ON ledger.ledger_postings USING btree (book, account, late_at, version) WHERE (late_at IS NOT NULL);

CREATE INDEX ledger_suspense_entry_id ON ledger.ledger_suspense USING btree (book, entry, id);

CREATE INDEX ledger_suspense_state_recorded_at_id ON ledger.ledger_suspense USING btree (book, state, recorded_at, id);

CREATE INDEX ledger_webhooks_next_at_id ON ledger.ledger_webhooks USING btree (book, next_at, id) WHERE (next_at IS NOT NULL);

CREATE INDEX ledger_webhooks_received_at_id ON ledger.ledger_webhooks USING btree (book, received_at, id);

CREATE INDEX ledger_webhooks_state_received_at_id ON ledger.ledger_webhooks USING btree (book, state, received_at, id);

CREATE OR REPLACE FUNCTION ledger.ledger_check_entries()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  bare boolean;
BEGIN
  EXECUTE $sql$SELECT EXISTS (
    SELECT FROM added AS entry LEFT JOIN LATERAL (
      SELECT true AS there FROM ledger.ledger_postings AS posting
        WHERE posting.book = entry.book AND posting.entry = entry.id LIMIT 1) AS posting ON true
    WHERE posting.there IS NULL)$sql$ INTO bare;
  IF bare THEN
    RAISE EXCEPTION 'entry_postings_missing' USING ERRCODE = 'integrity_constraint_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION ledger.ledger_check_postings()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  unusual boolean;
  wrong text;
BEGIN
  EXECUTE $sql$SELECT EXISTS (
      SELECT FROM (
        SELECT posting.book, posting.entry, count(*) AS postings, min(posting.line) AS first, max(posting.line) AS last,
            sum(posting.amount) AS total, min(account.currency) AS lowest, max(account.currency) AS highest,
            count(account.currency) AS known
          FROM added AS posting LEFT JOIN LATERAL (
              SELECT account.currency FROM ledger.ledger_accounts AS account
                WHERE account.book = posting.book AND account.account = posting.account LIMIT 1) AS account ON true
          GROUP BY posting.book, posting.entry) AS lines
      LEFT JOIN LATERAL (
      SELECT entry.postings FROM ledger.ledger_entries AS entry
        WHERE entry.book = lines.book AND entry.id = lines.entry LIMIT 1) AS entry ON true
      WHERE entry.postings IS NULL OR entry.postings <> lines.postings OR lines.first <> 0
        OR lines.last <> lines.postings - 1 OR lines.known <> lines.postings OR lines.lowest <> lines.highest
        OR lines.total <> 0)$sql$ INTO unusual;
  IF NOT unusual THEN
    RETURN NULL;
  END IF;
  EXECUTE $sql$SELECT CASE
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
            FROM added AS posting LEFT JOIN LATERAL (
              SELECT account.currency FROM ledger.ledger_accounts AS account
                WHERE account.book = posting.book AND account.account = posting.account LIMIT 1) AS account ON true
            GROUP BY posting.book, posting.entry, account.currency) AS sums
        GROUP BY sums.book, sums.entry) AS lines
    LEFT JOIN LATERAL (
      SELECT entry.postings FROM ledger.ledger_entries AS entry
        WHERE entry.book = lines.book AND entry.id = lines.entry LIMIT 1) AS entry ON true
    WHERE entry.postings IS NULL OR entry.postings <> lines.postings OR lines.first <> 0
      OR lines.last <> lines.postings - 1 OR NOT lines.balanced OR NOT lines.known
    LIMIT 1$sql$ INTO wrong;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'integrity_constraint_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION ledger.ledger_last_version(of_book bigint, of_account bigint, last_version bigint, by_effect boolean, at_most bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
DECLARE
  low bigint := 0;
  high bigint := last_version;
  middle bigint;
  found_at bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    SELECT CASE WHEN by_effect THEN coalesce(posting.high_at, entry.effective_at) ELSE entry.recorded_at END
    INTO found_at
    FROM ledger.ledger_postings AS posting
    CROSS JOIN LATERAL (SELECT entry.recorded_at, entry.effective_at FROM ledger.ledger_entries AS entry
      WHERE entry.book = of_book AND entry.id >= posting.entry AND entry.id <= posting.entry ORDER BY entry.id LIMIT 1) AS entry
    WHERE posting.book = of_book AND posting.account = of_account AND posting.version >= middle AND posting.version <= middle
    ORDER BY posting.version LIMIT 1;
    IF found_at <= at_most THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $function$;

CREATE OR REPLACE FUNCTION ledger.ledger_persist(_book bigint, _book_name text, _lock_timeout text, _time_zone text, _closed_through bigint, _has_entries boolean, _book_revision bigint, _assumed_book bigint, _assumed_accounts bigint[], _assumed_account_revisions bigint[], _absent_codes text[], _absent_currencies text[], _assumed_entries uuid[], _assumed_keys text[], _assumed_key_ends bigint[], _assumed_revisions bigint[], _assumed_revision_ends bigint[], _opened_accounts json, _altered_accounts json, _posted_account bigint[], _posted_before bigint[], _posted_debits_posted bigint[], _posted_credits_posted bigint[], _posted_version bigint[], _posted_revision bigint[], _posted_day bigint[], _posted_latest_effective_at bigint[], _posted_recorded_at bigint[], _entry_postings integer[], _entry_id uuid[], _entry_kind text[], _entry_description text[], _entry_metadata text[], _entry_reference text[], _entry_effective_at bigint[], _entry_recorded_at bigint[], _entry_occurred_at bigint[], _entry_actor text[], _entry_reverses uuid[], _entry_reason text[], _entry_escrow text[], _entry_release bigint[], _entry_gateway text[], _entry_payment text[], _entry_party text[], _entry_instruction text[], _posting_entry uuid[], _posting_line integer[], _posting_account bigint[], _posting_version bigint[], _posting_amount bigint[], _posting_balance bigint[], _posting_late_at bigint[], _posting_high_at bigint[], _closed_account bigint[], _closed_day bigint[], _closed_debits bigint[], _closed_credits bigint[], _backdated_account bigint[], _backdated_day bigint[], _backdated_debits bigint[], _backdated_credits bigint[], _new_escrows json, _changed_escrows json, _new_payments json, _changed_payments json, _new_instructions json, _changed_instructions json, _new_fees json, _changed_fees json, _new_suspense json, _changed_suspense json, _new_restrictions json, _changed_restrictions json, _new_reversals json, _changed_reversals json, _new_exchanges json, _changed_exchanges json, _new_webhooks json, _changed_webhooks json, _new_movements json, _changed_movements json, _new_clawbacks json, _changed_clawbacks json, _events json, _key_key_hash uuid[], _key_fingerprint uuid[], _key_entry uuid[], _key_result text[])
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '0'
 SET enable_seqscan TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
DECLARE
  _known_name text;
  _revision bigint;
  _keys text[];
  _revisions bigint[];
  _count bigint;
  _found boolean;
  _day record;
  _before record;
BEGIN
  PERFORM set_config('lock_timeout', _lock_timeout, true);
  IF _book_revision IS NULL THEN
    SELECT name, revision INTO _known_name, _revision FROM ledger.ledger_books WHERE book = _book FOR SHARE;
  ELSE
    SELECT name, revision INTO _known_name, _revision FROM ledger.ledger_books WHERE book = _book FOR NO KEY UPDATE;
  END IF;
  IF _known_name <> _book_name THEN
    RAISE EXCEPTION 'book_number_taken' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF _assumed_book IS NOT NULL THEN
    IF coalesce(_revision, 0) <> _assumed_book THEN
      RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
    END IF;
    IF _assumed_key_ends[1] > 0 THEN
      _keys := _assumed_keys[0 + 1 : _assumed_key_ends[1]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."id") FROM (
        SELECT "id", revision FROM ledger.ledger_escrows
          WHERE book = $1 AND "id" = ANY ($2) ORDER BY "id" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[0 + 1 : _assumed_revision_ends[1]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[2] > _assumed_key_ends[1] THEN
      _keys := _assumed_keys[_assumed_key_ends[1] + 1 : _assumed_key_ends[2]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."key") FROM (
        SELECT "key", revision FROM ledger.ledger_payments
          WHERE book = $1 AND "key" = ANY ($2) ORDER BY "key" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[1] + 1 : _assumed_revision_ends[2]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[3] > _assumed_key_ends[2] THEN
      _keys := _assumed_keys[_assumed_key_ends[2] + 1 : _assumed_key_ends[3]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."id") FROM (
        SELECT "id", revision FROM ledger.ledger_instructions
          WHERE book = $1 AND "id" = ANY ($2) ORDER BY "id" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[2] + 1 : _assumed_revision_ends[3]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[4] > _assumed_key_ends[3] THEN
      _keys := _assumed_keys[_assumed_key_ends[3] + 1 : _assumed_key_ends[4]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."key") FROM (
        SELECT "key", revision FROM ledger.ledger_fees
          WHERE book = $1 AND "key" = ANY ($2) ORDER BY "key" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[3] + 1 : _assumed_revision_ends[4]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[5] > _assumed_key_ends[4] THEN
      _keys := _assumed_keys[_assumed_key_ends[4] + 1 : _assumed_key_ends[5]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."id") FROM (
        SELECT "id", revision FROM ledger.ledger_suspense
          WHERE book = $1 AND "id" = ANY ($2) ORDER BY "id" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[4] + 1 : _assumed_revision_ends[5]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[6] > _assumed_key_ends[5] THEN
      _keys := _assumed_keys[_assumed_key_ends[5] + 1 : _assumed_key_ends[6]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."code") FROM (
        SELECT "code", revision FROM ledger.ledger_restrictions
          WHERE book = $1 AND "code" = ANY ($2) ORDER BY "code" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[5] + 1 : _assumed_revision_ends[6]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[7] > _assumed_key_ends[6] THEN
      _keys := _assumed_keys[_assumed_key_ends[6] + 1 : _assumed_key_ends[7]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."key") FROM (
        SELECT "key", revision FROM ledger.ledger_reversals
          WHERE book = $1 AND "key" = ANY ($2) ORDER BY "key" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[6] + 1 : _assumed_revision_ends[7]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[8] > _assumed_key_ends[7] THEN
      _keys := _assumed_keys[_assumed_key_ends[7] + 1 : _assumed_key_ends[8]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."key") FROM (
        SELECT "key", revision FROM ledger.ledger_exchanges
          WHERE book = $1 AND "key" = ANY ($2) ORDER BY "key" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[7] + 1 : _assumed_revision_ends[8]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[9] > _assumed_key_ends[8] THEN
      _keys := _assumed_keys[_assumed_key_ends[8] + 1 : _assumed_key_ends[9]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."id") FROM (
        SELECT "id", revision FROM ledger.ledger_webhooks
          WHERE book = $1 AND "id" = ANY ($2) ORDER BY "id" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[8] + 1 : _assumed_revision_ends[9]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[10] > _assumed_key_ends[9] THEN
      _keys := _assumed_keys[_assumed_key_ends[9] + 1 : _assumed_key_ends[10]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."key") FROM (
        SELECT "key", revision FROM ledger.ledger_movements
          WHERE book = $1 AND "key" = ANY ($2) ORDER BY "key" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[9] + 1 : _assumed_revision_ends[10]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_key_ends[11] > _assumed_key_ends[10] THEN
      _keys := _assumed_keys[_assumed_key_ends[10] + 1 : _assumed_key_ends[11]];
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked."key") FROM (
        SELECT "key", revision FROM ledger.ledger_clawbacks
          WHERE book = $1 AND "key" = ANY ($2) ORDER BY "key" FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _keys;
      IF coalesce(_revisions, '{}') <> _assumed_revisions[_assumed_revision_ends[10] + 1 : _assumed_revision_ends[11]] THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF _assumed_accounts IS NOT NULL THEN
      EXECUTE $sql$SELECT array_agg(locked.revision ORDER BY locked.account) FROM (
      SELECT account, revision FROM ledger.ledger_accounts
        WHERE book = $1 AND account = ANY ($2) ORDER BY account FOR NO KEY UPDATE) AS locked$sql$ INTO _revisions USING _book, _assumed_accounts;
      IF coalesce(_revisions, '{}') <> _assumed_account_revisions THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
    IF cardinality(_absent_codes) > 0 THEN
      EXECUTE $sql$SELECT EXISTS (
      SELECT FROM unnest($1, $2) AS absent(code, currency) CROSS JOIN LATERAL (
        SELECT 1 FROM ledger.ledger_accounts AS account WHERE account.book = $3 AND account.code = absent.code
          AND account.currency = absent.currency LIMIT 1) AS account)$sql$ INTO _found USING _absent_codes, _absent_currencies, _book;
      IF _found THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
      END IF;
    END IF;
  END IF;
  IF cardinality(_posted_account) > 0 THEN
    EXECUTE $sql$UPDATE ledger.ledger_accounts AS account
      SET "debits_posted" = changed."debits_posted", "credits_posted" = changed."credits_posted", "version" = changed."version", "revision" = changed."revision", "day" = changed."day", "latest_effective_at" = changed."latest_effective_at", "recorded_at" = changed."recorded_at"
      FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS changed("account", "before", "debits_posted", "credits_posted", "version", "revision", "day", "latest_effective_at", "recorded_at")
      WHERE account.book = $10 AND account.account = ANY ($1)
        AND account.account = changed.account AND account.revision = changed.before$sql$ USING _posted_account, _posted_before, _posted_debits_posted, _posted_credits_posted, _posted_version, _posted_revision, _posted_day, _posted_latest_effective_at, _posted_recorded_at, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> cardinality(_posted_account) THEN
      RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
    END IF;
  END IF;
  IF cardinality(_assumed_entries) > 0 THEN
    EXECUTE $sql$SELECT count(*) FROM unnest($1) AS assumed(id) CROSS JOIN LATERAL (
        SELECT 1 FROM ledger.ledger_entries AS entry WHERE entry.book = $2 AND entry.id = assumed.id LIMIT 1) AS entry$sql$ INTO _count USING _assumed_entries, _book;
    IF _count <> cardinality(_assumed_entries) THEN
      RAISE EXCEPTION 'stale' USING ERRCODE = 'LG001';
    END IF;
  END IF;
  IF _known_name IS NULL THEN
    INSERT INTO ledger.ledger_books (book, name, time_zone, closed_through, has_entries, revision) VALUES
      (_book, _book_name, coalesce(_time_zone, 'UTC'), _closed_through, coalesce(_has_entries, false), coalesce(_book_revision, 0));
  ELSIF _book_revision IS NOT NULL THEN
    UPDATE ledger.ledger_books SET time_zone = _time_zone, closed_through = _closed_through, has_entries = _has_entries,
      revision = _book_revision WHERE book = _book;
  END IF;
  IF _opened_accounts IS NOT NULL THEN
    INSERT INTO ledger.ledger_accounts (book, "account", "code", "currency", "type", "floor", "ceiling", "debits_posted", "credits_posted", "debits_pending", "credits_pending", "version", "revision", "frozen", "closed", "day", "latest_effective_at", "recorded_at", "opened_at")
      SELECT _book, added."account", added."code", added."currency", added."type", added."floor", added."ceiling", added."debits_posted", added."credits_posted", added."debits_pending", added."credits_pending", added."version", added."revision", added."frozen", added."closed", added."day", added."latest_effective_at", added."recorded_at", added."opened_at" FROM json_populate_recordset(NULL::ledger.ledger_accounts, _opened_accounts) AS added;
  END IF;
  IF _altered_accounts IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_accounts AS account SET "floor" = changed."floor", "ceiling" = changed."ceiling", "debits_posted" = coalesce(changed."debits_posted", account."debits_posted"), "credits_posted" = coalesce(changed."credits_posted", account."credits_posted"), "debits_pending" = coalesce(changed."debits_pending", account."debits_pending"), "credits_pending" = coalesce(changed."credits_pending", account."credits_pending"), "version" = coalesce(changed."version", account."version"), "revision" = coalesce(changed."revision", account."revision"), "frozen" = changed."frozen", "closed" = coalesce(changed."closed", account."closed"), "day" = changed."day", "latest_effective_at" = changed."latest_effective_at", "recorded_at" = coalesce(changed."recorded_at", account."recorded_at"), "opened_at" = coalesce(changed."opened_at", account."opened_at")
      FROM json_populate_recordset(NULL::ledger.ledger_accounts, $1) AS changed
      WHERE account.book = $2 AND account.account = changed.account$sql$ USING _altered_accounts, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_altered_accounts) THEN
      RAISE EXCEPTION 'account_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF cardinality(_entry_postings) > 0 THEN
    WITH written AS (
      INSERT INTO ledger.ledger_entries (book, "postings", "id", "kind", "description", "metadata", "reference", "effective_at", "recorded_at", "occurred_at", "actor", "reverses", "reason", "escrow", "release", "gateway", "payment", "party", "instruction")
      SELECT _book, added."postings", added."id", added."kind", added."description", added."metadata", added."reference", added."effective_at", added."recorded_at", added."occurred_at", added."actor", added."reverses", added."reason", added."escrow", added."release", added."gateway", added."payment", added."party", added."instruction" FROM unnest(_entry_postings, _entry_id, _entry_kind, _entry_description, _entry_metadata, _entry_reference, _entry_effective_at, _entry_recorded_at, _entry_occurred_at, _entry_actor, _entry_reverses, _entry_reason, _entry_escrow, _entry_release, _entry_gateway, _entry_payment, _entry_party, _entry_instruction) AS added("postings", "id", "kind", "description", "metadata", "reference", "effective_at", "recorded_at", "occurred_at", "actor", "reverses", "reason", "escrow", "release", "gateway", "payment", "party", "instruction"))
    INSERT INTO ledger.ledger_postings (book, "entry", "line", "account", "version", "amount", "balance", "late_at", "high_at")
      SELECT _book, added."entry", added."line", added."account", added."version", added."amount", added."balance", added."late_at", added."high_at" FROM unnest(_posting_entry, _posting_line, _posting_account, _posting_version, _posting_amount, _posting_balance, _posting_late_at, _posting_high_at) AS added("entry", "line", "account", "version", "amount", "balance", "late_at", "high_at");
  END IF;
  IF cardinality(_backdated_account) > 0 THEN
    FOR _day IN SELECT * FROM unnest(_backdated_account, _backdated_day, _backdated_debits, _backdated_credits) AS backdated("account", "day", "debits", "credits") LOOP
      UPDATE ledger.ledger_day_totals AS total SET debits = total.debits + _day.debits, credits = total.credits + _day.credits
        WHERE total.book = _book AND total.account = _day.account AND total.day >= _day.day;
    END LOOP;
  END IF;
  IF cardinality(_closed_account) > 0 THEN
    INSERT INTO ledger.ledger_day_totals (book, "account", "day", "debits", "credits")
      SELECT _book, added."account", added."day", added."debits", added."credits" FROM unnest(_closed_account, _closed_day, _closed_debits, _closed_credits) AS added("account", "day", "debits", "credits");
  END IF;
  IF cardinality(_backdated_account) > 0 THEN
    FOR _day IN SELECT * FROM unnest(_backdated_account, _backdated_day, _backdated_debits, _backdated_credits) AS backdated("account", "day", "debits", "credits") LOOP
      CONTINUE WHEN EXISTS (
        SELECT FROM ledger.ledger_day_totals WHERE book = _book AND account = _day.account AND day = _day.day);
      SELECT debits, credits INTO _before FROM ledger.ledger_day_totals
        WHERE book = _book AND account = _day.account AND day < _day.day ORDER BY day DESC LIMIT 1;
      INSERT INTO ledger.ledger_day_totals (book, account, day, debits, credits) VALUES (_book, _day.account, _day.day,
        coalesce(_before.debits, 0) + _day.debits, coalesce(_before.credits, 0) + _day.credits);
    END LOOP;
  END IF;
  IF _new_escrows IS NOT NULL THEN
    INSERT INTO ledger.ledger_escrows (book, "id", "payer", "parties", "currency", "amount_minor", "terms", "metadata", "funded_minor", "held_minor", "frozen_minor", "released_minor", "refunded_minor", "charged_back_minor", "opened_at", "funded_at", "delivered_at", "completed_at", "resolved_at", "settled_at", "cancelled_at", "last_at", "measures", "fundings", "disputes", "releases", "party_totals", "deduction_totals", "falls_due_at", "next_at", "failed_attempt", "steps", "revision")
      SELECT _book, added."id", added."payer", added."parties", added."currency", added."amount_minor", added."terms", added."metadata", added."funded_minor", added."held_minor", added."frozen_minor", added."released_minor", added."refunded_minor", added."charged_back_minor", added."opened_at", added."funded_at", added."delivered_at", added."completed_at", added."resolved_at", added."settled_at", added."cancelled_at", added."last_at", added."measures", added."fundings", added."disputes", added."releases", added."party_totals", added."deduction_totals", added."falls_due_at", added."next_at", added."failed_attempt", added."steps", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_escrows, _new_escrows) AS added;
  END IF;
  IF _changed_escrows IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_escrows AS record SET "payer" = coalesce(changed."payer", record."payer"), "parties" = coalesce(changed."parties", record."parties"), "currency" = coalesce(changed."currency", record."currency"), "amount_minor" = coalesce(changed."amount_minor", record."amount_minor"), "terms" = coalesce(changed."terms", record."terms"), "metadata" = coalesce(changed."metadata", record."metadata"), "funded_minor" = coalesce(changed."funded_minor", record."funded_minor"), "held_minor" = coalesce(changed."held_minor", record."held_minor"), "frozen_minor" = coalesce(changed."frozen_minor", record."frozen_minor"), "released_minor" = coalesce(changed."released_minor", record."released_minor"), "refunded_minor" = coalesce(changed."refunded_minor", record."refunded_minor"), "charged_back_minor" = coalesce(changed."charged_back_minor", record."charged_back_minor"), "opened_at" = coalesce(changed."opened_at", record."opened_at"), "funded_at" = changed."funded_at", "delivered_at" = changed."delivered_at", "completed_at" = changed."completed_at", "resolved_at" = changed."resolved_at", "settled_at" = changed."settled_at", "cancelled_at" = changed."cancelled_at", "last_at" = changed."last_at", "measures" = coalesce(changed."measures", record."measures"), "fundings" = coalesce(changed."fundings", record."fundings"), "disputes" = coalesce(changed."disputes", record."disputes"), "releases" = coalesce(changed."releases", record."releases"), "party_totals" = coalesce(changed."party_totals", record."party_totals"), "deduction_totals" = coalesce(changed."deduction_totals", record."deduction_totals"), "falls_due_at" = changed."falls_due_at", "next_at" = changed."next_at", "failed_attempt" = changed."failed_attempt", "steps" = coalesce(changed."steps", record."steps"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_escrows, $1) AS changed
      WHERE record.book = $2 AND record."id" = changed."id"$sql$ USING _changed_escrows, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_escrows) THEN
      RAISE EXCEPTION 'escrows_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_payments IS NOT NULL THEN
    INSERT INTO ledger.ledger_payments (book, "key", "gateway", "reference", "currency", "amount_minor", "received_currency", "received_minor", "account", "allocated_minor", "refunded_minor", "charged_back_minor", "suspense_minor", "allocations", "unplaced", "captured_at", "recorded_at", "revision")
      SELECT _book, added."key", added."gateway", added."reference", added."currency", added."amount_minor", added."received_currency", added."received_minor", added."account", added."allocated_minor", added."refunded_minor", added."charged_back_minor", added."suspense_minor", added."allocations", added."unplaced", added."captured_at", added."recorded_at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_payments, _new_payments) AS added;
  END IF;
  IF _changed_payments IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_payments AS record SET "gateway" = coalesce(changed."gateway", record."gateway"), "reference" = coalesce(changed."reference", record."reference"), "currency" = coalesce(changed."currency", record."currency"), "amount_minor" = coalesce(changed."amount_minor", record."amount_minor"), "received_currency" = changed."received_currency", "received_minor" = changed."received_minor", "account" = coalesce(changed."account", record."account"), "allocated_minor" = coalesce(changed."allocated_minor", record."allocated_minor"), "refunded_minor" = coalesce(changed."refunded_minor", record."refunded_minor"), "charged_back_minor" = coalesce(changed."charged_back_minor", record."charged_back_minor"), "suspense_minor" = coalesce(changed."suspense_minor", record."suspense_minor"), "allocations" = coalesce(changed."allocations", record."allocations"), "unplaced" = coalesce(changed."unplaced", record."unplaced"), "captured_at" = coalesce(changed."captured_at", record."captured_at"), "recorded_at" = coalesce(changed."recorded_at", record."recorded_at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_payments, $1) AS changed
      WHERE record.book = $2 AND record."key" = changed."key"$sql$ USING _changed_payments, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_payments) THEN
      RAISE EXCEPTION 'payments_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_instructions IS NOT NULL THEN
    INSERT INTO ledger.ledger_instructions (book, "id", "kind", "gateway", "state", "currency", "amount_minor", "party", "escrow", "payment", "about", "destination", "hold", "taken_back_minor", "reversing_minor", "follow_ups", "source", "gateway_key", "batch", "gateway_reference", "reason", "attempts", "next_at", "lease", "lease_until", "created_at", "last_at", "last_entry", "first_sent_at", "last_sent_at", "changed_at", "replaced_by", "revision")
      SELECT _book, added."id", added."kind", added."gateway", added."state", added."currency", added."amount_minor", added."party", added."escrow", added."payment", added."about", added."destination", added."hold", added."taken_back_minor", added."reversing_minor", added."follow_ups", added."source", added."gateway_key", added."batch", added."gateway_reference", added."reason", added."attempts", added."next_at", added."lease", added."lease_until", added."created_at", added."last_at", added."last_entry", added."first_sent_at", added."last_sent_at", added."changed_at", added."replaced_by", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_instructions, _new_instructions) AS added;
  END IF;
  IF _changed_instructions IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_instructions AS record SET "kind" = coalesce(changed."kind", record."kind"), "gateway" = coalesce(changed."gateway", record."gateway"), "state" = coalesce(changed."state", record."state"), "currency" = coalesce(changed."currency", record."currency"), "amount_minor" = coalesce(changed."amount_minor", record."amount_minor"), "party" = coalesce(changed."party", record."party"), "escrow" = changed."escrow", "payment" = changed."payment", "about" = changed."about", "destination" = changed."destination", "hold" = changed."hold", "taken_back_minor" = coalesce(changed."taken_back_minor", record."taken_back_minor"), "reversing_minor" = coalesce(changed."reversing_minor", record."reversing_minor"), "follow_ups" = coalesce(changed."follow_ups", record."follow_ups"), "source" = coalesce(changed."source", record."source"), "gateway_key" = coalesce(changed."gateway_key", record."gateway_key"), "batch" = changed."batch", "gateway_reference" = changed."gateway_reference", "reason" = changed."reason", "attempts" = coalesce(changed."attempts", record."attempts"), "next_at" = changed."next_at", "lease" = changed."lease", "lease_until" = changed."lease_until", "created_at" = coalesce(changed."created_at", record."created_at"), "last_at" = coalesce(changed."last_at", record."last_at"), "last_entry" = changed."last_entry", "first_sent_at" = changed."first_sent_at", "last_sent_at" = changed."last_sent_at", "changed_at" = coalesce(changed."changed_at", record."changed_at"), "replaced_by" = changed."replaced_by", "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_instructions, $1) AS changed
      WHERE record.book = $2 AND record."id" = changed."id"$sql$ USING _changed_instructions, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_instructions) THEN
      RAISE EXCEPTION 'instructions_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_fees IS NOT NULL THEN
    INSERT INTO ledger.ledger_fees (book, "key", "gateway", "id", "reference", "currency", "fee_minor", "tax_minor", "entry", "recorded_at", "revision")
      SELECT _book, added."key", added."gateway", added."id", added."reference", added."currency", added."fee_minor", added."tax_minor", added."entry", added."recorded_at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_fees, _new_fees) AS added;
  END IF;
  IF _changed_fees IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_fees AS record SET "gateway" = coalesce(changed."gateway", record."gateway"), "id" = coalesce(changed."id", record."id"), "reference" = coalesce(changed."reference", record."reference"), "currency" = coalesce(changed."currency", record."currency"), "fee_minor" = coalesce(changed."fee_minor", record."fee_minor"), "tax_minor" = coalesce(changed."tax_minor", record."tax_minor"), "entry" = coalesce(changed."entry", record."entry"), "recorded_at" = coalesce(changed."recorded_at", record."recorded_at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_fees, $1) AS changed
      WHERE record.book = $2 AND record."key" = changed."key"$sql$ USING _changed_fees, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_fees) THEN
      RAISE EXCEPTION 'fees_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_suspense IS NOT NULL THEN
    INSERT INTO ledger.ledger_suspense (book, "id", "gateway", "reference", "escrow", "instruction", "currency", "amount_minor", "remaining_minor", "reason", "state", "entry", "recorded_at", "revision")
      SELECT _book, added."id", added."gateway", added."reference", added."escrow", added."instruction", added."currency", added."amount_minor", added."remaining_minor", added."reason", added."state", added."entry", added."recorded_at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_suspense, _new_suspense) AS added;
  END IF;
  IF _changed_suspense IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_suspense AS record SET "gateway" = coalesce(changed."gateway", record."gateway"), "reference" = changed."reference", "escrow" = changed."escrow", "instruction" = changed."instruction", "currency" = coalesce(changed."currency", record."currency"), "amount_minor" = coalesce(changed."amount_minor", record."amount_minor"), "remaining_minor" = coalesce(changed."remaining_minor", record."remaining_minor"), "reason" = coalesce(changed."reason", record."reason"), "state" = coalesce(changed."state", record."state"), "entry" = coalesce(changed."entry", record."entry"), "recorded_at" = coalesce(changed."recorded_at", record."recorded_at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_suspense, $1) AS changed
      WHERE record.book = $2 AND record."id" = changed."id"$sql$ USING _changed_suspense, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_suspense) THEN
      RAISE EXCEPTION 'suspense_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_restrictions IS NOT NULL THEN
    INSERT INTO ledger.ledger_restrictions (book, "code", "frozen", "closed", "reason", "revision")
      SELECT _book, added."code", added."frozen", added."closed", added."reason", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_restrictions, _new_restrictions) AS added;
  END IF;
  IF _changed_restrictions IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_restrictions AS record SET "frozen" = changed."frozen", "closed" = coalesce(changed."closed", record."closed"), "reason" = changed."reason", "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_restrictions, $1) AS changed
      WHERE record.book = $2 AND record."code" = changed."code"$sql$ USING _changed_restrictions, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_restrictions) THEN
      RAISE EXCEPTION 'restrictions_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_reversals IS NOT NULL THEN
    INSERT INTO ledger.ledger_reversals (book, "key", "entry", "sequence", "reversal", "revision")
      SELECT _book, added."key", added."entry", added."sequence", added."reversal", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_reversals, _new_reversals) AS added;
  END IF;
  IF _changed_reversals IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_reversals AS record SET "entry" = coalesce(changed."entry", record."entry"), "sequence" = coalesce(changed."sequence", record."sequence"), "reversal" = coalesce(changed."reversal", record."reversal"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_reversals, $1) AS changed
      WHERE record.book = $2 AND record."key" = changed."key"$sql$ USING _changed_reversals, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_reversals) THEN
      RAISE EXCEPTION 'reversals_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_exchanges IS NOT NULL THEN
    INSERT INTO ledger.ledger_exchanges (book, "key", "instruction", "attempt", "sequence", "method", "path", "request", "status", "answer", "request_id", "error", "at", "revision")
      SELECT _book, added."key", added."instruction", added."attempt", added."sequence", added."method", added."path", added."request", added."status", added."answer", added."request_id", added."error", added."at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_exchanges, _new_exchanges) AS added;
  END IF;
  IF _changed_exchanges IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_exchanges AS record SET "instruction" = coalesce(changed."instruction", record."instruction"), "attempt" = coalesce(changed."attempt", record."attempt"), "sequence" = coalesce(changed."sequence", record."sequence"), "method" = coalesce(changed."method", record."method"), "path" = coalesce(changed."path", record."path"), "request" = changed."request", "status" = changed."status", "answer" = changed."answer", "request_id" = changed."request_id", "error" = changed."error", "at" = coalesce(changed."at", record."at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_exchanges, $1) AS changed
      WHERE record.book = $2 AND record."key" = changed."key"$sql$ USING _changed_exchanges, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_exchanges) THEN
      RAISE EXCEPTION 'exchanges_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_webhooks IS NOT NULL THEN
    INSERT INTO ledger.ledger_webhooks (book, "id", "same_as", "gateway", "type", "state", "body", "subjects", "reason", "attempts", "next_at", "occurred_at", "received_at", "changed_at", "revision")
      SELECT _book, added."id", added."same_as", added."gateway", added."type", added."state", added."body", added."subjects", added."reason", added."attempts", added."next_at", added."occurred_at", added."received_at", added."changed_at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_webhooks, _new_webhooks) AS added;
  END IF;
  IF _changed_webhooks IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_webhooks AS record SET "same_as" = changed."same_as", "gateway" = coalesce(changed."gateway", record."gateway"), "type" = changed."type", "state" = coalesce(changed."state", record."state"), "body" = coalesce(changed."body", record."body"), "subjects" = coalesce(changed."subjects", record."subjects"), "reason" = changed."reason", "attempts" = coalesce(changed."attempts", record."attempts"), "next_at" = changed."next_at", "occurred_at" = changed."occurred_at", "received_at" = coalesce(changed."received_at", record."received_at"), "changed_at" = coalesce(changed."changed_at", record."changed_at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_webhooks, $1) AS changed
      WHERE record.book = $2 AND record."id" = changed."id"$sql$ USING _changed_webhooks, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_webhooks) THEN
      RAISE EXCEPTION 'webhooks_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_movements IS NOT NULL THEN
    INSERT INTO ledger.ledger_movements (book, "key", "kind", "gateway", "reference", "bank", "matches", "currency", "amount_minor", "fee_minor", "tax_minor", "state", "entry", "last_entry", "recorded_at", "revision")
      SELECT _book, added."key", added."kind", added."gateway", added."reference", added."bank", added."matches", added."currency", added."amount_minor", added."fee_minor", added."tax_minor", added."state", added."entry", added."last_entry", added."recorded_at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_movements, _new_movements) AS added;
  END IF;
  IF _changed_movements IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_movements AS record SET "kind" = coalesce(changed."kind", record."kind"), "gateway" = coalesce(changed."gateway", record."gateway"), "reference" = coalesce(changed."reference", record."reference"), "bank" = changed."bank", "matches" = changed."matches", "currency" = coalesce(changed."currency", record."currency"), "amount_minor" = coalesce(changed."amount_minor", record."amount_minor"), "fee_minor" = coalesce(changed."fee_minor", record."fee_minor"), "tax_minor" = coalesce(changed."tax_minor", record."tax_minor"), "state" = coalesce(changed."state", record."state"), "entry" = changed."entry", "last_entry" = changed."last_entry", "recorded_at" = coalesce(changed."recorded_at", record."recorded_at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_movements, $1) AS changed
      WHERE record.book = $2 AND record."key" = changed."key"$sql$ USING _changed_movements, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_movements) THEN
      RAISE EXCEPTION 'movements_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _new_clawbacks IS NOT NULL THEN
    INSERT INTO ledger.ledger_clawbacks (book, "key", "kind", "gateway", "reference", "payment", "currency", "taken_minor", "state", "escrow", "suspense", "last_entry", "recorded_at", "revision")
      SELECT _book, added."key", added."kind", added."gateway", added."reference", added."payment", added."currency", added."taken_minor", added."state", added."escrow", added."suspense", added."last_entry", added."recorded_at", added."revision" FROM json_populate_recordset(NULL::ledger.ledger_clawbacks, _new_clawbacks) AS added;
  END IF;
  IF _changed_clawbacks IS NOT NULL THEN
    EXECUTE $sql$UPDATE ledger.ledger_clawbacks AS record SET "kind" = coalesce(changed."kind", record."kind"), "gateway" = coalesce(changed."gateway", record."gateway"), "reference" = coalesce(changed."reference", record."reference"), "payment" = coalesce(changed."payment", record."payment"), "currency" = coalesce(changed."currency", record."currency"), "taken_minor" = coalesce(changed."taken_minor", record."taken_minor"), "state" = coalesce(changed."state", record."state"), "escrow" = changed."escrow", "suspense" = changed."suspense", "last_entry" = changed."last_entry", "recorded_at" = coalesce(changed."recorded_at", record."recorded_at"), "revision" = coalesce(changed."revision", record."revision")
      FROM json_populate_recordset(NULL::ledger.ledger_clawbacks, $1) AS changed
      WHERE record.book = $2 AND record."key" = changed."key"$sql$ USING _changed_clawbacks, _book;
    GET DIAGNOSTICS _count = ROW_COUNT;
    IF _count <> json_array_length(_changed_clawbacks) THEN
      RAISE EXCEPTION 'clawbacks_missing' USING ERRCODE = 'no_data_found';
    END IF;
  END IF;
  IF _events IS NOT NULL THEN
    INSERT INTO ledger.ledger_events (book, "escrow", "sequence", "command", "actor", "at", "recorded_at", "detail", "entries")
      SELECT _book, added."escrow", added."sequence", added."command", added."actor", added."at", added."recorded_at", added."detail", added."entries" FROM json_populate_recordset(NULL::ledger.ledger_events, _events) AS added;
  END IF;
  IF cardinality(_key_key_hash) > 0 THEN
    INSERT INTO ledger.ledger_idempotency_keys (book, "key_hash", "fingerprint", "entry", "result")
      SELECT _book, added."key_hash", added."fingerprint", added."entry", added."result" FROM unnest(_key_key_hash, _key_fingerprint, _key_entry, _key_result) AS added("key_hash", "fingerprint", "entry", "result");
  END IF;
  RETURN 'persisted';
END
$function$;

CREATE OR REPLACE FUNCTION ledger.ledger_refuse()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$function$;

CREATE TRIGGER ledger_accounts_identity BEFORE UPDATE OF account, book, code, currency, type ON ledger.ledger_accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_refuse('account_identity_is_fixed');

CREATE TRIGGER ledger_accounts_stay BEFORE DELETE OR TRUNCATE ON ledger.ledger_accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_refuse('accounts_are_never_deleted');

CREATE TRIGGER ledger_entries_check AFTER INSERT ON ledger.ledger_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_check_entries();

CREATE TRIGGER ledger_entries_unchanging BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_refuse('entries_are_append_only');

CREATE TRIGGER ledger_events_unchanging BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.ledger_events FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_refuse('events_are_append_only');

CREATE TRIGGER ledger_idempotency_keys_unchanging BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.ledger_idempotency_keys FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_refuse('idempotency_keys_are_append_only');

CREATE TRIGGER ledger_postings_check AFTER INSERT ON ledger.ledger_postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_check_postings();

CREATE TRIGGER ledger_postings_unchanging BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.ledger_postings FOR EACH STATEMENT EXECUTE FUNCTION ledger.ledger_refuse('postings_are_append_only');
