import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { access } from './access.js'
import { covers } from './covers.js'
import type { Asking, RateLimiter, RateState } from './policy.js'
import { Problem } from './problem.js'

export interface RateRule {
  /** Operation ids or beginnings (`payouts.*`, `*`). */
  readonly operations: readonly string[]
  /** Whom it counts: clients by their address, before anybody is known, or principals. */
  readonly by: 'address' | 'principal'
  readonly requests: number
  readonly perSeconds: number
}

/** Where counts are kept: in this process, or where all processes see them. */
export type RateStore =
  | 'memory'
  | { readonly postgres: unknown; readonly schema?: string | undefined; readonly table?: string | undefined }
  | { readonly redis: unknown }

export interface RateLimitOptions {
  readonly store?: RateStore | undefined
  readonly rules?: readonly RateRule[] | undefined
  /** What happens while the store is away: `refuse` what moves money and let the rest pass (default), or let all pass. */
  readonly whenAway?: 'refuse' | 'pass' | undefined
}

/** Enough for people and their programs; too little for guessing keys or asking for everything. */
export const defaultRules: readonly RateRule[] = [
  { operations: ['*'], by: 'address', requests: 600, perSeconds: 60 },
  { operations: ['*'], by: 'principal', requests: 300, perSeconds: 60 },
  { operations: ['payouts.request', 'sessions.refund'], by: 'principal', requests: 30, perSeconds: 60 },
]

/** Gateways send in bursts, and what they send is signed; probes come from the platform. */
const unlimited: ReadonlySet<string> = new Set(['payments.webhook', 'health', 'ready'])

interface Counter {
  readonly rule: RateRule
  readonly consume: (key: string) => Promise<RateLimiterRes>
}

/**
 * Limits requests by address and by principal. It counts on the platform's clock, as `rate-limiter-flexible` does: it
 * decides who is answered now, never what is posted.
 */
export function createRateLimiter(options: RateLimitOptions = {}): RateLimiter {
  const { store = 'memory', rules = defaultRules, whenAway = 'refuse' } = options
  const counters = rules.map((rule, index) => counterOf(rule, { store, index }))
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

function counterOf(rule: RateRule, { store, index }: { readonly store: RateStore; readonly index: number }): Counter {
  const settings = { points: rule.requests, duration: rule.perSeconds, keyPrefix: `rate:${index}:${rule.by}` }
  let limiter: Promise<Limiter> | null = null
  return {
    rule,
    async consume(key) {
      limiter ??= limiterOf(store, settings)
      try {
        return await (await limiter).consume(key)
      } catch (error) {
        // A store that was away when its table was to be made is asked again.
        if (!(error instanceof RateLimiterRes)) limiter = null
        throw error
      }
    },
  }
}

type Limiter = Pick<RateLimiterMemory, 'consume'>

async function limiterOf(
  store: RateStore,
  settings: { points: number; duration: number; keyPrefix: string },
): Promise<Limiter> {
  if (store === 'memory') return new RateLimiterMemory(settings)
  if ('redis' in store) return new RateLimiterRedis({ ...settings, storeClient: store.redis })
  const { postgres, schema, table = 'rate_limits' } = store
  const place = { tableName: table, ...(schema === undefined ? {} : { schemaName: schema }) }
  return new Promise((resolve, reject) => {
    const limiter: RateLimiterPostgres = new RateLimiterPostgres(
      { ...settings, ...place, storeClient: postgres },
      (error?: Error) => (error ? reject(error) : resolve(limiter)),
    )
  })
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

/** An IPv4 address; of an IPv6 one the network of 64 bits that one client commonly has to itself. */
export function networkOf(address: string | null): string | null {
  if (address === null || address === '') return null
  const plain = address.toLowerCase().split('%')[0] ?? ''
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
