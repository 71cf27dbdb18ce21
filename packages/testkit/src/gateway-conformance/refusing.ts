import { fail } from 'node:assert/strict'
import type { InstructionKind } from 'escrow-ledger'
import { deepEqual } from '../conformance/assertions.js'
import type { GatewayCases } from './gateway-case.js'
import { inWords, isOneOf } from './outcomes.js'

/** That what the gateway will not do is refused in its words, and is not done. */
export const refusing = (kind: InstructionKind): GatewayCases => ({
  [`${kind}: a refusal carries a code and a reason`]: async (subject) => {
    const call = await subject.newRefusable(kind)
    const before = await subject.harness.effects(kind)
    const outcome = await subject.send(call)
    if (outcome.outcome !== 'refused') fail(`expected a refusal, and the outcome was ${inWords(outcome)}`)
    if (outcome.code.trim() === '' || outcome.reason.trim() === '') fail(`it does not say why: ${inWords(outcome)}`)
    deepEqual(await subject.harness.effects(kind), before)
    isOneOf(await subject.ask(call), ['absent', 'refused', 'unknown'])
  },
})
