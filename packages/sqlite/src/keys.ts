import { hash } from 'node:crypto'
import { entries, idempotencyKeys, type SqlValue } from '@escrow-ledger/sql'
import { invariant, type KeyRecord } from 'escrow-ledger'
import { bookOf } from './books.js'
import { bytesOfId, idOfBytes } from './ids.js'
import { insertionInto, insertRows } from './insert-rows.js'
import type { Unit } from './unit.js'

const HASH_BYTES = 16

const byHash = `SELECT fingerprint, entry, result FROM ${idempotencyKeys.name} WHERE book = ? AND key_hash = ?`
const idOfEntry = `SELECT id FROM ${entries.name} WHERE seq = ?`
const insertKeys = insertionInto(idempotencyKeys.name, ['book', 'key_hash', 'fingerprint', 'entry', 'result'])
const numberOfEntry = `SELECT seq FROM ${entries.name} WHERE book = ? AND id = ?`

function hashOf(unit: Unit, key: string): Buffer {
  const known = unit.hashes.get(key)
  if (known) return known
  // As a text first, since a buffer of its own for every hash costs more than to copy the bytes.
  const made = Buffer.from(hash('sha256', key, 'binary').slice(0, HASH_BYTES), 'latin1')
  unit.hashes.set(key, made)
  return made
}

/** The keys of these that are known, with what their commands gave. */
export function findKeys(unit: Unit, keys: readonly string[]): ReadonlyMap<string, KeyRecord> {
  const found = new Map<string, KeyRecord>()
  const stored = bookOf(unit)
  if (stored === null) return found
  const reader = unit.statements.read(byHash)
  for (const key of keys) {
    const row = reader.get(stored.number, hashOf(unit, key))
    if (!row) continue
    const [fingerprint, entry, result] = row
    found.set(key, {
      key,
      fingerprint: fingerprint as Uint8Array,
      entry: entry === null ? null : storedId(unit, entry as bigint),
      result: result as string | null,
    })
  }
  return found
}

/** Writes keys; `numbers` are those of the entries written with them. */
export function writeKeys(
  unit: Unit,
  book: number,
  { keys, numbers }: { keys: readonly KeyRecord[]; numbers: ReadonlyMap<string, number> },
): void {
  const rows: SqlValue[] = []
  for (const { key, fingerprint, entry, result } of keys) {
    const number = entry === null ? null : (numbers.get(entry) ?? storedNumber(unit, book, entry))
    rows.push(book, hashOf(unit, key), fingerprint, number, result)
  }
  insertRows(unit.statements, insertKeys, rows)
}

/** The id of an entry by its number. */
function storedId(unit: Unit, seq: bigint): string {
  const row = unit.statements.read(idOfEntry).get(seq)
  invariant(row, `entry ${seq} of an idempotency key exists`)
  return idOfBytes(row[0] as Uint8Array)
}

/** The number of an entry that was there before: the result of a request that repeats an earlier one. */
function storedNumber(unit: Unit, book: number, entry: string): number {
  const row = unit.statements.read(numberOfEntry).get(book, bytesOfId(entry))
  invariant(row, `entry ${entry} of an idempotency key exists`)
  return Number(row[0])
}
