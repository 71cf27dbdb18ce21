import { fail } from 'node:assert/strict'
import { type Gateway, type InstructionKind, instructionKinds, type Operation } from 'escrow-ledger'
import { deepEqual, equal } from '../conformance/assertions.js'
import type { GatewayCases } from './gateway-case.js'
import { done, hasEffects } from './outcomes.js'
import type { AmountOnWire } from './payment-amounts.js'

interface Declared {
  readonly operations: Gateway['operations']
  readonly amounts: readonly AmountOnWire[]
}

/** That what a gateway says of itself holds together. */
export const declarations = ({ operations, amounts }: Declared): GatewayCases => ({
  'declares the operations that it is tested for': async ({ harness }) => {
    deepEqual(harness.gateway.operations, operations)
    for (const [kind, operation] of Object.entries(operations)) {
      if (!instructionKinds.includes(kind as InstructionKind)) fail(`there is no kind ${kind}`)
      for (const problem of problemsOf(operation)) fail(`${kind}: ${problem}`)
    }
  },

  'declares a deadline within which something can happen': async ({ harness }) => {
    const { deadlineMs } = harness.gateway
    if (deadlineMs !== undefined && !(Number.isSafeInteger(deadlineMs) && deadlineMs > 0)) fail(`it is ${deadlineMs}`)
  },

  'declares steps and minimums that fit each other, and the amounts': async ({ harness, amount }) => {
    const { stepMinor = () => 1n, minimumMinor = () => 1n } = harness.gateway
    for (const { minor, currency } of [amount, ...amounts.map((each) => each.amount)]) {
      const [step, minimum] = [stepMinor(currency), minimumMinor(currency)]
      if (step < 1n) fail(`${currency} has steps of ${step}`)
      if (minimum < step || minimum % step !== 0n) fail(`the minimum of ${minimum} ${currency} is off its step ${step}`)
      if (minor < minimum || minor % step !== 0n) fail(`${minor} ${currency} is an amount that it does not take`)
    }
  },

  'takes an order of the smallest amount that it declares': async (subject) => {
    const { currency } = subject.amount
    const minor = subject.harness.gateway.minimumMinor?.(currency) ?? 1n
    const call = await subject.newCall('order', { ...subject.amount, minor })
    done(await subject.send(call))
    await hasEffects(subject, call, 1)
  },

  'names its accounts as the ledger does': async ({ harness }) => {
    const { clearing, payouts, refunds } = harness.gateway
    for (const code of [clearing, payouts, refunds]) {
      if (code !== undefined && !/^(gateway|bank):[^:]+(:[^:]+)?$/.test(code)) fail(`${code} is no account of its own`)
    }
    equal(harness.gateway.manual ?? false, false, 'what people do by hand cannot be tested here')
  },
})

function problemsOf({ resendWindowMs, askedBy, absenceIsFinal, watchedMs = 0 }: Operation): string[] {
  const window = resendWindowMs === null || resendWindowMs > 0
  return [
    ...(window ? [] : [`a window of ${resendWindowMs} ms is none`]),
    ...(askedBy === null && absenceIsFinal ? ['what nobody can look for cannot be absent for good'] : []),
    ...(askedBy === null && resendWindowMs === null ? ['whatever is lost would be lost for good'] : []),
    ...(watchedMs >= 0 ? [] : [`it cannot be watched for ${watchedMs} ms`]),
  ]
}
