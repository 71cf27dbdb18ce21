import { defaultGatewayFacts, type GatewayFacts } from '../accounts/gateway-facts.js'
import { ledgerError } from '../errors/index.js'
import type { Gateway } from '../gateways/gateway.js'
import type { InstructionKind } from '../instructions/instruction.js'

/** What the rules need to know of the gateways that have an adapter. */
export function gatewayFactsOf(gateways: ReadonlyMap<string, Gateway>): ReadonlyMap<string, GatewayFacts> {
  return new Map(
    [...gateways].map(([name, gateway]) => {
      const defaults = defaultGatewayFacts(name)
      const clearing = gateway.clearing ?? defaults.clearing
      const declared = (operation: string) =>
        Object.hasOwn(gateway.operations, operation) ? gateway.operations[operation as InstructionKind] : undefined
      const comesWith = (operation: string) => declared(operation)?.comesWith ?? null
      return [
        name,
        {
          clearing,
          payouts: gateway.payouts ?? clearing,
          refunds: gateway.refunds ?? null,
          stepMinor: gateway.stepMinor ?? defaults.stepMinor,
          minimumMinor: gateway.minimumMinor ?? defaults.minimumMinor,
          offers: (operation: string) => declared(operation) !== undefined && comesWith(operation) === null,
          comesWith,
          canBeAsked: gateway.manual !== true,
        },
      ]
    }),
  )
}

/** The adapter of a gateway. Throws `gateway_not_found`. */
export function requireGateway(gateways: ReadonlyMap<string, Gateway>, name: string): Gateway {
  const gateway = gateways.get(name)
  if (gateway) return gateway
  const known = [...gateways.keys()].join(', ') || 'none'
  throw ledgerError(
    'gateway_not_found',
    `createLedger was given no adapter for the gateway ${name}, but for: ${known}.`,
  )
}
