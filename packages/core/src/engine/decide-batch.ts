import { inTextOrder } from '../accounts/text.js'
import { invariant, ledgerError } from '../errors/index.js'
import { type Circumstances, NotLoaded } from '../journal/draft.js'
import type { Entry } from '../journal/entry.js'
import type { Records } from '../journal/records.js'
import { createWorking, type GatewayDirectory, type Working } from '../journal/working.js'
import type { ChangeSet, KeyRecord } from '../storage/index.js'
import { createDeferral, type Deferral } from './deferral.js'
import { checkSameRequest, type Firsts, keyRecordOf, replay } from './first-result.js'
import type { Outcome, Request } from './request.js'

/** What became of one request of a batch: `deferred` asks for a place at the head of the next batch. */
export type Fate =
  | { readonly fate: 'done'; readonly outcome: Outcome<unknown> }
  | { readonly fate: 'refused'; readonly error: unknown }
  | { readonly fate: 'deferred' }

/** What decide takes from outside the records. */
export interface Surroundings {
  readonly now: () => number
  readonly gateways: GatewayDirectory
}

/** Everything that is known when a batch is decided. */
export interface Basis {
  readonly records: Records
  /** The idempotency keys that are known, and the entries of their first results. */
  readonly known: ReadonlyMap<string, KeyRecord>
  readonly replayed: ReadonlyMap<string, Entry>
  /** What a commit with a lost answer would have answered. */
  readonly firsts: Firsts
}

export interface Decided {
  /** One for each request. */
  readonly fates: readonly Fate[]
  /** Null where no request was accepted. */
  readonly changes: ChangeSet | null
}

interface Accepted {
  readonly record: KeyRecord
  readonly outcome: Outcome<unknown>
}

interface Batch extends Basis {
  readonly working: Working
  readonly circumstances: CircumstancesOfBatch
  /** What this batch has accepted so far, by idempotency key. */
  readonly keys: Map<string, Accepted>
  readonly deferral: Deferral
}

/** Decides requests in their order, each on top of those before it. One that is refused is refused alone. */
export function decideBatch(requests: readonly Request[], basis: Basis, { now, gateways }: Surroundings): Decided {
  const working = createWorking(basis.records, gateways)
  const batch: Batch = {
    ...basis,
    working,
    circumstances: createCircumstances(now()),
    keys: new Map(),
    deferral: createDeferral(),
  }
  const fates = requests.map((request, index) => decideOne(request, batch, index))
  if (batch.keys.size === 0) return { fates, changes: null }
  const keys = inTextOrder(batch.keys.keys()).map((key) => (batch.keys.get(key) as Accepted).record)
  return { fates, changes: { ...working.changes(), keys } }
}

function decideOne(request: Request, batch: Batch, index: number): Fate {
  if (batch.deferral.mustWait(request, batch.working)) return defer(request, batch)
  try {
    const stored = batch.known.get(request.key)
    if (stored) return { fate: 'done', outcome: replay(request, stored, batch) }
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
    const message = `${request.name} needs ${error.what}, which it did not ask for. This is a bug in escrow-ledger: please report it.`
    return { fate: 'refused', error: ledgerError('invariant_violated', message) }
  }
}

function accept(request: Request, { working, circumstances, keys }: Batch): Outcome<unknown> {
  circumstances.begin(request)
  const draft = working.draft(circumstances)
  const result = request.decide(draft)
  const repeated = circumstances.repeated()
  const outcome = { result, entries: repeated ?? draft.posted.slice(), replayed: repeated !== null }
  working.accept()
  keys.set(request.key, { record: keyRecordOf(request, outcome), outcome })
  return outcome
}

/** The circumstances of one request after another: one object serves the whole batch. */
interface CircumstancesOfBatch extends Circumstances {
  begin(request: Request): void
  /** What the request that is being decided repeats, if anything. */
  repeated(): readonly Entry[] | null
}

function createCircumstances(now: number): CircumstancesOfBatch {
  let request: Request | null = null
  let ids = 0
  let repeated: readonly Entry[] | null = null
  return {
    now,
    get actor() {
      return request?.actor ?? null
    },
    nextId() {
      invariant(request, 'ids are made for a request')
      return request.idAt(ids++)
    },
    repeat(entries) {
      repeated = entries
    },
    begin(next) {
      request = next
      ids = 0
      repeated = null
    },
    repeated: () => repeated,
  }
}

function defer(request: Request, { deferral, working }: Batch): Fate {
  deferral.defer(request, working)
  return { fate: 'deferred' }
}
