import { storableText } from '../accounts/storable-text.js'
import type { CallOutcome } from './outcome.js'
import { redacted } from './redact.js'

/** What is kept as the reason of an instruction has at most so many characters, the code of a refusal included. */
const MOST = 500
const MOST_CODE = 100

/** An outcome whose words may be kept: gateways name in them whom they did not pay, and adapters pass on what a network said. */
export function redactedOutcome(outcome: CallOutcome): CallOutcome {
  if (!('reason' in outcome)) return outcome
  if (outcome.outcome !== 'refused') return { ...outcome, reason: redacted(outcome.reason, MOST) }
  const code = storableText(outcome.code.slice(0, MOST_CODE))
  return { ...outcome, code, reason: redacted(outcome.reason, MOST - `${code}: `.length) }
}
