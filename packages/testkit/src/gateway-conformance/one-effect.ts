import type { InstructionKind, Operation } from 'escrow-ledger'
import { equal } from '../conformance/assertions.js'
import type { GatewayCases } from './gateway-case.js'
import { done, hasEffects, isOneOf } from './outcomes.js'

const END_OF_WINDOW_MS = 60_000

/** That a key has one effect for as long as its window lasts. There are none for a kind that is never sent twice. */
export function oneEffect(kind: InstructionKind, { resendWindowMs }: Operation): GatewayCases {
  if (resendWindowMs === null) return {}
  const atTheEnd = Number.isFinite(resendWindowMs) ? lateRepeat(kind, resendWindowMs) : {}
  return { ...repeats(kind), ...atTheEnd }
}

const repeats = (kind: InstructionKind): GatewayCases => ({
  [`${kind}: has one effect when it is sent twice under one key, and one reference`]: async (subject) => {
    const call = await subject.newCall(kind)
    const first = done(await subject.send(call))
    const second = done(await subject.send({ ...call }))
    equal(second.reference, first.reference)
    await hasEffects(subject, call, 1)
  },

  [`${kind}: has one effect when it is sent twice at once`]: async (subject) => {
    const call = await subject.newCall(kind)
    const outcomes = await Promise.all([subject.send(call), subject.send({ ...call })])
    for (const outcome of outcomes) isOneOf(outcome, ['accepted', 'processed', 'unknown', 'waiting'])
    await hasEffects(subject, call, 1)
  },

  [`${kind}: has an effect of its own under each key`]: async (subject) => {
    const [one, other] = [await subject.newCall(kind), await subject.newCall(kind)]
    const references = [done(await subject.send(one)).reference, done(await subject.send(other)).reference]
    equal(new Set(references).size, 2, `two ${kind}s have the reference ${references[0]}`)
    await hasEffects(subject, one, 2)
  },
})

const lateRepeat = (kind: InstructionKind, resendWindowMs: number): GatewayCases => ({
  [`${kind}: has one effect still at the end of its window`]: async (subject) => {
    const call = await subject.newCall(kind)
    done(await subject.send(call))
    await subject.harness.pass(Math.max(0, resendWindowMs - END_OF_WINDOW_MS))
    await subject.send(call)
    await hasEffects(subject, call, 1)
  },
})
