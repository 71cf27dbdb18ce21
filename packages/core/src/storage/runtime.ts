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
  /** The platform's own SHA-256, where it has one that answers at once. The library brings one that is slower. */
  readonly sha256?: Sha256 | undefined
}

/** SHA-256 of a text's UTF-8 bytes: 32 characters, each the value of a byte. */
export type Sha256 = (text: string) => string
