import { LedgerError, ledgerError } from '../errors/index.js'
import type { Fate } from './decide-batch.js'
import { type Firsts, noFirsts } from './first-result.js'
import type { Waiting } from './queue.js'
import type { Outcome, Request } from './request.js'

/** A batch whose COMMIT was sent and whose answer was lost. Keys and ids stay with its calls, so it can be tried again. */
export interface LostCommit {
  readonly batch: readonly Waiting[]
  readonly firsts: Firsts
  /** How often it was tried again. */
  readonly tries: number
}

export function isUnknown(error: unknown): boolean {
  return error instanceof LedgerError && error.code === 'outcome_unknown'
}

/** `fates` is what the calls would have been answered; `before`, what was lost of them already. */
export function lostCommit(of: {
  readonly batch: readonly Waiting[]
  readonly error: unknown
  readonly fates: readonly Fate[]
  readonly before?: LostCommit | undefined
}): LostCommit {
  const { batch, fates, before } = of
  const firsts = new Map<Request, Outcome<unknown>>(before?.firsts ?? noFirsts)
  for (const [index, { request }] of batch.entries()) {
    const fate = fates[index]
    if (fate?.fate === 'done') firsts.set(request, fate.outcome)
  }
  return { batch, firsts, tries: before ? before.tries + 1 : 0 }
}

/** Tells each caller its own key, since a storage knows the keys of a whole batch. */
export function giveUp({ batch }: LostCommit, cause: unknown): void {
  const message =
    'The answer of the commit was lost, so it is not known whether this was carried out. Call again under the same idempotency key.'
  for (const { request, reject } of batch) {
    reject(ledgerError('outcome_unknown', message, { idempotencyKey: request.key }, { cause }))
  }
}

const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 2_000

/** How long to wait before the next try: ever longer, with jitter so that processes do not march in step. */
export function waitBefore({ tries }: LostCommit, random: (bytes: number) => Uint8Array): number {
  if (tries === 0) return 0
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1))
  const [byte = 0] = random(1)
  return longest * (0.5 + byte / 510)
}
