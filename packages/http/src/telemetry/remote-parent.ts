import { type Context, context, propagation, TraceFlags, trace } from '@opentelemetry/api'

/** Trace context of the W3C: version, trace, span, flags. */
const form = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * The trace that the caller is in: as the host's propagator reads it, or from `traceparent` where it has set none. A
 * header that is not well formed begins a new trace.
 */
export function remoteParentOf(headers: Headers): Context {
  const carrier = { keys: () => [...headers.keys()], get: (_: Headers, key: string) => headers.get(key) ?? undefined }
  const here = context.active()
  const extracted = propagation.extract(here, headers, carrier)
  if (extracted !== here) return extracted
  const [, traceId = '', spanId = '', flags = ''] = form.exec(headers.get('traceparent')?.trim() ?? '') ?? []
  const sampled = (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) === TraceFlags.SAMPLED
  const parent = { traceId, spanId, isRemote: true, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE }
  return trace.isSpanContextValid(parent) ? trace.setSpanContext(here, parent) : here
}
