import type { Principal } from './principal.js'

/** One request as it was answered: no secrets, no bodies. */
export interface Answered {
  readonly requestId: string
  /** The operation's id; null where no route fitted. */
  readonly operation: string | null
  readonly method: string
  /** The route's pattern, such as `/sessions/{id}`: not the path, which names people. */
  readonly route: string | null
  readonly status: number
  /** The problem's code, where it is one. */
  readonly code: string | null
  readonly principal: Pick<Principal, 'id' | 'roles'> | null
  /** Ids of the journal entries that the request posted. */
  readonly entries: readonly string[]
  readonly replayed: boolean
  readonly ms: number
}

/** A request before anything was done about it. Its headers hold credentials, which belong in no trace. */
export interface Beginning extends Pick<Answered, 'requestId' | 'operation' | 'method' | 'route'> {
  readonly headers: Headers
}

/** Told of every request. Must not throw; what it throws is ignored. */
export interface Observer {
  /** Wraps the work on a request, so that a trace can span it. */
  around?(about: Beginning, work: () => Promise<Response>): Promise<Response>
  answered?(answered: Answered): void
  /** Told of what is a bug, here or in the host: answered 500, without its words. Sentry's `captureException`, say. */
  failed?(error: unknown, about: { readonly requestId: string; readonly operation: string | null }): void
}

/** The part of pino's logger that is used; the console has it as well. */
export interface Logger {
  info(about: object, message: string): void
  warn(about: object, message: string): void
  error(about: object, message: string): void
}
