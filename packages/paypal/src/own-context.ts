import type { CallContext } from 'escrow-ledger'

/** What a host may say of a call that it makes beside the port: all of it may be left out. */
export type OwnContext = Partial<CallContext> | undefined

/** The context of a call that the ledger does not make. */
export function ownContext(given: OwnContext, deadlineMs: number): CallContext {
  return {
    signal: given?.signal ?? AbortSignal.timeout(deadlineMs),
    now: given?.now ?? Date.now,
    record: given?.record ?? (() => {}),
  }
}
