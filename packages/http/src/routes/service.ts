import { z } from 'zod'
import { Problem } from '../problem.js'
import { type Route, route } from '../route.js'

/** What the handler knows of itself. */
export interface ServiceState {
  /** The document for clients that come by a mount. */
  readonly openapi: (mount: string) => object
  readonly isDraining: () => boolean
}

const common = { method: 'GET', tag: 'service', movesMoney: false } as const

/** What machines ask, without credentials: nothing of anybody's is in the answers. */
export function serviceRoutes({ openapi, isDraining }: ServiceState): readonly Route[] {
  return [
    route({
      ...common,
      operation: 'health',
      path: '/health',
      summary: 'Whether the process answers',
      answer: z.strictObject({ status: z.literal('ok') }),
      handle: async () => ({ body: { status: 'ok' } }),
    }),
    route({
      ...common,
      operation: 'ready',
      path: '/ready',
      summary: 'Whether requests may be sent here: the database answers, and the process is not stopping',
      answer: z.strictObject({ status: z.literal('ready') }),
      async handle({ ledger }) {
        if (isDraining()) throw new Problem(503, 'draining', 'This process is stopping.')
        await ledger.books.get().catch((cause: unknown) => {
          throw new Problem(503, 'not_ready', 'The database does not answer.', { cause })
        })
        return { body: { status: 'ready' } }
      },
    }),
    route({
      ...common,
      operation: 'openapi',
      path: '/openapi.json',
      summary: 'This document',
      answer: z.looseObject({}),
      handle: async ({ mount }) => ({ body: openapi(mount) }),
    }),
  ]
}
