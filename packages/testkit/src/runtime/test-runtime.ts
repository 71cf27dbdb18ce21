import type { Runtime } from 'escrow-ledger'

export interface TestRuntimeOptions {
  /** What the clock says at first, in milliseconds since 1970 or as a `Date`. Default 2026-01-01T00:00:00Z. */
  readonly start?: number | Date | undefined
  /** The same seed gives the same random bytes. Default 1. */
  readonly seed?: number | undefined
  /**
   * What a sleep does. `advances` (default): it moves the clock to when it would wake, and resolves after the event loop
   * has served what was waiting; of several sleepers the one that wakes first goes first. `waits`: it resolves when the
   * test moves the clock that far, and never by itself.
   */
  readonly sleep?: 'advances' | 'waits' | undefined
}

/** A runtime whose clock stands still until it is moved, and whose randomness is the same in every run. */
export interface TestRuntime extends Runtime {
  /** Sets the clock, back as well. `elapsed` goes along when it goes forward, and stays when it goes back. */
  set(now: number | Date): void
  /** Moves the clock forward. Throws a `RangeError` for a negative time. */
  advance(ms: number): void
  /** How many sleeps are under way. */
  readonly sleeping: () => number
}

interface Sleeper {
  readonly wakeAt: number
  readonly wake: () => void
}

const DEFAULT_START = Date.UTC(2026, 0, 1)

/** Makes a run repeatable: pass it as the `runtime` of a storage or a ledger. */
export function createTestRuntime(options: TestRuntimeOptions = {}): TestRuntime {
  const { start = DEFAULT_START, seed = 1, sleep: mode = 'advances' } = options
  const nextByte = createBytes(seed)
  const sleepers = new Set<Sleeper>()
  let now = millisecondsOf(start)
  let elapsed = 0

  function move(ms: number): void {
    now += ms
    elapsed += Math.max(0, ms)
    for (const sleeper of inOrder(sleepers)) if (sleeper.wakeAt <= elapsed) sleeper.wake()
  }

  function wakeFirst(): void {
    const [first] = inOrder(sleepers)
    if (first) move(Math.max(0, first.wakeAt - elapsed))
  }

  return {
    now: () => now,
    elapsed: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { wakeAt: elapsed + Math.max(0, ms), wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
        if (mode === 'advances') setImmediate(wakeFirst)
        else if (ms <= 0) setImmediate(() => move(0))
      }),
    yield: () => new Promise((resolve) => setImmediate(resolve)),
    random: (bytes) => Uint8Array.from({ length: bytes }, nextByte),
    set: (at) => move(millisecondsOf(at) - now),
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`The clock advances by zero or more milliseconds, not by ${ms}.`)
      move(ms)
    },
    sleeping: () => sleepers.size,
  }
}

function inOrder(sleepers: Iterable<Sleeper>): Sleeper[] {
  return [...sleepers].sort((left, right) => left.wakeAt - right.wakeAt)
}

function millisecondsOf(time: number | Date): number {
  return typeof time === 'number' ? time : time.getTime()
}

/** Bytes of the generator mulberry32: nothing secret comes of them, and they pass the usual tests of randomness. */
function createBytes(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 16) & 0xff
  }
}
