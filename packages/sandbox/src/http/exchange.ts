import { setTimeout as wait } from 'node:timers/promises'
import type { Fault, GatewayName } from './faults.js'
import { type Operation, Refused, type SandboxAnswer, type SandboxRequest } from './operation.js'

/** A gateway as its server sees it. */
export interface GatewayApi {
  readonly name: GatewayName
  readonly operations: readonly Operation[]
  /** The answer to a request without the right credentials; undefined lets it pass. */
  authorize(request: SandboxRequest, operation: Operation): SandboxAnswer | undefined
  /** How the gateway words a failure of its own, and 404, 405, 429. */
  failure(status: number): SandboxAnswer
}

/** What became of a request: an answer, or bytes that are none, or a cut connection. */
export interface Outcome {
  readonly answer: SandboxAnswer | 'reset' | 'unreadable'
  readonly handled: boolean
  readonly bug?: string
}

/** Does what is asked, with the fault around it. */
export async function carryOut(
  api: GatewayApi,
  { operation, request, fault }: { operation: Operation; request: SandboxRequest; fault: Fault | undefined },
): Promise<Outcome> {
  if (fault?.kind === 'resetBefore') return { answer: 'reset', handled: false }
  if (fault?.kind === 'errorBefore') return { answer: api.failure(fault.status), handled: false }
  if (fault?.kind === 'rateLimited') {
    const { headers, ...answer } = api.failure(429)
    return { answer: { ...answer, headers: { ...headers, 'retry-after': String(fault.retryAfterS) } }, handled: false }
  }
  const outcome = handle(api, operation, request)
  if (fault?.kind === 'latency') await wait(fault.ms)
  if (fault?.kind === 'resetAfter') return { ...outcome, answer: 'reset' }
  if (fault?.kind === 'errorAfter') return { ...outcome, answer: api.failure(fault.status) }
  if (fault?.kind === 'unreadable') return { ...outcome, answer: 'unreadable' }
  return outcome
}

function handle(api: GatewayApi, operation: Operation, request: SandboxRequest): Outcome {
  try {
    return { answer: api.authorize(request, operation) ?? operation.handle(request), handled: true }
  } catch (error) {
    if (error instanceof Refused) return { answer: error.answer, handled: true }
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { answer: api.failure(500), handled: true, bug }
  }
}
