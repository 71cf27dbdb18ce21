import type { Handler } from './handler.js'
import { unreadableAnswer } from './pipeline/unreadable.js'

/** The parts of Hono's context that are used. */
interface HonoContext {
  readonly req: { readonly raw: Request; readonly path: string }
}

interface MountOptions {
  /** The path that the routes stand below, as it is given to `app.all('/api/*', …)`; none unless it is given. */
  readonly basePath?: string | undefined
  /** Where a request comes from: `(context) => getConnInfo(context).remote.address`, or a header of a proxy that you trust. */
  readonly address?: ((context: never) => string | null | undefined) | undefined
}

/**
 * A handler as one of Hono's: `app.all('/api/*', honoMount(handler, { basePath: '/api', address }))`. Where addresses do
 * not matter, `app.mount('/api', handler)` does as well. Hono reads a body only when asked, so webhooks keep their bytes.
 */
export function honoMount(handler: Handler, { basePath = '', address }: MountOptions = {}) {
  const base = basePath.replace(/\/+$/, '')
  return async (context: HonoContext): Promise<Response> => {
    const { raw } = context.req
    // The platform makes no `Request` of these; Node's server for Hono finds that out only when it is asked for more of it.
    if (raw.method === 'TRACE' || raw.method === 'TRACK') return unreadableAnswer(null)
    const url = new URL(raw.url)
    // Whole segments only: `/apis` does not stand below `/api`.
    const isBelow = `${url.pathname}/`.startsWith(`${base}/`)
    if (isBelow) url.pathname = url.pathname.slice(base.length) || '/'
    const request = url.href === raw.url ? raw : new Request(url, raw)
    return handler(request, { address: address?.(context as never) ?? null, mount: isBelow ? base : '' })
  }
}
