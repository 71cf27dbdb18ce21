import type { HandlerOptions } from '../handler.js'
import type { Answered, Observer } from '../observer.js'
import { toldError } from './told-error.js'

type About = Parameters<NonNullable<Observer['around']>>[0]

/** Everybody who is told of requests, as one. What they throw stops nothing. */
export function createTellers({ logger, observers = [] }: Pick<HandlerOptions, 'logger' | 'observers'>) {
  function answered(told: Answered): void {
    for (const observer of observers) attempt(() => observer.answered?.(told))
    if (!logger) return
    const { method, route, status } = told
    const line = `${method} ${route ?? 'unknown path'} ${status}`
    attempt(() =>
      status >= 500 ? logger.error(told, line) : status >= 400 ? logger.warn(told, line) : logger.info(told, line),
    )
  }

  function failed(error: unknown, about: { readonly requestId: string; readonly operation: string | null }): void {
    for (const observer of observers) attempt(() => observer.failed?.(error, about))
    if (logger) attempt(() => logger.error({ ...about, err: toldError(error) }, 'A request failed by a bug.'))
  }

  /** Lets each observer put itself around the work, the first one outermost. */
  function around(about: About, work: () => Promise<Response>): Promise<Response> {
    return observers.reduceRight<() => Promise<Response>>(
      (inner, observer) => () => wrapped(observer, about, inner),
      work,
    )()
  }

  return { answered, failed, around }
}

async function wrapped(observer: Observer, about: About, inner: () => Promise<Response>): Promise<Response> {
  if (!observer.around) return inner()
  // The work is done once, whatever the observer does around it.
  let begun: Promise<Response> | null = null
  const once = () => {
    begun ??= inner()
    return begun
  }
  try {
    return await observer.around(about, once)
  } catch {
    return once()
  }
}

function attempt(tell: () => unknown): void {
  try {
    const told = tell()
    if (told instanceof Promise) told.catch(() => {})
  } catch {
    // There is nobody left to tell.
  }
}
