import type { Route } from '../route.js'
import { paymentRoutes } from './payments.js'
import { payoutRoutes } from './payouts.js'
import { readingRoutes } from './reading.js'
import { type ServiceState, serviceRoutes } from './service.js'
import { sessionRoutes } from './sessions.js'

/** Every route there is. */
export function routesOf(state: ServiceState): readonly Route[] {
  return [...sessionRoutes, ...paymentRoutes, ...payoutRoutes, ...readingRoutes, ...serviceRoutes(state)]
}
