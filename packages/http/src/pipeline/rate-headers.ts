import type { Asking, RateLimiter, RateState } from '../policy.js'
import { Problem } from '../problem.js'

/** What the limiter says of a request, as headers. Throws 429 where there were too many. */
export async function takeRate(limiter: RateLimiter | undefined, asking: Asking): Promise<Record<string, string>> {
  const state = (await limiter?.take(asking)) ?? null
  if (!state) return {}
  const headers = headersOf(state)
  if (!state.exceeded) return headers
  const seconds = Math.max(1, Math.ceil(state.resetSeconds))
  throw new Problem(429, 'rate_limited', `Too many requests. Try again in ${seconds} s.`, {
    headers: { ...headers, 'retry-after': String(seconds) },
  })
}

/** RateLimit-Limit, -Remaining and -Reset, as most clients read them. */
function headersOf({ limit, remaining, resetSeconds }: RateState): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(Math.max(0, remaining)),
    'ratelimit-reset': String(Math.max(0, Math.ceil(resetSeconds))),
  }
}
