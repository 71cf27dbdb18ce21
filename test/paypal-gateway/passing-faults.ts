import type { Fault } from '@escrow-ledger/sandbox'

/** One of each that a gateway gets over: before or after the effect, or with an answer of no use. */
export const passingFaults: readonly Fault[] = [
  { kind: 'resetBefore' },
  { kind: 'resetAfter' },
  { kind: 'errorAfter', status: 500 },
  { kind: 'unreadable' },
  { kind: 'rateLimited', retryAfterS: 5 },
]
