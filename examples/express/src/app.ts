import { randomUUID } from 'node:crypto'
import type { Handler } from '@escrow-ledger/http'
import { expressMount } from '@escrow-ledger/http/express'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Logger } from 'pino'
import { answerProblem } from './answer-problem.js'
import { createGuard } from './guard.js'
import type { Metrics } from './metrics.js'
import { PageProblem } from './page-problem.js'
import { bookingPages } from './pages/bookings.js'
import { checkoutPages } from './pages/checkout.js'
import { coachPages } from './pages/coach.js'
import { loginPages } from './pages/login.js'
import { operatorPages } from './pages/operator.js'
import { sessionPages } from './pages/sessions.js'
import type { Place } from './place.js'
import { style } from './style.js'

interface AppOptions {
  readonly handler: Handler
  readonly logger: Logger
  readonly metrics: Metrics | null
  readonly trustedProxies: readonly string[]
}

/** The marketplace's own pages, and the ledger's routes below `/api`. */
export function createApp(place: Place, { handler, logger, metrics, trustedProxies }: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', [...trustedProxies])
  // For Prometheus, by a token of its own; best on a port that nobody else reaches.
  if (metrics) app.all('/metrics', metrics.serve)
  // Before any body parser: webhooks are verified over their raw bytes.
  app.use('/api', expressMount(handler))

  app.use(logRequests(logger), secure)
  app.use(express.urlencoded({ extended: false, limit: '8kb' }), express.json({ limit: '8kb' }))
  app.get('/style.css', (_req, res) => {
    res.type('css').set('cache-control', 'max-age=3600').send(style)
  })
  const guard = createGuard(place.authenticate)
  app.use(loginPages(place))
  app.use(sessionPages(place, guard), checkoutPages(place, guard), bookingPages(place, guard))
  app.use(coachPages(place, guard), operatorPages(place, guard))
  app.use(() => {
    throw new PageProblem(404, 'There is no such page.')
  })
  app.use(answerProblem(place, logger))
  return app
}

/** One line a request, with an id, and the route's pattern: paths name bookings. The ledger's handler tells of its own. */
const logRequests = (logger: Logger) => (req: Request, res: Response, next: NextFunction) => {
  const requestId = randomUUID()
  res.locals.requestId = requestId
  res.set('x-request-id', requestId)
  res.on('finish', () => {
    logger.info({ requestId, method: req.method, route: req.route?.path ?? null, status: res.statusCode }, 'page')
  })
  next()
}

/** No scripts, no frames, nothing from elsewhere, and nothing of anybody's in a cache. */
function secure(_req: Request, res: Response, next: NextFunction): void {
  res.set({
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  next()
}
