import { entries, postings } from '@escrow-ledger/sql'
import { equals } from './query.js'
import { SCHEMA } from './schema-name.js'

/**
 * The last of an account's versions whose time is at most this; 0 where there is none. Its time is when it was recorded,
 * or the latest effective time so far: neither goes back from one version to the next. It looks at as many postings as
 * the count of versions has bits, in one round trip. The settings hold for what is planned in it, since a plan that was
 * made while the tables were empty would read them from end to end for as long as the connection lives.
 */
export const versionSearch: readonly string[] = [
  `CREATE FUNCTION ${SCHEMA}.ledger_last_version(
  of_book bigint, of_account bigint, last_version bigint, by_effect boolean, at_most bigint
) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
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
    FROM ${SCHEMA}.${postings.name} AS posting
    CROSS JOIN LATERAL (SELECT entry.recorded_at, entry.effective_at FROM ${SCHEMA}.${entries.name} AS entry
      WHERE entry.book = of_book AND ${equals('entry.id', 'posting.entry')} ORDER BY entry.id LIMIT 1) AS entry
    WHERE posting.book = of_book AND posting.account = of_account AND ${equals('posting.version', 'middle')}
    ORDER BY posting.version LIMIT 1;
    IF found_at <= at_most THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $$`,
]
