import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import type { PayPalWorld } from './paypal-world.js'
import { refusalBody, unauthenticated } from './refusal.js'

const TOKEN_LIFETIME_S = 32_400

/** What needs no token: the token itself, and what browsers and receivers of webhooks read. */
const open = new Set(['getToken', 'getCertificate', 'checkout'])

export interface AccessTokens {
  readonly operation: Operation
  /** The answer to a request without a token that is good now, or nothing. */
  check(request: SandboxRequest, operation: Operation): SandboxAnswer | undefined
  /** No token is good any more. */
  revokeAll(): void
}

/** Hands out access tokens for the client's id and secret. */
export function createAccessTokens(world: PayPalWorld): AccessTokens {
  const { clientId, clientSecret } = world.settings
  const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const expiries = new Map<string, number>()
  return {
    operation: {
      name: 'getToken',
      method: 'POST',
      path: '/v1/oauth2/token',
      handle(request) {
        if (request.headers.authorization !== expected)
          return refused(401, 'invalid_client', 'Client Authentication failed')
        const grant = new URLSearchParams(request.rawBody.toString()).get('grant_type')
        if (grant === null) return refused(400, 'invalid_request', 'Grant Type is NULL')
        if (grant !== 'client_credentials') return refused(400, 'unsupported_grant_type', 'Grant Type is not supported')
        const token = `A21AA${world.newId(48)}`
        expiries.set(token, world.now() + TOKEN_LIFETIME_S * 1000)
        return { status: 200, body: tokenBody(world, token) }
      },
    },
    check(request, operation) {
      if (open.has(operation.name)) return undefined
      const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? []
      const expiresAt = expiries.get(token ?? '')
      if (expiresAt !== undefined && world.now() < expiresAt) return undefined
      if (request.path.startsWith('/v2/')) return { status: 401, body: refusalBody(unauthenticated(), world.newId(13)) }
      return refused(401, 'invalid_token', 'Token signature verification failed')
    },
    revokeAll: () => expiries.clear(),
  }
}

const tokenBody = (world: PayPalWorld, token: string) => ({
  scope: [
    'https://uri.paypal.com/services/payments/realtimepayment',
    'https://uri.paypal.com/services/payments/refund',
    'https://uri.paypal.com/services/payments/referenced-payouts-items/readwrite',
    'https://uri.paypal.com/payments/payouts',
    'https://uri.paypal.com/services/reporting/search/read',
    'https://uri.paypal.com/services/disputes/read-seller',
    'https://uri.paypal.com/services/applications/webhooks',
    'openid',
  ].join(' '),
  access_token: token,
  token_type: 'Bearer',
  app_id: 'APP-80W284485P519543T',
  expires_in: TOKEN_LIFETIME_S,
  nonce: `${new Date(world.now()).toISOString()}${world.newId(20)}`,
})

const refused = (status: number, error: string, description: string): SandboxAnswer => ({
  status,
  body: { error, error_description: description },
})
