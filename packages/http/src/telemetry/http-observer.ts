import { context, type Meter, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { Answered, Beginning, Observer } from '../observer.js'
import { durationsOf } from './durations.js'
import { remoteParentOf } from './remote-parent.js'

/** Anything else is one word, so that a client cannot make up series. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'])

const methodOf = (method: string) => (methods.has(method) ? method : '_OTHER')

/** A span for each request and the histogram of their durations, under the names of the semantic conventions. */
export function createHttpObserver({ meter, tracer }: { readonly meter: Meter; readonly tracer: Tracer }): Observer {
  const durations = durationsOf(meter, 'http.server.request.duration', 'Duration of HTTP server requests.')
  /** The span is ended when the answer is told, which is after the work that it spans. */
  const spans = new Map<string, Span[]>()

  return {
    async around(about, work) {
      const parent = remoteParentOf(about.headers)
      const span = tracer.startSpan(nameOf(about), { kind: SpanKind.SERVER, attributes: attributesOf(about) }, parent)
      spans.set(about.requestId, [...(spans.get(about.requestId) ?? []), span])
      return context.with(trace.setSpan(parent, span), work)
    },
    answered(told) {
      durations.record(told.ms / 1_000, metricAttributesOf(told))
      // Two requests may bear the same id, which a proxy gave them.
      const [span, ...others] = spans.get(told.requestId) ?? []
      if (others.length > 0) spans.set(told.requestId, others)
      else spans.delete(told.requestId)
      if (span) end(span, told)
    },
  }
}

const nameOf = ({ method, route }: Pick<Beginning, 'method' | 'route'>) =>
  route === null ? methodOf(method) : `${methodOf(method)} ${route}`

function attributesOf({ requestId, operation, method, route }: Beginning) {
  return {
    'http.request.method': methodOf(method),
    ...(route === null ? {} : { 'http.route': route }),
    ...(operation === null ? {} : { 'escrow_ledger.operation': operation }),
    'escrow_ledger.request_id': requestId,
  }
}

function metricAttributesOf({ method, route, status, code }: Answered) {
  return {
    'http.request.method': methodOf(method),
    ...(route === null ? {} : { 'http.route': route }),
    'http.response.status_code': status,
    ...(status >= 500 ? { 'error.type': code ?? String(status) } : {}),
  }
}

function end(span: Span, { status, code, principal, entries, replayed }: Answered): void {
  span.setAttributes({
    'http.response.status_code': status,
    'escrow_ledger.replayed': replayed,
    ...(entries.length > 0 ? { 'escrow_ledger.entries': [...entries] } : {}),
    ...(code === null ? {} : { 'error.type': code }),
    ...(principal ? { 'enduser.id': principal.id, 'enduser.role': principal.roles.join(',') } : {}),
  })
  // What the client did wrong is no error of the server.
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}
