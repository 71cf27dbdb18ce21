import { textProblem } from '../accounts/text.js'
import type { CallOutcome } from '../gateways/outcome.js'
import { isInstant } from '../journal/instant.js'
import { storableText } from './storable-text.js'

const referenceLimits = { min: 1, max: 255 } as const

/** What an adapter answered, fit to be kept. A reference that cannot be kept would be no use for asking: it is `unknown`. */
export function soundOutcome(outcome: CallOutcome): CallOutcome {
  if ('reason' in outcome && typeof outcome.reason !== 'string')
    return soundOutcome({ ...outcome, reason: 'none given' })
  const reference = 'reference' in outcome ? outcome.reference : null
  const problem = reference === null ? null : textProblem(reference, referenceLimits)
  if (problem !== null) return { outcome: 'unknown', reason: `the gateway's reference ${problem}` }
  const at = 'at' in outcome && isInstant(outcome.at) ? { at: outcome.at } : {}
  switch (outcome.outcome) {
    case 'refused':
      return { ...outcome, code: storableText(String(outcome.code)), reason: storableText(outcome.reason) }
    case 'waiting':
    case 'unknown':
      return { ...outcome, reason: storableText(outcome.reason) }
    case 'reversed':
      return { outcome: 'reversed', reference: outcome.reference, reason: storableText(outcome.reason), ...at }
    case 'processed':
      return { ...outcome, at: at.at }
    default:
      return outcome
  }
}
