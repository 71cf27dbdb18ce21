import type { CallContext } from 'escrow-ledger'

/** For calls that a host makes by itself: nothing ends them but their timeout, and nothing is kept of them. */
export const unwatched: CallContext = {
  signal: new AbortController().signal,
  now: Date.now,
  record: () => {},
}
