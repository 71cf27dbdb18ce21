import { fail } from 'node:assert/strict'
import type { CallFee, CallOutcome, GatewayCall, InstructionKind } from 'escrow-ledger'
import { deepEqual, equal } from '../conformance/assertions.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import { done, hasEffects, inWords, isOneOf } from './outcomes.js'

type Processed = Extract<CallOutcome, { outcome: 'processed' }>

const DAY_MS = 86_400_000

/** That what was processed stays so, and that what the gateway took for it is told. */
export const processing = (kind: InstructionKind): GatewayCases => ({
  [`${kind}: stays processed however often it is asked about, and sent again`]: async (subject) => {
    const call = await subject.newCall(kind)
    const processed = await process(subject, call)
    const known = { ...call, reference: processed.reference }
    deepEqual(await subject.ask(known), processed)
    const { resendWindowMs } = subject.operationOf(kind)
    if (resendWindowMs !== null) isOneOf(await subject.send(call), ['processed', 'accepted'])
    await subject.harness.pass(DAY_MS)
    deepEqual(await subject.ask(known), processed)
    await hasEffects(subject, call, 1)
  },

  [`${kind}: tells the fee that the gateway took for it`]: async (subject) => {
    const { harness } = subject
    const call = await subject.newCall(kind)
    const { currency } = call.amount
    const before = await harness.chargedMinor(currency)
    const fees = feesOf(await process(subject, call))
    for (const { fee, tax } of fees) {
      equal(fee.currency, currency)
      equal(tax.currency, currency)
      if (tax.minor < 0n || fee.minor < tax.minor) fail(`the tax of ${tax.minor} is no part of the fee of ${fee.minor}`)
    }
    const told = fees.reduce((sum, { fee }) => sum + fee.minor, 0n)
    equal(told, (await harness.chargedMinor(currency)) - before)
  },
})

/** Sends a call and has it processed; answers what the gateway says of it then. */
export async function process(subject: GatewaySubject, call: GatewayCall): Promise<Processed> {
  const { reference } = done(await subject.send(call))
  await subject.harness.complete({ ...call, reference })
  const outcome = await subject.ask({ ...call, reference })
  return outcome.outcome === 'processed' ? outcome : fail(`expected it processed, and it was ${inWords(outcome)}`)
}

function feesOf({ fee, payments = [] }: Processed): CallFee[] {
  const ofPayments = payments.flatMap((payment) => payment.fee ?? [])
  return fee === undefined ? ofPayments : [fee, ...ofPayments]
}
