import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRouter } from './router.js'
import { toWire } from './wire.js'

export interface ControlRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The body as JSON; an empty object when there is none. */
  readonly input: Readonly<Record<string, unknown>>
}

/** One thing that can be done with the sandbox over HTTP. What it gives is sent as JSON, a text that starts with `<` as HTML. */
export interface ControlRoute {
  readonly method: string
  readonly path: string
  handle(request: ControlRequest): unknown
}

export interface Control {
  answer(exchange: {
    readonly incoming: IncomingMessage
    readonly response: ServerResponse
    readonly url: URL
    readonly rawBody: Buffer
  }): Promise<void>
}

/** Serves what controls the sandbox. A mistake in the request is answered with status 400 and its words. */
export function createControl(routes: readonly ControlRoute[]): Control {
  const route = createRouter(routes)
  return {
    async answer({ incoming, response, url, rawBody }) {
      const match = route(incoming.method ?? 'GET', url.pathname)
      if (!match) return send(response, 404, { error: `There is no ${incoming.method} ${url.pathname}.` })
      // A page elsewhere in the person's browser must not be able to move money here.
      if (isFromElsewhere(incoming)) return send(response, 403, { error: 'Requests from other sites are refused.' })
      try {
        const input = readInput(rawBody)
        const given = await match.route.handle({ params: match.params, query: url.searchParams, input })
        send(response, 200, given ?? {})
      } catch (error) {
        send(response, 400, { error: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}

/** A name of another site may have been pointed at this machine, so the name must be this machine's too. */
const isFromElsewhere = ({ headers: { origin, host = '' } }: IncomingMessage): boolean =>
  (origin !== undefined && origin !== `http://${host}`) || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)

function readInput(rawBody: Buffer): Readonly<Record<string, unknown>> {
  if (rawBody.length === 0) return {}
  const input: unknown = JSON.parse(rawBody.toString())
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>
  throw new RangeError('The body must be a JSON object.')
}

function send(response: ServerResponse, status: number, given: unknown): void {
  const isPage = typeof given === 'string' && given.startsWith('<')
  const type = isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(isPage ? given : JSON.stringify(toWire(given)))
}
