import type { Operation, SandboxAnswer } from '../http/operation.js'
import type { PayPalWorld } from './paypal-world.js'
import { malformed, Refusal, refusalBody } from './refusal.js'

/** An operation whose refusals are answered as PayPal words them, each answer with an id for PayPal's support. */
export const guarded = (world: PayPalWorld, operation: Operation): Operation => ({
  ...operation,
  handle(request) {
    const debugId = debugIdOf(world)
    const { headers, ...answer } = answerOrRefusal(debugId, () => operation.handle(request))
    return { ...answer, headers: { 'paypal-debug-id': debugId, ...headers } }
  },
})

export const debugIdOf = (world: PayPalWorld): string => `f${world.newId(12).toLowerCase()}`

function answerOrRefusal(debugId: string, answer: () => SandboxAnswer): SandboxAnswer {
  try {
    return answer()
  } catch (error) {
    const refusal = error instanceof SyntaxError ? malformed('MALFORMED_REQUEST_JSON') : error
    if (!(refusal instanceof Refusal)) throw error
    return { status: refusal.status, body: refusalBody(refusal, debugId) }
  }
}
