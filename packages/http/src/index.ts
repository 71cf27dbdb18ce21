export { access, type GuardedOperation, type OperationId, type Rule } from './access.js'
export { checkPrincipal } from './check-principal.js'
export { createHandler } from './create-handler.js'
export type { Handler, HandlerOptions, RequestContext } from './handler.js'
export type { Answered, Beginning, Logger, Observer } from './observer.js'
export { openapiOf } from './openapi.js'
export type { Asking, Policy, RateLimiter, RateState } from './policy.js'
export { type Authenticate, type Principal, type Role, roles } from './principal.js'
export { Problem, type ProblemBody, problemSchema } from './problem.js'
export {
  createShutdown,
  type ShutdownOptions,
  type ShutdownReport,
  type ShutdownStep,
  type StoppableServer,
} from './shutdown.js'
export { trialPolicy } from './trial-policy.js'
