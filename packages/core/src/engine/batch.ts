import { invariant, ledgerError } from '../errors/index.js'
import { type Draft, NotLoaded } from '../journal/draft.js'
import type { Entry } from '../journal/entry.js'
import { createWorking, type GatewayDirectory, type Working } from '../journal/working.js'
import { decodeResult, encodeResult, find, type KeyRecord, load, persist, type Work } from '../storage/index.js'
import { createDeferral, type Deferral } from './deferral.js'
import { sameFingerprint } from './fingerprint.js'
import { loadKeysOf, loadNeeds, sortedUnique } from './load-needs.js'
import type { Outcome, Request } from './request.js'

/** What became of one request of a batch: `deferred` asks for a place at the head of the next batch. */
export type Fate =
  | { readonly fate: 'done'; readonly outcome: Outcome<unknown> }
  | { readonly fate: 'refused'; readonly error: unknown }
  | { readonly fate: 'deferred' }

/**
 * One unit of work: load and lock what the requests need, look their keys up, decide them in their order, each on top
 * of those before it, and persist the whole. A request that is refused is refused alone.
 */
export function* commitBatch(requests: readonly Request[], { now, gateways }: Surroundings): Work<readonly Fate[]> {
  const loaded = yield* loadNeeds(requests, gateways)
  const wanted = sortedUnique(requests.map((request) => request.key))
  const known = yield* find(wanted)
  const replayed = yield* loadReplayed(known)
  const working = createWorking(loaded, gateways)
  const batch = { working, known, replayed, now: now(), keys: new Map<string, Accepted>(), deferral: createDeferral() }
  const fates = requests.map((request, index) => decideOne(request, batch, index))
  if (batch.keys.size > 0) {
    const keys = wanted.flatMap((key) => batch.keys.get(key)?.record ?? [])
    const answer = yield* persist({ ...working.changes(), keys }, null, { ends: true })
    invariant(answer === 'persisted', 'a batch decided under locks is never stale')
  }
  return fates
}

/** Decides one request on what is there, without keeping anything: the dry run of the same decide. */
export function* previewRequest(request: Request, { now, gateways }: Surroundings): Work<Outcome<unknown>> {
  const working = createWorking(yield* loadNeeds([request], gateways), gateways)
  let ids = 0
  const nextId = () => request.idAt(ids++)
  const draft = working.draft({ now: now(), actor: request.actor, nextId, repeat: () => {} })
  const result = request.decide(draft)
  return { result, entries: [...draft.posted], replayed: false }
}

/** What decide takes from outside the records. */
export interface Surroundings {
  readonly now: () => number
  readonly gateways: GatewayDirectory
}

interface Accepted {
  readonly record: KeyRecord
  readonly outcome: Outcome<unknown>
}

interface Batch {
  readonly working: Working
  readonly known: ReadonlyMap<string, KeyRecord>
  readonly replayed: ReadonlyMap<string, Entry>
  readonly now: number
  /** What this batch has accepted so far, by idempotency key. */
  readonly keys: Map<string, Accepted>
  readonly deferral: Deferral
}

function decideOne(request: Request, batch: Batch, index: number): Fate {
  if (batch.deferral.mustWait(request, batch.working)) return defer(request, batch)
  try {
    const stored = batch.known.get(request.key)
    if (stored) return { fate: 'done', outcome: replay(request, stored, batch.replayed) }
    const earlier = batch.keys.get(request.key)
    if (earlier) {
      checkSameRequest(request, earlier.record)
      return { fate: 'done', outcome: { ...earlier.outcome, replayed: true } }
    }
    return { fate: 'done', outcome: accept(request, batch) }
  } catch (error) {
    if (!(error instanceof NotLoaded)) return { fate: 'refused', error }
    // What an earlier request of this batch created names accounts that were not known when this one's were loaded.
    if (index > 0) return defer(request, batch)
    return { fate: 'refused', error: ledgerError('invariant_violated', `${request.name}: ${error.message}`) }
  }
}

function accept(request: Request, batch: Batch): Outcome<unknown> {
  let ids = 0
  let repeated: readonly Entry[] | null = null
  const draft: Draft = batch.working.draft({
    now: batch.now,
    actor: request.actor,
    nextId: () => request.idAt(ids++),
    repeat: (entries) => {
      repeated = entries
    },
  })
  const result = request.decide(draft)
  const entries = repeated ?? [...draft.posted]
  batch.working.accept()
  const outcome = { result, entries, replayed: repeated !== null }
  batch.keys.set(request.key, { record: keyRecordOf(request, outcome), outcome })
  return outcome
}

function defer(request: Request, { deferral, working }: Batch): Fate {
  deferral.defer(request, working)
  return { fate: 'deferred' }
}

function checkSameRequest(request: Request, record: KeyRecord): void {
  if (sameFingerprint(record.fingerprint, request.fingerprint)) return
  throw ledgerError(
    'idempotency_key_reused',
    `The idempotency key "${request.key}" was used for another request. Use a new key for a new request.`,
    { idempotencyKey: request.key },
  )
}

/** The first result in the form in which it is kept: the entry alone where there is nothing else to say. */
function keyRecordOf(request: Request, outcome: Outcome<unknown>): KeyRecord {
  const { key, fingerprint } = request
  const [entry] = outcome.entries
  const only = outcome.result === undefined && outcome.entries.length === 1 && entry ? entry.id : null
  if (only) return { key, fingerprint, entry: only, result: null }
  const result = encodeResult({ result: outcome.result, entries: outcome.entries.map((each) => each.id) })
  return { key, fingerprint, entry: null, result }
}

interface StoredResult {
  readonly result?: unknown
  readonly entries: readonly string[]
}

function storedResultOf(record: KeyRecord): StoredResult {
  if (record.entry !== null) return { entries: [record.entry] }
  invariant(record.result !== null, 'a key keeps an entry or a result')
  return decodeResult(record.result) as StoredResult
}

function replay(request: Request, record: KeyRecord, entries: ReadonlyMap<string, Entry>): Outcome<unknown> {
  checkSameRequest(request, record)
  const stored = storedResultOf(record)
  return {
    result: stored.result,
    entries: stored.entries.map((id) => {
      const entry = entries.get(id)
      invariant(entry, `entry ${id} of a stored result exists`)
      return entry
    }),
    replayed: true,
  }
}

/** Loads the entries of the first results that will be answered again. */
function* loadReplayed(known: ReadonlyMap<string, KeyRecord>): Work<ReadonlyMap<string, Entry>> {
  const ids = [...known.values()].flatMap((record) => storedResultOf(record).entries)
  if (ids.length === 0) return new Map()
  const { entries } = yield* load(loadKeysOf([{ entries: ids }]))
  return new Map([...entries].flatMap(([id, entry]) => (entry ? [[id, entry] as const] : [])))
}
