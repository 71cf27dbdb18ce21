import type { BookLedger, Ledger } from 'escrow-ledger'
import type { z } from 'zod'
import type { OperationId } from './access.js'
import type { Principal, Role } from './principal.js'

/** A request after everything that is the same for all routes has been done. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly ledger: BookLedger
  /** The ledger itself, for health and the clock. */
  readonly whole: Ledger
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Null on open operations. */
  readonly principal: Principal | null
  /** What goes with every command: the principal's own idempotency key, the actor, the deadline. */
  readonly options: {
    readonly idempotencyKey?: string | undefined
    readonly actor: string
    readonly signal: AbortSignal
  }
  readonly headers: Headers
  readonly rawBody: Uint8Array
  /** The path that the mount has cut off; empty where it did not say. */
  readonly mount: string
}

export interface Reply {
  /** Made into JSON by way of the route's answer schema; null for 204. */
  readonly body: unknown
  /** 200 unless it is given. */
  readonly status?: number | undefined
  /** Ids of the entries that were posted, for the logs. */
  readonly entries?: readonly string[] | undefined
  readonly replayed?: boolean | undefined
}

/** Somebody to whom the thing that a request names belongs. */
export interface Owner {
  readonly role: Extract<Role, 'payer' | 'payee'>
  readonly id: string
}

/** One operation, declared in one place: the router, the checks and the OpenAPI document are made from it. */
export interface Route<Params = unknown, Query = unknown, Body = unknown> {
  readonly operation: OperationId
  readonly method: 'GET' | 'POST'
  /** Below the base path, with parameters as `{id}`. */
  readonly path: string
  readonly summary: string
  readonly description?: string | undefined
  readonly tag: string
  readonly params?: z.ZodType<Params> | undefined
  readonly query?: z.ZodType<Query> | undefined
  readonly body?: z.ZodType<Body> | undefined
  readonly answer: z.ZodType
  /** Whether it moves money, so that `Idempotency-Key` is required. */
  readonly movesMoney: boolean
  /** Whether the body is taken as bytes alone, as webhooks need it. */
  readonly raw?: boolean | undefined
  /** To whom that which the request names belongs. Throws the ledger's own `…_not_found` where it is not there. */
  readonly owners?: ((call: Call<Params, Query, Body>) => Promise<readonly Owner[]>) | undefined
  readonly handle: (call: Call<Params, Query, Body>) => Promise<Reply>
}

/** Keeps the types of a route's schemas and its functions together, then forgets them, so that routes fit one list. */
export function route<Params, Query, Body>(declared: Route<Params, Query, Body>): Route {
  return declared as unknown as Route
}
