import { accountCodes } from './chart.js'

/** What the rules need to know of a gateway. Its name is a label: without an adapter the defaults below hold. */
export interface GatewayFacts {
  /** The account that payments arrive in. */
  readonly clearing: string
  /** The account that payouts leave from. */
  readonly payouts: string
  /** The account that refunds leave from; null where each leaves from the account that its payment arrived in. */
  readonly refunds: string | null
  /** The smallest unit of its wire, in minor units of the currency. */
  readonly stepMinor: (currency: string) => bigint
  /** The smallest amount that it takes, in minor units. */
  readonly minimumMinor: (currency: string) => bigint
  /** Whether it does such a thing. Without an adapter refunds and payouts can still be recorded: somebody sends them. */
  readonly offers: (operation: string) => boolean
  /** With what the gateway does such a thing by itself, so that nobody asks for it; null where it does not. */
  readonly comesWith: (operation: string) => string | null
  /** Whether its adapter can be asked what became of a call; people say so otherwise. */
  readonly canBeAsked: boolean
}

export function defaultGatewayFacts(gateway: string): GatewayFacts {
  const clearing = accountCodes.clearing(gateway)
  const offers = (operation: string) => operation === 'refund' || operation === 'payout'
  return {
    clearing,
    payouts: clearing,
    refunds: null,
    stepMinor: () => 1n,
    minimumMinor: () => 1n,
    offers,
    comesWith: () => null,
    canBeAsked: false,
  }
}
