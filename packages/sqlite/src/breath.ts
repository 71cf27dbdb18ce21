import type { Runtime } from 'escrow-ledger'

/** How long reads go on without letting the event loop go round: below what anybody notices of a server. */
const LONGEST_MS = 5

/** Lets the event loop go round where reads, each of which answers at once, have kept it for long. Never within a transaction of the host's. */
export type Breath = () => Promise<void>

/** One for all reads of a storage. After a pause it lets the loop go round once for nothing, which costs little. */
export function createBreath(runtime: Runtime): Breath {
  let last = -Infinity
  return async () => {
    if (runtime.elapsed() - last < LONGEST_MS) return
    await runtime.yield()
    last = runtime.elapsed()
  }
}
