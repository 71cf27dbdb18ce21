import { ledgerError } from '../errors/index.js'
import type { InstructionKind } from '../instructions/instruction.js'
import type { View } from '../journal/draft.js'
import { assertOnStep, fromMinor, inWords, type Money } from '../money/index.js'

interface Asked {
  readonly gateway: string
  readonly kind: InstructionKind
  readonly amount: Money
}

/**
 * Whether a gateway does such a thing at all, and takes the amount. Rules, in this order: `operation_unsupported`,
 * `amount_off_step`, `below_gateway_minimum`.
 */
export function checkGatewayTakes(view: Pick<View, 'gateway'>, { gateway, kind, amount }: Asked): void {
  const facts = view.gateway(gateway)
  const comesWith = facts.comesWith(kind)
  if (comesWith !== null) {
    const message = `At ${gateway} a ${kind} comes with its ${comesWith} and cannot be asked for by itself. It is in the books when the ${comesWith} is.`
    throw ledgerError('operation_unsupported', message, { gateway, operation: kind })
  }
  if (!facts.offers(kind)) {
    const message = `The gateway ${gateway} makes no ${kind}s here: its adapter does not offer them, or it has none. Use another gateway, or give createLedger its adapter.`
    throw ledgerError('operation_unsupported', message, { gateway, operation: kind })
  }
  assertOnStep(amount, facts.stepMinor(amount.currency), `An amount through ${gateway}`)
  const minimum = fromMinor(facts.minimumMinor(amount.currency), amount.currency)
  if (amount.minor >= minimum.minor) return
  const message = `${gateway} makes no ${kind} below ${inWords(minimum)}, and this is ${inWords(amount)}. Ask for it with what comes later, or through another gateway.`
  throw ledgerError('below_gateway_minimum', message, { gateway, minimum, requested: amount })
}
