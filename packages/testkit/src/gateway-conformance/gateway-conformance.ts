import type { Exchange, Gateway, Money, Operation } from 'escrow-ledger'
import { type CaseOptions, registerCases } from '../conformance/register-cases.js'
import { askedKinds } from './asked-kinds.js'
import { asking } from './asking.js'
import { declarations } from './declarations.js'
import type { GatewayCases, GatewaySubject } from './gateway-case.js'
import { createSubject } from './gateway-subject.js'
import { genuineWebhooks } from './genuine-webhooks.js'
import type { OpenHarness } from './harness.js'
import { onTheWay } from './on-the-way.js'
import { oneEffect } from './one-effect.js'
import { type AmountOnWire, offSteps, paymentAmounts } from './payment-amounts.js'
import { payoutBatches } from './payout-batches.js'
import { processing } from './processed.js'
import { checkRecords, recording } from './recording.js'
import { refusing } from './refusing.js'

/** What the suite tests a gateway for. */
export interface GatewayClaims {
  /** What it offers, `order` among it: there are cases on each that can be asked for. */
  readonly operations: Gateway['operations']
  /** Whether it takes payouts in batches. */
  readonly payoutBatches?: boolean | undefined
  /** Payments that are tried: some currencies and steps, each of at least two of the smallest amounts. */
  readonly amounts?: readonly AmountOnWire[] | undefined
  /** Amounts that its wire cannot say. */
  readonly offSteps?: readonly Money[] | undefined
}

export interface GatewayConformanceOptions extends GatewayClaims, CaseOptions {
  /** Opens a gateway for each case. */
  readonly open: OpenHarness
  /** What the cases move where they do not say otherwise, in a currency that it takes for everything. */
  readonly amount: Money
}

function groupsOf(claims: GatewayClaims): Readonly<Record<string, GatewayCases>> {
  const { operations, amounts = [] } = claims
  const ofKinds = askedKinds(operations).map((each) => {
    const operation = operations[each] as Operation
    const cases = [
      oneEffect(each, operation),
      onTheWay(each),
      asking(each, operation),
      refusing(each),
      processing(each),
    ]
    return [`calls of the kind ${each}`, Object.assign({}, ...cases) as GatewayCases] as const
  })
  return {
    ...Object.fromEntries(ofKinds),
    ...(claims.payoutBatches === true ? { 'payouts in batches': payoutBatches } : {}),
    amounts: { ...paymentAmounts(amounts), ...offSteps(claims.offSteps ?? []) },
    webhooks: genuineWebhooks,
    'what it declares': declarations({ operations, amounts }),
    'what it records': recording,
  }
}

/** The names of all cases for a gateway, which `skip` takes. */
export const gatewayConformanceCases = (claims: GatewayClaims): readonly string[] =>
  Object.values(groupsOf(claims)).flatMap((cases) => Object.keys(cases))

/** Skips the cases on webhooks, for a gateway that has none: `skip: withoutWebhooks('It has none.')`. */
export const withoutWebhooks = (reason: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(genuineWebhooks).map((name) => [name, reason]))

/**
 * Registers the conformance suite of the gateway port with a test runner: with an adapter that passes, the ledger moves
 * money once, and books what was moved. Throws a `RangeError` when `skip` names a case that is not there, or gives no reason.
 */
export function gatewayConformance(options: GatewayConformanceOptions): void {
  const { open, amount } = options
  registerCases(groupsOf(options), options, (run) => runCase(run, { open, amount }))
}

async function runCase(
  run: (subject: GatewaySubject) => Promise<void>,
  { open, amount }: Pick<GatewayConformanceOptions, 'open' | 'amount'>,
): Promise<void> {
  const exchanges: Exchange[] = []
  const harness = await open((exchange) => void exchanges.push(exchange))
  try {
    const subject = createSubject(harness, { amount, exchanges })
    await run(subject)
    checkRecords(subject)
  } finally {
    await harness.close()
  }
}
