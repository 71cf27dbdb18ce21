import type { Principal } from './principal.js'
import type { Problem } from './problem.js'

/** What is known of a request before its body is read. */
export interface Asking {
  /** The operation's id, such as `sessions.complete`. */
  readonly operation: string
  /** Null on routes without user authentication, such as webhooks. */
  readonly principal: Principal | null
  /** Where the request comes from, as the mount found out; null where it does not say. */
  readonly address: string | null
  /** Milliseconds since 1970: the ledger's clock. */
  readonly now: number
}

/** A rule of the host's or of this package's that may refuse a request: null lets it pass. */
export type Policy = (asking: Asking) => Promise<Problem | null> | Problem | null

/** What is left of a rate limit, as the standard headers tell it. */
export interface RateState {
  readonly limit: number
  readonly remaining: number
  /** Seconds until it is whole again. */
  readonly resetSeconds: number
  readonly exceeded: boolean
}

/** Counts a request; null where nothing limits it. The tightest of several limits is answered. */
export interface RateLimiter {
  take(asking: Asking): Promise<RateState | null>
}
