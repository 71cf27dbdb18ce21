/** Everything that the library takes from the platform. Replace any of it to make a run repeatable. */
export interface Runtime {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds on a clock that never goes back, for measuring. */
  readonly elapsed: () => number
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal | undefined) => Promise<void>
  /** Resolves after the event loop has served what was waiting. */
  readonly yield: () => Promise<void>
  /** So many random bytes. */
  readonly random: (bytes: number) => Uint8Array
}
