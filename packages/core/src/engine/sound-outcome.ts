import { textProblem } from '../accounts/text.js'
import type { CallOutcome } from '../gateways/outcome.js'
import { isInstant } from '../journal/instant.js'

const referenceLimits = { min: 1, max: 255 } as const

/** What an adapter answered, fit to be kept. A reference that cannot be kept would be no use for asking: it is `unknown`. */
export function soundOutcome(outcome: CallOutcome): CallOutcome {
  const reference = 'reference' in outcome ? outcome.reference : null
  const problem = reference === null ? null : textProblem(reference, referenceLimits)
  if (problem !== null) return { outcome: 'unknown', reason: `the gateway's reference ${problem}` }
  // A time that is none is left out: it happened when it was heard of.
  return 'at' in outcome && !isInstant(outcome.at) ? { ...outcome, at: undefined } : outcome
}
