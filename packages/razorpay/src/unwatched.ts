import { setMaxListeners } from 'node:events'
import type { CallContext } from 'escrow-ledger'

const { signal } = new AbortController()
// Any number of requests may be under way with it.
setMaxListeners(0, signal)

/** For calls that a host makes by itself: nothing ends them but their timeout, and nothing is kept of them. */
export const unwatched: CallContext = { signal, now: Date.now, record: () => {} }
