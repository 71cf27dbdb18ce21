import type { SandboxClock } from '@escrow-ledger/sandbox'

const EVERY_MS = 250

/** Lets the sandbox's clock go with the real one, besides what a person lets pass at once. */
export function followTime(clock: SandboxClock): { stop(): void } {
  let last = performance.now()
  const timer = setInterval(() => {
    const passed = Math.floor(performance.now() - last)
    last += passed
    void clock.advance(passed)
  }, EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
