import { type BookLedger, LedgerError } from 'escrow-ledger'
import { checkPrincipal } from './check-principal.js'
import type { Handler, HandlerOptions, RequestContext } from './handler.js'
import type { Answered } from './observer.js'
import { openapiOf, serverOf } from './openapi.js'
import { jsonAnswer, refusalOf } from './pipeline/answer.js'
import { checkOwner, checkRole, isGuarded } from './pipeline/authorise.js'
import { checkInput, queryOf } from './pipeline/check-input.js'
import { ledgerKey } from './pipeline/idempotency.js'
import { takeRate } from './pipeline/rate-headers.js'
import { dropBody, readBytes, readJson } from './pipeline/read-body.js'
import { requestIdOf } from './pipeline/request-id.js'
import { Allowed, createRouter, type Found } from './pipeline/router.js'
import { createTellers } from './pipeline/tellers.js'
import { timed } from './pipeline/timed.js'
import { createUnderWay } from './pipeline/under-way.js'
import type { Asking } from './policy.js'
import type { Principal } from './principal.js'
import { Problem } from './problem.js'
import type { Call, Reply, Route } from './route.js'
import { routesOf } from './routes/index.js'
import { toWire } from './wire.js'

const BODY_BYTES = 65_536
const WEBHOOK_BYTES = 1_048_576

/** What is learnt of a request on its way, for whoever is told of it. */
interface Trail {
  readonly found: Found | Allowed | Problem
  principal: Principal | null
  rate: Record<string, string>
  reply: Reply | null
}

/** Wires routes, checks and the ledger to one function from request to answer. Throws for options that cannot work. */
export function createHandler(options: HandlerOptions): Handler {
  const { ledger, authenticate, basePath = '', servers, policies = [], limiter, limits = {} } = options
  const { bodyBytes = BODY_BYTES, jsonDepth = 12, readMs = 10_000, timeoutMs = 30_000 } = limits
  const book: BookLedger = options.book === undefined ? ledger : ledger.book(options.book)
  const { runtime } = ledger
  const state = { draining: false }
  const underWay = createUnderWay()
  const openapi = (mount: string) =>
    mount === '' || servers ? document : { ...document, servers: [serverOf(mount + basePath)] }
  const routes = routesOf({ openapi, isDraining: () => state.draining })
  const document = openapiOf(routes, { basePath, servers })
  const find = createRouter(routes, basePath)
  const tellers = createTellers(options)

  /** Says who asks; open routes ask nobody. Counts the request on the way, by its address and then by its principal. */
  async function admit(request: Request, route: Route, trail: Trail, asking: Asking): Promise<void> {
    const { operation } = route
    trail.rate = await takeRate(limiter, asking)
    if (!isGuarded(operation)) return
    const principal = await authenticate(request)
    if (!principal) {
      throw new Problem(401, 'unauthenticated', 'This needs credentials: a bearer token or an API key.', {
        headers: { 'www-authenticate': 'Bearer' },
      })
    }
    trail.principal = checkPrincipal(principal)
    const known = { ...asking, principal: trail.principal }
    trail.rate = { ...trail.rate, ...(await takeRate(limiter, known)) }
    for (const policy of policies) {
      const problem = await policy(known)
      if (problem) throw problem
    }
    checkRole(operation, trail.principal)
  }

  async function work(request: Request, about: { trail: Trail; context: RequestContext; signal: AbortSignal }) {
    const { trail, context, signal } = about
    const { address = null, mount = '' } = context
    if (trail.found instanceof Problem || trail.found instanceof Allowed) throw trail.found
    const { route, params } = trail.found
    const { operation, raw = false } = route
    if (state.draining && operation !== 'health' && operation !== 'ready') throw draining()
    await admit(request, route, trail, { operation, principal: null, address, now: runtime.now() })
    const mostBytes = raw ? WEBHOOK_BYTES : bodyBytes
    const rawBody =
      route.method === 'POST' ? await readBytes(request, runtime, { mostBytes, readMs }) : new Uint8Array()
    const body = route.body ? checkInput(route.body, readJson(request.headers, rawBody, jsonDepth), 'body') : undefined
    const actor = trail.principal?.id ?? 'http'
    const key = route.movesMoney ? await ledgerKey(request.headers, actor) : null
    const call: Call = {
      ledger: book,
      whole: ledger,
      params: route.params ? checkInput(route.params, params, 'path') : params,
      query: route.query ? checkInput(route.query, queryOf(new URL(request.url)), 'query') : {},
      body,
      principal: trail.principal,
      options: { ...(key === null ? {} : { idempotencyKey: key }), actor, signal },
      headers: request.headers,
      rawBody,
      mount,
    }
    if (isGuarded(operation)) await checkOwner(route, operation, call)
    // What has not begun by now never does, since the caller has been told that time is up.
    if (signal.aborted) throw timedOut()
    trail.reply = await underWay.during(() => route.handle(call))
  }

  async function answer(request: Request, requestId: string, trail: Trail, context: RequestContext): Promise<Response> {
    const always = () => ({ 'x-request-id': requestId, ...trail.rate })
    try {
      await timed({ runtime, timeoutMs, signal: request.signal }, (signal) => work(request, { trail, context, signal }))
      const { body = null, status, replayed = false } = trail.reply ?? {}
      const headers = { ...always(), ...(replayed ? { 'idempotency-replayed': 'true' } : {}) }
      return jsonAnswer(toWire(body), { status, headers })
    } catch (error) {
      if (error instanceof Allowed) return jsonAnswer(null, { headers: { ...always(), allow: error.methods } })
      const refusal = refusalOf(reasonOf(error, request), requestId)
      if (refusal.bug) tellers.failed(error, { requestId, operation: operationOf(trail) })
      return jsonAnswer(refusal.body, { status: refusal.status, headers: { ...always(), ...refusal.headers } })
    }
  }

  function seek(request: Request): Found | Allowed | Problem {
    try {
      return find(request.method, new URL(request.url).pathname)
    } catch (error) {
      if (error instanceof Problem || error instanceof Allowed) return error
      throw error
    }
  }

  async function answered(request: Request, context: RequestContext): Promise<Response> {
    const requestId = requestIdOf(request.headers, runtime)
    const found = seek(request)
    const trail: Trail = { found, principal: null, rate: {}, reply: null }
    const started = runtime.elapsed()
    const { method, headers } = request
    const about = { requestId, operation: operationOf(trail), route: routeOf(trail), method, headers }
    const response = await tellers.around(about, () => answer(request, requestId, trail, context))
    const told = answeredOf({ requestId, request, trail, response, ms: runtime.elapsed() - started })
    tellers.answered({ ...told, code: await codeOf(response) })
    if (response.status >= 400) void dropBody(request, runtime, readMs)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }

  const handle = (request: Request, context: RequestContext = {}) => underWay.during(() => answered(request, context))
  return Object.assign(handle, {
    openapi: document,
    drain() {
      state.draining = true
      return underWay.idle()
    },
  })
}

function operationOf({ found }: Trail): string | null {
  return 'route' in found ? found.route.operation : null
}

function routeOf({ found }: Trail): string | null {
  return 'route' in found ? found.route.path : null
}

const draining = () =>
  new Problem(503, 'draining', 'This process is stopping. Try again.', { headers: { 'retry-after': '1' } })

const timedOut = () =>
  new Problem(504, 'timed_out', 'This took too long. What became of it is told when you repeat it with the same key.')

/** Nobody reads it; it keeps those who go apart from requests that took too long, in logs and alerts. */
const gone = () => new Problem(499, 'client_gone', 'The client went before it was answered.')

/** What ended the work: what was given up was so because time was up, or because nobody waits any more. */
function reasonOf(error: unknown, { signal }: Request): unknown {
  const givenUp =
    (error instanceof LedgerError && error.code === 'aborted') ||
    (error instanceof Problem && ['timed_out', 'body_broken'].includes(error.code))
  if (!givenUp) return error
  if (signal.aborted) return gone()
  return error instanceof Problem ? error : timedOut()
}

interface Told {
  readonly requestId: string
  readonly request: Request
  readonly trail: Trail
  readonly response: Response
  readonly ms: number
}

function answeredOf({ requestId, request, trail, response, ms }: Told): Omit<Answered, 'code'> {
  const { principal, reply } = trail
  return {
    requestId,
    operation: operationOf(trail),
    method: request.method,
    route: routeOf(trail),
    status: response.status,
    principal: principal ? { id: principal.id, roles: principal.roles } : null,
    entries: reply?.entries ?? [],
    replayed: reply?.replayed ?? false,
    ms,
  }
}

async function codeOf(response: Response): Promise<string | null> {
  if (response.status < 400) return null
  try {
    const { code } = (await response.clone().json()) as { code?: unknown }
    return typeof code === 'string' ? code : null
  } catch {
    // An observer has answered something of its own.
    return null
  }
}
