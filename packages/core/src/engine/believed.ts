import type { CallOutcome } from '../gateways/outcome.js'
import type { Calling } from './call-gateway.js'
import type { BookContext } from './context.js'

/**
 * That a gateway knows of no such call is believed once whatever was sent can no longer arrive, of a call that it never
 * accepted, and where "no" is for good.
 */
export function believed(
  { runtime }: BookContext,
  outcome: CallOutcome,
  { line, operation, claim }: Calling,
): CallOutcome {
  if (outcome.outcome !== 'absent') return outcome
  const { claimed, how, lastSentAt } = claim
  const { gateway } = claimed
  if (how !== 'again') return { outcome: 'unknown', reason: `${gateway} no longer knows of it` }
  const retryAt = (lastSentAt ?? claimed.firstSentAt ?? 0) + line.graceMs
  if (runtime.now() < retryAt) {
    return { outcome: 'unknown', reason: `${gateway} does not know of it yet`, retryAt }
  }
  if (operation.absenceIsFinal) return outcome
  return { outcome: 'unknown', reason: `${gateway} does not know of it, which need not last` }
}
