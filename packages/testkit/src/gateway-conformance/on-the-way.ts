import { fail } from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { CallOutcome, GatewayCall, InstructionKind } from 'escrow-ledger'
import { equal } from '../conformance/assertions.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import { faultNames, type GatewayFault, gatewayFaults } from './gateway-faults.js'
import { done, hasEffects, isOneOf } from './outcomes.js'
import { recover } from './recovery.js'

/** That whatever happens on the way leaves no refusal, and exactly one effect once it was gone on with. */
export const onTheWay = (kind: InstructionKind): GatewayCases =>
  Object.fromEntries(
    faultNames.map((fault) => [
      `${kind}: has exactly one effect though ${gatewayFaults[fault].inWords}`,
      (subject) => strikes(subject, kind, fault),
    ]),
  )

async function strikes(subject: GatewaySubject, kind: InstructionKind, fault: GatewayFault): Promise<void> {
  const { harness, newCall, ask } = subject
  const call = await newCall(kind)
  harness.plan(fault, { kind, verb: 'send' })
  const outcome = fault === 'late answer' ? await sendUntilDeadline(subject, call) : await subject.send(call)
  equal(harness.pendingFaults(), 0, `the fault never struck a request that makes a ${kind}`)
  // What was done may have been found at once; what was not done must not look as if it were.
  isOneOf(outcome, gatewayFaults[fault].done ? ['unknown', 'accepted', 'processed'] : ['unknown', 'waiting'])
  await hasEffects(subject, call, gatewayFaults[fault].done ? 1 : 0)

  const { reference } = done(await recover(subject, call))
  await hasEffects(subject, call, 1)
  equal(done(await ask({ ...call, reference })).reference, reference)
  await hasEffects(subject, call, 1)
}

/** Sends a call, and ends it when the gateway has taken it and keeps its answer back: the deadline passes there. */
async function sendUntilDeadline({ harness, send }: GatewaySubject, call: GatewayCall): Promise<CallOutcome> {
  const deadline = new AbortController()
  let answered = false
  const sending = send(call, deadline.signal).finally(() => {
    answered = true
  })
  while (harness.pendingFaults() > 0 && !answered) await turn()
  if (answered) return fail('the call was answered before its deadline passed')
  deadline.abort(new Error('the deadline has passed'))
  return sending
}
