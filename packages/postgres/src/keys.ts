import { hash } from 'node:crypto'
import { idempotencyKeys } from '@escrow-ledger/sql'
import type { KeyRecord } from 'escrow-ledger'
import { columnOf } from './arrays.js'
import { bytesOfDigest } from './digests.js'
import { SCHEMA } from './schema-name.js'
import type { Unit } from './unit.js'

const HASH_BYTES = 16

const byHashes = `SELECT wanted.nth, key.fingerprint, key.entry, key.result
  FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(key_hash, nth) CROSS JOIN LATERAL (
    SELECT fingerprint, entry, result FROM ${SCHEMA}.${idempotencyKeys.name}
      WHERE book = $1 AND key_hash = wanted.key_hash LIMIT 1) AS key`

/** The first 16 bytes of SHA-256 of a key. */
export function hashOfKey(key: string): Buffer {
  // As a text first, since a buffer of its own for every hash costs more than to copy the bytes.
  return Buffer.from(hash('sha256', key, 'binary').slice(0, HASH_BYTES), 'latin1')
}

/** The keys of these that are known, with what their commands gave. */
export async function findKeys(
  { statements, book }: Pick<Unit, 'statements' | 'book'>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, KeyRecord>> {
  const found = new Map<string, KeyRecord>()
  if (keys.length === 0) return found
  const rows = await statements.rows(byHashes, [book, columnOf(keys, hashOfKey, 'uuid[]')])
  for (const [nth, fingerprint, entry, result] of rows) {
    const key = keys[Number(nth) - 1] as string
    found.set(key, {
      key,
      fingerprint: bytesOfDigest(fingerprint as string),
      entry: entry as string | null,
      result: result as string | null,
    })
  }
  return found
}
