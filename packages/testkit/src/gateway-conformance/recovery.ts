import { fail } from 'node:assert/strict'
import type { CallOutcome, GatewayCall } from 'escrow-ledger'
import type { GatewaySubject } from './gateway-case.js'
import { inWords } from './outcomes.js'

const DEADLINE_MS = 30_000
const MARGIN_MS = 30_000
const MOST_ATTEMPTS = 5

/** Until nothing of what was sent can arrive any more, by what the gateway says of itself and the ledger adds to it. */
export const graceMs = ({ harness }: GatewaySubject): number => (harness.gateway.deadlineMs ?? DEADLINE_MS) + MARGIN_MS

/** Goes on with a call that was sent as its operation declares, until the gateway has it: what the ledger does. */
export async function recover(subject: GatewaySubject, call: GatewayCall): Promise<CallOutcome> {
  const { harness, operationOf, send, ask } = subject
  const { resendWindowMs, askedBy, absenceIsFinal } = operationOf(call.kind)
  const canResend = () => resendWindowMs !== null && harness.now() - (call.firstSentAt ?? 0) < resendWindowMs
  let last: CallOutcome | undefined
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts += 1) {
    if (!canResend() && askedBy === null) return fail(`only an operator could tell what became of the ${call.kind}`)
    if (canResend()) last = await send(call)
    else {
      await harness.pass(graceMs(subject))
      last = await ask(call)
      if (last.outcome === 'absent' && absenceIsFinal) last = await send(call)
    }
    if (last.outcome !== 'unknown' && last.outcome !== 'waiting') return last
    await harness.pass(Math.max(0, (last.retryAt ?? 0) - harness.now()))
  }
  return fail(`after ${MOST_ATTEMPTS} attempts the ${call.kind} was still ${last ? inWords(last) : 'not made'}`)
}
