import { RateLimiterRes } from 'rate-limiter-flexible'
import { access } from './access.js'
import { covers } from './covers.js'
import type { Asking, RateLimiter, RateState } from './policy.js'
import { Problem } from './problem.js'
import { type Consume, openRateStore, type RateStore } from './rate-limits/rate-store.js'
import { within } from './rate-limits/within.js'

export type { PostgresClient, RateStore } from './rate-limits/rate-store.js'

export interface RateRule {
  /** Operation ids or beginnings (`payouts.*`, `*`). */
  readonly operations: readonly string[]
  /** Whom it counts: clients by their address, before anybody is known, or principals. */
  readonly by: 'address' | 'principal'
  readonly requests: number
  readonly perSeconds: number
}

export interface RateLimitOptions {
  readonly store?: RateStore | undefined
  readonly rules?: readonly RateRule[] | undefined
  /** What happens while the store is away: `refuse` what moves money and let the rest pass (default), or let all pass. */
  readonly whenAway?: 'refuse' | 'pass' | undefined
  /** How long the store may take before it counts as away, in milliseconds; 1,000 unless it is given. */
  readonly patienceMs?: number | undefined
}

/** How many requests a minute, as `readConfig` answers them. */
export interface RatesPerMinute {
  /** Of one address. */
  readonly perAddress: number
  /** Of one principal. */
  readonly perMinute: number
}

const payingOut = ['payouts.request', 'sessions.refund'] as const

/** The usual rules, with limits of one's own. What pays money out is limited more: to 30 a minute at most. */
export const rateRules = ({ perAddress, perMinute }: RatesPerMinute): readonly RateRule[] => [
  { operations: ['*'], by: 'address', requests: perAddress, perSeconds: 60 },
  { operations: ['*'], by: 'principal', requests: perMinute, perSeconds: 60 },
  { operations: payingOut, by: 'principal', requests: Math.min(perMinute, 30), perSeconds: 60 },
]

/** Enough for people and their programs; too little for guessing keys or asking for everything. */
export const defaultRules: readonly RateRule[] = rateRules({ perAddress: 600, perMinute: 300 })

/** Gateways send in bursts, and what they send is signed; probes come from the platform. */
const unlimited: ReadonlySet<string> = new Set(['payments.webhook', 'health', 'ready'])

interface Counter {
  readonly rule: RateRule
  readonly consume: Consume
}

/**
 * Limits requests by address and by principal. It counts on the platform's clock, as `rate-limiter-flexible` does: it
 * decides who is answered now, never what is posted. Throws for a store that is none.
 */
export function createRateLimiter(options: RateLimitOptions = {}): RateLimiter {
  const { store = 'memory', rules = defaultRules, whenAway = 'refuse', patienceMs = 1_000 } = options
  const open = openRateStore(store)
  const counters = rules.map((rule, index): Counter => {
    const settings = { points: rule.requests, duration: rule.perSeconds, keyPrefix: `rate:${index}:${rule.by}` }
    const consume = open(settings)
    return { rule, consume: (key) => within(patienceMs, consume(key)) }
  })
  return {
    async take(asking) {
      if (unlimited.has(asking.operation)) return null
      const by = asking.principal ? 'principal' : 'address'
      const key = asking.principal ? asking.principal.id : networkOf(asking.address)
      if (key === null) return null
      const counting = counters.filter(
        ({ rule }) => rule.by === by && rule.operations.some((each) => covers(each, asking.operation)),
      )
      const states = await Promise.all(counting.map((counter) => count(counter, { key, asking, whenAway })))
      return tightest(states.filter((state) => state !== null))
    },
  }
}

interface Counting {
  readonly key: string
  readonly asking: Asking
  readonly whenAway: 'refuse' | 'pass'
}

async function count({ rule, consume }: Counter, { key, asking, whenAway }: Counting): Promise<RateState | null> {
  try {
    return stateOf(rule, await consume(key), false)
  } catch (error) {
    if (error instanceof RateLimiterRes) return stateOf(rule, error, true)
    if (whenAway === 'pass' || isReading(asking.operation)) return null
    throw new Problem(503, 'limits_unavailable', 'Rate limits cannot be counted at the moment. Try again.', {
      headers: { 'retry-after': '5' },
      cause: error,
    })
  }
}

function isReading(operation: string): boolean {
  return (
    !Object.hasOwn(access, operation) || /\.(get|list|balance|statement|timeline|preview|trialBalance)$/.test(operation)
  )
}

function stateOf(rule: RateRule, { remainingPoints, msBeforeNext }: RateLimiterRes, exceeded: boolean): RateState {
  return { limit: rule.requests, remaining: remainingPoints, resetSeconds: msBeforeNext / 1_000, exceeded }
}

/** The one that is exceeded for longest, or else that of which least is left. */
function tightest(states: readonly RateState[]): RateState | null {
  const exceeded = states.filter((state) => state.exceeded).sort((a, b) => b.resetSeconds - a.resetSeconds)
  return exceeded[0] ?? [...states].sort((a, b) => a.remaining - b.remaining)[0] ?? null
}

/**
 * An IPv4 address; of an IPv6 one the network of 64 bits that one client commonly has to itself. A port, which some proxies
 * tell along, is left out, since each connection has another.
 */
export function networkOf(address: string | null): string | null {
  if (address === null || address === '') return null
  const plain = withoutPort(address.toLowerCase()).split('%')[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('::')
  const before = head.split(':').filter((part) => part !== '')
  const after = tail.split(':').filter((part) => part !== '')
  const zeros = plain.includes('::')
    ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
    : []
  const parts = [...before, ...zeros, ...after].slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16))
  return `${parts.join(':')}::/64`
}

function withoutPort(address: string): string {
  const [, host] = /^\[([^\]]*)\](?::\d+)?$/.exec(address) ?? /^([\d.]+):\d+$/.exec(address) ?? []
  return host ?? address
}
