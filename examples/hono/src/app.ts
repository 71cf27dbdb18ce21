import type { Handler } from '@escrow-ledger/http'
import { honoMount } from '@escrow-ledger/http/hono'
import { getConnInfo } from '@hono/node-server/conninfo'
import { LedgerError } from 'escrow-ledger'
import { type Context, Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { html } from 'hono/html'
import { secureHeaders } from 'hono/secure-headers'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { createGuard } from './guard.js'
import { homeOf, layout, style } from './layout.js'
import { PageProblem } from './page-problem.js'
import { coachPages } from './pages/coach.js'
import { loginPages } from './pages/login.js'
import { operatorPages } from './pages/operator.js'
import { payerPages } from './pages/payer.js'
import type { Place } from './place.js'

const policy = { defaultSrc: ["'none'"], styleSrc: ["'self'"], formAction: ["'self'"], frameAncestors: ["'none'"] }

/** The marketplace's own pages, and the ledger's routes below `/api`. */
export function createApp(place: Place, handler: Handler): Hono {
  const app = new Hono()
  const address = (context: Context) => getConnInfo(context).remote.address
  app.all('/api/*', honoMount(handler, { basePath: '/api', address }))

  app.use(secureHeaders({ contentSecurityPolicy: policy }), csrf())
  app.get('/style.css', (context) => context.body(style, 200, { 'content-type': 'text/css' }))
  const guard = createGuard(place.logins)
  app.route('/', loginPages(place))
  app.route('/', payerPages(place, guard))
  app.route('/', coachPages(place, guard))
  app.route('/', operatorPages(place, guard))
  app.notFound(async (context) => told(place, context, { status: 404, message: 'There is no such page.' }))
  app.onError(async (error, context) => {
    const problem = problemOf(error)
    if (problem.status === 500) place.logger.error({ err: error, path: context.req.path }, 'A page failed')
    return told(place, context, problem)
  })
  return app
}

interface Told {
  readonly status: ContentfulStatusCode
  readonly message: string
}

async function told({ logins }: Place, context: Context, { status, message }: Told): Promise<Response> {
  const person = await logins.personOf(context)
  const back = html`<p class="told">${message}</p><p><a href="${person ? homeOf(person) : '/login'}">Back</a></p>`
  return context.html(layout('That did not work', person, back), status)
}

const statuses = { invalid: 400, not_found: 404, conflict: 409, unavailable: 503, internal: 500 } as const

/** The ledger's words are fit for people; those of bugs are not. */
function problemOf(error: Error): Told {
  if (error instanceof PageProblem) return error
  if (error instanceof LedgerError && error.kind !== 'internal')
    return { status: statuses[error.kind], message: error.message }
  const { status } = error as { readonly status?: unknown }
  if (status === 403) return { status: 403, message: 'Forms of other sites are not taken.' }
  return { status: 500, message: 'Something went wrong here.' }
}
