import type { Config } from '@escrow-ledger/http/config'
import type { RateRule } from '@escrow-ledger/http/rate-limits'

/** How often an address and a principal may ask, by the environment. */
export const rateRules = ({ perMinute, perAddress }: Config['rateLimits']): readonly RateRule[] => [
  { operations: ['*'], by: 'address', requests: perAddress, perSeconds: 60 },
  { operations: ['*'], by: 'principal', requests: perMinute, perSeconds: 60 },
]
