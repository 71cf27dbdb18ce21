import { invariant } from '../errors/index.js'
import { createWorking } from '../journal/working.js'
import { find, persist, type Work } from '../storage/index.js'
import { decideBatch, type Fate, type Surroundings } from './decide-batch.js'
import { type Firsts, loadReplayed, noFirsts } from './first-result.js'
import { loadNeeds, sortedUnique } from './load-needs.js'
import type { Outcome, Request } from './request.js'

/** What a batch is told, and tells, besides its requests. */
export interface Attempt {
  readonly firsts?: Firsts | undefined
  /** Called with what the callers will be answered, before it is sent: the answer of the commit may be lost. */
  readonly told?: ((fates: readonly Fate[]) => void) | undefined
}

/**
 * The locked path, one unit of work: load and lock what the requests need, look their keys up, decide them in their
 * order, and persist the whole.
 */
export function* commitBatch(
  requests: readonly Request[],
  surroundings: Surroundings,
  { firsts = noFirsts, told }: Attempt = {},
): Work<readonly Fate[]> {
  const records = yield* loadNeeds(requests, surroundings.gateways)
  const known = yield* find(sortedUnique(requests.map((request) => request.key)))
  const replayed = yield* loadReplayed(known)
  const { fates, changes } = decideBatch(requests, { records, known, replayed, firsts }, surroundings)
  told?.(fates)
  if (changes) {
    const answer = yield* persist(changes, null, { ends: true })
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
