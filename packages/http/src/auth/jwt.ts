import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { Authenticate, Principal, Role } from '../principal.js'
import { roles } from '../principal.js'
import { Problem } from '../problem.js'
import { bearerOf, isApiKey } from './credentials.js'

export interface JwtOptions {
  /** Where the issuer publishes its keys; fetched when needed, cached, and fetched again for a key that is not known. */
  readonly jwksUrl?: string | undefined
  /** The keys themselves, instead. */
  readonly jwks?: JSONWebKeySet | undefined
  /** Who must have made the token. */
  readonly issuer: string | readonly string[]
  /** For whom it must have been made; one for somebody else is refused. */
  readonly audience: string | readonly string[]
  /** Signatures that are taken; asymmetric ones only, since whoever can verify a shared secret can sign with it. */
  readonly algorithms?: readonly JwtAlgorithm[] | undefined
  /** Who a token speaks for; null refuses it. `claimsAsPrincipal` unless it is given. */
  readonly principalOf?: ((claims: JWTPayload) => Principal | null) | undefined
  /** The ledger's clock; the platform's unless it is given. Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  /** By how much clocks may differ, in seconds; 5 unless it is given. */
  readonly clockToleranceS?: number | undefined
}

export type JwtAlgorithm = (typeof asymmetric)[number]
const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/**
 * Takes bearer tokens of an OpenID Connect provider (Supabase, Auth.js, Auth0, Keycloak …). A request without one asks as
 * nobody. Throws a `Problem`: 401 `invalid_token`, and 503 `keys_unavailable` where the keys cannot be fetched.
 */
export function jwt(options: JwtOptions): Authenticate {
  const { issuer, audience, algorithms = asymmetric, principalOf = claimsAsPrincipal, clockToleranceS = 5 } = options
  const wrong = algorithms.find((algorithm) => !asymmetric.includes(algorithm))
  if (wrong !== undefined)
    throw new Error(`jwt() takes asymmetric algorithms only (${asymmetric.join(', ')}), not ${wrong}.`)
  if (issuer.length === 0 || audience.length === 0) throw new Error('jwt() needs an issuer and an audience.')
  const keys = keysOf(options)
  return async (request) => {
    const token = bearerOf(request.headers)
    // An API key is for somebody else to know, wherever it stands among those who are asked.
    if (token === null || isApiKey(token)) return null
    const claims = await verify(token, keys, {
      issuer: [...[issuer].flat()],
      audience: [...[audience].flat()],
      algorithms: [...algorithms],
      requiredClaims: ['sub', 'exp'],
      clockTolerance: clockToleranceS,
      ...(options.now ? { currentDate: new Date(options.now()) } : {}),
    })
    const principal = principalOf(claims)
    if (!principal) throw invalid('it speaks for nobody who may ask here')
    return principal
  }
}

function keysOf({ jwksUrl, jwks }: JwtOptions): JWTVerifyGetKey {
  if (jwks) return createLocalJWKSet(jwks)
  if (jwksUrl === undefined) throw new Error('jwt() needs jwksUrl or jwks.')
  return createRemoteJWKSet(new URL(jwksUrl))
}

async function verify(
  token: string,
  keys: JWTVerifyGetKey,
  checks: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, checks)).payload
  } catch (error) {
    if (isRefusal(error)) throw invalid(reasonOf(error), error)
    throw new Problem(503, 'keys_unavailable', 'The keys that tokens are signed with cannot be fetched. Try again.', {
      headers: { 'retry-after': '5' },
      cause: error,
    })
  }
}

/** Whether it is about the token. Keys that are away are nobody's fault who asks. */
function isRefusal(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false
  return (
    !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) && error.code !== 'ERR_JOSE_GENERIC'
  )
}

const reasonOf = (error: errors.JOSEError): string => {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} is not what it has to be`
  return 'its signature or form is wrong'
}

function invalid(what: string, cause?: unknown): Problem {
  return new Problem(401, 'invalid_token', `The bearer token is not taken: ${what}.`, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    cause,
  })
}

/**
 * The principal of `sub`, with the roles of `app_metadata.roles` (Supabase) or `roles`, and `plan` and `trial_ends_at`
 * (seconds since 1970) beside them. What users can change themselves, such as Supabase's `user_metadata`, is never read.
 */
export function claimsAsPrincipal(claims: JWTPayload): Principal | null {
  const { sub } = claims
  if (sub === undefined) return null
  const kept = isRecord(claims.app_metadata) ? claims.app_metadata : claims
  const named = Array.isArray(kept.roles) ? kept.roles : []
  const { plan, trial_ends_at: ends } = kept
  return {
    id: sub,
    roles: roles.filter((role: Role) => named.includes(role)),
    ...(typeof plan === 'string' ? { plan } : {}),
    // An end that cannot be read must not be none: a principal with it is refused.
    ...(ends === undefined || ends === null
      ? {}
      : { trialEndsAt: typeof ends === 'number' ? ends * 1_000 : Number.NaN }),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
