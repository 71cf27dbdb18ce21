import { invariant } from '../errors/index.js'
import type { GatewayDirectory } from '../journal/working.js'
import type { Ahead, KeyRecord, Loaded, LoadKeys, Work } from '../storage/index.js'
import type { Basis } from './decide-batch.js'
import { loadReplayed, noFirsts } from './first-result.js'
import type { Held } from './held.js'
import { loadKeysOf, loadNeeds, sortedUnique } from './load-needs.js'
import type { Request } from './request.js'

export interface Sources {
  readonly book: string
  readonly ahead: Ahead
  readonly held: Held
  readonly gateways: GatewayDirectory
}

/**
 * Finds what a batch needs without locking anything: from what is held, and what is missing from the storage, together
 * with the idempotency keys. Null where the batch has to be decided under locks: it needs a whole code or book, an entry
 * that it names is not there, or what was held has been dropped meanwhile.
 */
export async function gather(requests: readonly Request[], sources: Sources): Promise<Basis | null> {
  const reader = createReader(requests, sources)
  const records = await answerLoads(loadNeeds(requests, sources.gateways), reader)
  if (records === null) return null
  const known = reader.known()
  const replayed = await answerLoads(loadReplayed(known), reader)
  return replayed && { records, known, replayed, firsts: noFirsts }
}

interface Reader {
  load(keys: LoadKeys): Promise<Loaded | null>
  known(): ReadonlyMap<string, KeyRecord>
}

const noKeys: LoadKeys = loadKeysOf([])

/** Keys are looked up along with the first read, and not at all where nobody but the library can have made them. */
function createReader(requests: readonly Request[], { book, ahead, held }: Sources): Reader {
  const wanted = sortedUnique(requests.flatMap((request) => (request.ownKey ? [] : [request.key])))
  const epoch = held.epoch()
  let known: ReadonlyMap<string, KeyRecord> | null = wanted.length === 0 ? new Map() : null
  return {
    async load(keys) {
      if (keys.codes.length > 0 || keys.wholeBook) return null
      const missing = held.missing(keys)
      if (missing !== null || known === null) {
        const read = await ahead.read(book, missing ?? noKeys, known === null ? wanted : [])
        if (held.epoch() !== epoch) return null
        held.fill(read.loaded)
        known ??= read.known
      }
      const loaded = held.select(keys)
      // No revision tells that an entry has appeared, so that nothing may rest on one that was not there.
      return [...loaded.entries.values()].includes(null) ? null : loaded
    },
    known() {
      invariant(known, 'keys are looked up with the first read')
      return known
    },
  }
}

/** Drives work that only loads. */
async function answerLoads<Result>(work: Work<Result>, reader: Reader): Promise<Result | null> {
  let next = work.next()
  while (!next.done) {
    const step = next.value
    invariant(step.step === 'load', 'what a batch needs is found by loading alone')
    const loaded = await reader.load(step.keys)
    if (loaded === null) return null
    next = work.next(loaded as never)
  }
  return next.value
}
