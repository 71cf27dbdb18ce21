import type { Ledger } from 'escrow-ledger'
import type { Logger, Observer } from './observer.js'
import type { Policy, RateLimiter } from './policy.js'
import type { Authenticate } from './principal.js'

export interface HandlerOptions {
  readonly ledger: Ledger
  readonly authenticate: Authenticate
  /** The path that the routes stand below, such as `/api`; none unless it is given. Mounts strip their own. */
  readonly basePath?: string | undefined
  /**
   * Where clients reach the routes, for the `servers` of the OpenAPI document: addresses, or paths of the document's own host.
   * Unless it is given the document says `basePath`, and when it is asked for through a mount that says where it stands, that.
   */
  readonly servers?: readonly string[] | undefined
  /** The book that requests work on; the ledger's own unless it is given. */
  readonly book?: string | undefined
  readonly policies?: readonly Policy[] | undefined
  readonly limiter?: RateLimiter | undefined
  readonly logger?: Logger | undefined
  readonly observers?: readonly Observer[] | undefined
  readonly limits?:
    | {
        /** Of a request's body; 65,536 unless it is given. Webhooks may have 1,048,576. */
        readonly bodyBytes?: number | undefined
        /** How deep arrays and objects may nest; 12 unless it is given. */
        readonly jsonDepth?: number | undefined
        /** How long reading a body may take; 10,000 unless it is given. */
        readonly readMs?: number | undefined
        /** How long a request may take in all; 30,000 unless it is given. */
        readonly timeoutMs?: number | undefined
      }
    | undefined
}

/** What the mount knows of a request and a `Request` does not say. */
export interface RequestContext {
  /** The client's address; the host says which proxies it trusts. */
  readonly address?: string | null | undefined
  /** The path that it has cut off, such as `/api`. */
  readonly mount?: string | undefined
}

/** Answers requests. Never rejects. */
export interface Handler {
  (request: Request, context?: RequestContext): Promise<Response>
  /** The OpenAPI 3.1 document of its routes. */
  readonly openapi: object
  /** Refuses new requests with 503, and resolves when those under way are answered. */
  drain(): Promise<void>
}
