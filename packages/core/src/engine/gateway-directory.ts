import { defaultGatewayFacts, type GatewayFacts } from '../accounts/gateway-facts.js'
import type { Gateway } from '../gateways/gateway.js'

/** What the rules need to know of the gateways that have an adapter. */
export function gatewayFactsOf(gateways: ReadonlyMap<string, Gateway>): ReadonlyMap<string, GatewayFacts> {
  return new Map(
    [...gateways].map(([name, gateway]) => {
      const defaults = defaultGatewayFacts(name)
      const clearing = gateway.clearing ?? defaults.clearing
      return [
        name,
        {
          clearing,
          payouts: gateway.payouts ?? clearing,
          refunds: gateway.refunds ?? null,
          stepMinor: gateway.stepMinor ?? defaults.stepMinor,
          minimumMinor: gateway.minimumMinor ?? defaults.minimumMinor,
          offers: (operation: string) => Object.hasOwn(gateway.operations, operation),
          canBeAsked: gateway.manual !== true,
        },
      ]
    }),
  )
}
