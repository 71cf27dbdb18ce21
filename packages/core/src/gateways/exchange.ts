/** One request to a gateway and its answer. With the instruction they are kept redacted. */
export interface Exchange {
  readonly method: string
  /** The path and query, without the host. */
  readonly path: string
  readonly request: string | null
  /** Null where no answer came. */
  readonly status: number | null
  readonly answer: string | null
  readonly requestId: string | null
  /** What went wrong on the way, where something did. */
  readonly error: string | null
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What an adapter is given with every call. */
export interface CallContext {
  /** Ends the call: the deadline has passed, or the worker stops. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970: the ledger's clock. */
  readonly now: () => number
  /**
   * Keeps a request and its answer. The ledger redacts them: an adapter hands over what went over the wire, without its
   * credentials.
   */
  readonly record: (exchange: Exchange) => void
}
