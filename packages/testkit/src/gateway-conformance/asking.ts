import type { InstructionKind, Operation } from 'escrow-ledger'
import { deepEqual, equal } from '../conformance/assertions.js'
import { askedKinds } from './asked-kinds.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import type { GatewayFault } from './gateway-faults.js'
import { done, hasEffects, isOneOf } from './outcomes.js'
import { graceMs } from './recovery.js'

/** Faults of a question, which all mean the same: nothing. */
const unanswered: readonly GatewayFault[] = ['answer lost', 'error before', 'too many requests', 'unreadable answer']

/** That asking finds what there is, says of nothing else that it is there, and changes nothing. */
export function asking(kind: InstructionKind, { askedBy }: Operation): GatewayCases {
  return { ...questions(kind), ...(askedBy === null ? onlyByReference(kind) : byKey(kind)) }
}

const questions = (kind: InstructionKind): GatewayCases => ({
  [`${kind}: asking changes nothing`]: async (subject) => {
    const call = await subject.newCall(kind)
    const before = await everything(subject)
    await subject.ask(call)
    deepEqual(await everything(subject), before)
    const { reference } = done(await subject.send(call))
    const after = await everything(subject)
    for (const asked of [{ ...call, reference }, call, { ...call, reference }]) await subject.ask(asked)
    deepEqual(await everything(subject), after)
  },

  [`${kind}: a question that nobody answers decides nothing`]: async (subject) => {
    const call = await subject.newCall(kind)
    const { reference } = done(await subject.send(call))
    for (const fault of unanswered) {
      subject.harness.plan(fault, { kind, verb: 'ask' })
      isOneOf(await subject.ask({ ...call, reference }), ['unknown'])
      equal(subject.harness.pendingFaults(), 0, 'the fault never struck a question')
    }
    equal(done(await subject.ask({ ...call, reference })).reference, reference)
  },
})

const byKey = (kind: InstructionKind): GatewayCases => ({
  [`${kind}: is absent when it was never sent`]: async (subject) => {
    const call = await subject.newCall(kind)
    isOneOf(await subject.ask(call), ['absent'])
    done(await subject.send(await subject.newCall(kind)))
    isOneOf(await subject.ask(call), ['absent'])
  },

  [`${kind}: is found by its key when its answer was lost`]: async (subject) => {
    const call = await subject.newCall(kind)
    subject.harness.plan('answer lost', { kind, verb: 'send' })
    isOneOf(await subject.send(call), ['unknown', 'accepted', 'processed'])
    await subject.harness.pass(graceMs(subject))
    const { reference } = done(await subject.ask(call))
    equal(done(await subject.ask({ ...call, reference })).reference, reference)
    await hasEffects(subject, call, 1)
  },
})

const onlyByReference = (kind: InstructionKind): GatewayCases => ({
  [`${kind}: is unknown when it was never sent, since nobody can look for it`]: async (subject) => {
    isOneOf(await subject.ask(await subject.newCall(kind)), ['unknown'])
  },
})

/** All effects of all kinds. */
async function everything({ harness }: GatewaySubject): Promise<unknown> {
  const kinds = askedKinds(harness.gateway.operations)
  const effects = await Promise.all(kinds.map(async (kind) => [kind, await harness.effects(kind)]))
  return { effects, balances: await harness.balances() }
}
