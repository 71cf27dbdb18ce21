import type { Configuration } from '@paypal/paypal-server-sdk'

type Credentials = NonNullable<Configuration['clientCredentialsAuthCredentials']>
type TokenProvider = NonNullable<Credentials['oAuthTokenProvider']>
type Token = Awaited<ReturnType<TokenProvider>>

export interface AccessTokens {
  readonly provide: TokenProvider
  /** Why there is no token; undefined where the last one that was asked for came. */
  failure(): unknown
}

/**
 * Asks for access tokens, one at a time, however many calls wait for it. The SDK keeps what its provider answers, even a
 * failure, for ever; so a failure is told as a token that has expired, which the SDK refuses and asks for anew.
 */
export function createAccessTokens(): AccessTokens {
  let underWay: Promise<Token> | undefined
  let failure: unknown
  return {
    failure: () => failure,
    async provide(_, manager) {
      underWay ??= manager.fetchToken().finally(() => {
        underWay = undefined
      })
      try {
        const token = await underWay
        failure = undefined
        return token
      } catch (error) {
        failure = error
        return { accessToken: '', tokenType: 'Bearer', expiry: 0n }
      }
    },
  }
}
