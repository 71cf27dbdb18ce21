import type { Authenticate } from '@escrow-ledger/http'
import { jwt } from '@escrow-ledger/http/auth'
import type { Tokens } from './tokens.js'

export const SESSION_COOKIE = 'session'

/**
 * Who asks, by a bearer token or by the cookie that the pages use. With an identity provider elsewhere this is
 * `jwt({ jwksUrl, issuer, audience })`. The cookie does no harm on the API: other sites cannot send it with JSON.
 */
export function createAuthenticate(tokens: Tokens, { now }: { readonly now: () => number }): Authenticate {
  const { jwks, issuer, audience } = tokens
  const byToken = jwt({ jwks, issuer, audience, algorithms: ['RS256'], now })
  return (request) => byToken(withToken(request))
}

function withToken(request: Request): Request {
  const token = request.headers.has('authorization') ? null : cookieOf(request.headers)
  return token === null ? request : new Request(request.url, { headers: { authorization: `Bearer ${token}` } })
}

function cookieOf(headers: Headers): string | null {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([name]) => name === SESSION_COOKIE)?.[1] ?? null
}
