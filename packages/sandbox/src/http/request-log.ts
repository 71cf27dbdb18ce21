import type { IncomingHttpHeaders } from 'node:http'
import type { Fault, GatewayName } from './faults.js'

/** A request that reached a gateway, and what became of it. */
export interface LoggedExchange {
  readonly gateway: GatewayName
  /** Undefined where the gateway has no such address. */
  readonly operation: string | undefined
  /** By the sandbox's clock, in milliseconds. */
  readonly at: number
  readonly method: string
  /** With the query. */
  readonly url: string
  /** Without credentials. */
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly fault: Fault | undefined
  /** What was sent back; undefined where the connection was cut. */
  readonly answer:
    | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
    | undefined
  /** Whether the operation ran to its end, so that it took effect unless it was refused. */
  readonly handled: boolean
  /** A mistake of the sandbox itself, which is answered with status 500. */
  readonly bug: string | undefined
}

export interface RequestLog {
  /** Oldest first; the last 20,000 are kept. */
  all(): readonly LoggedExchange[]
  clear(): void
  /** For the server. */
  add(exchange: LoggedExchange): void
}

const most = 20_000

/** Keeps what passed between clients and gateways, so that tests can hold it against the contracts. */
export function createRequestLog(): RequestLog {
  let exchanges: LoggedExchange[] = []
  return {
    all: () => exchanges,
    clear() {
      exchanges = []
    },
    add(exchange) {
      if (exchanges.length >= most) exchanges = exchanges.slice(most / 2)
      exchanges.push({ ...exchange, headers: withoutCredentials(exchange.headers) })
    },
  }
}

const withoutCredentials = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  headers.authorization === undefined
    ? headers
    : { ...headers, authorization: headers.authorization.replace(/(?<=^\S+) .*/, ' (redacted)') }
