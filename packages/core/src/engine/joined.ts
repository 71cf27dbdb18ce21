import { invariant, ledgerError } from '../errors/index.js'
import type { JoinedTransaction, Storage, Work } from '../storage/index.js'
import { commitBatch } from './batch.js'
import type { Fate, Surroundings } from './decide-batch.js'
import { aborted } from './queue.js'
import type { Outcome, Request } from './request.js'

/**
 * Takes part in the host's transaction. As of which moment it reads is what the host began it for: `snapshot` adds nothing.
 * Throws `invalid_input` for what is no transaction that the storage can join.
 */
export function joinTransaction(storage: Storage, transaction: object): JoinedTransaction & Pick<Storage, 'snapshot'> {
  if (storage.join) {
    const joined = storage.join(transaction)
    return { ...joined, snapshot: (read) => read(joined.reads) }
  }
  const issue = {
    path: 'storage',
    message: 'must be one that joins transactions, such as those for PostgreSQL and SQLite',
  }
  throw ledgerError('invalid_input', `The input is not valid: ${issue.path} ${issue.message}.`, { issues: [issue] })
}

interface Within {
  readonly book: string
  readonly joined: JoinedTransaction
  readonly surroundings: Surroundings
}

/**
 * Carries a request out in the host's transaction: at once and alone, a batch of one. Only so can it see what the host
 * wrote, and be taken back without the requests of others.
 */
export async function runJoined(request: Request, { book, joined, surroundings }: Within): Promise<Outcome<unknown>> {
  const [fate] = await joined.transact(book, function* (): Work<readonly Fate[]> {
    if (request.signal?.aborted) throw aborted(request)
    return yield* commitBatch([request], surroundings)
  })
  if (fate?.fate === 'refused') throw fate.error
  invariant(fate?.fate === 'done', 'a request that stands alone is decided')
  return fate.outcome
}
