import { invariant, ledgerError } from '../errors/index.js'
import type { Entry } from '../journal/entry.js'
import { decodeResult, encodeResult, type KeyRecord, load, type Work } from '../storage/index.js'
import { sameFingerprint } from './fingerprint.js'
import { loadKeysOf } from './load-needs.js'
import type { Outcome, Request } from './request.js'

/**
 * What requests were to be answered when the answer of their commit was lost. One of them that is found by its key was
 * committed then, so its caller gets it as the first result.
 */
export type Firsts = ReadonlyMap<Request, Outcome<unknown>>

export const noFirsts: Firsts = new Map()

interface StoredResult {
  readonly result?: unknown
  readonly entries: readonly string[]
}

/** The first result in the form in which it is kept: the entry alone where there is nothing else to say. */
export function keyRecordOf(request: Request, outcome: Outcome<unknown>): KeyRecord {
  const { key, fingerprint } = request
  const [entry] = outcome.entries
  const only = outcome.result === undefined && outcome.entries.length === 1 && entry ? entry.id : null
  if (only) return { key, fingerprint, entry: only, result: null }
  const result = encodeResult({ result: outcome.result, entries: outcome.entries.map((each) => each.id) })
  return { key, fingerprint, entry: null, result }
}

function storedResultOf(record: KeyRecord): StoredResult {
  if (record.entry !== null) return { entries: [record.entry] }
  invariant(record.result !== null, 'a key keeps an entry or a result')
  return decodeResult(record.result) as StoredResult
}

/** Throws `idempotency_key_reused`. */
export function checkSameRequest(request: Request, record: KeyRecord): void {
  if (sameFingerprint(record.fingerprint, request.fingerprint)) return
  throw ledgerError(
    'idempotency_key_reused',
    `The idempotency key "${request.key}" was used for another request. Use a new key for a new request.`,
    { idempotencyKey: request.key },
  )
}

/** Answers what is known under a request's key. */
export function replay(
  request: Request,
  record: KeyRecord,
  { replayed, firsts }: { replayed: ReadonlyMap<string, Entry>; firsts: Firsts },
): Outcome<unknown> {
  checkSameRequest(request, record)
  const stored = storedResultOf(record)
  const entries = stored.entries.map((id) => {
    const entry = replayed.get(id)
    invariant(entry, `entry ${id} of a stored result exists`)
    return entry
  })
  const first = firsts.get(request)
  return {
    result: stored.result,
    entries,
    replayed: first && sameEntries(first.entries, entries) ? first.replayed : true,
  }
}

/** Ids stay with a request over every attempt, so an entry of the same id is the one that this request made. */
function sameEntries(left: readonly Entry[], right: readonly Entry[]): boolean {
  return left.length === right.length && left.every((entry, index) => entry.id === right[index]?.id)
}

/** A first result that cannot be read here, as one in a unit that was never registered, is its own call's trouble alone. */
function entryIdsOf(record: KeyRecord): readonly string[] {
  try {
    return storedResultOf(record).entries
  } catch {
    return []
  }
}

/** Loads the entries of the first results that will be answered again. */
export function* loadReplayed(known: ReadonlyMap<string, KeyRecord>): Work<ReadonlyMap<string, Entry>> {
  const ids = [...known.values()].flatMap(entryIdsOf)
  if (ids.length === 0) return new Map()
  const { entries } = yield* load(loadKeysOf([{ entries: ids }]))
  return new Map([...entries].flatMap(([id, entry]) => (entry ? [[id, entry] as const] : [])))
}
