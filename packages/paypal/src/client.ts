import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { Client, type Configuration, Environment } from '@paypal/paypal-server-sdk'
import type { PayPalEnvironment } from './certificate-url.js'
import { isPayPal } from './environment.js'

/** What the official SDK's controllers need of a client. */
export type SdkClient = Pick<Client, 'getRequestBuilderFactory'>

export interface ClientOptions {
  readonly environment: PayPalEnvironment
  readonly origin: string
  readonly clientId: string
  readonly clientSecret: string
  readonly timeoutMs: number
  readonly attributionId?: string | undefined
  readonly httpAgent?: HttpAgent | undefined
  readonly httpsAgent?: HttpsAgent | undefined
}

type AddressedOptions = Pick<ClientOptions, 'origin' | 'attributionId'>

/**
 * The official client at an address of ours, the request for a token included: the SDK has an option for PayPal's own two
 * only. Each request bears the partner's attribution id, where there is one. The base constructor asks for the factory before there is an origin, so that it is read when a request is made.
 */
class AddressedClient extends Client {
  readonly #origin: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(configuration: Partial<Configuration>, { origin, attributionId }: AddressedOptions) {
    super(configuration)
    this.#origin = origin
    this.#headers = attributionId === undefined ? {} : { 'PayPal-Partner-Attribution-Id': attributionId }
  }

  override getRequestBuilderFactory(): ReturnType<Client['getRequestBuilderFactory']> {
    const factory = super.getRequestBuilderFactory()
    return (method, path) => {
      const builder = factory(method, path)
      builder.interceptRequest((request) => {
        const { pathname, search } = new URL(request.url)
        const headers = { ...request.headers, ...this.#headers }
        return { ...request, headers, url: `${this.#origin}${pathname}${search}` }
      })
      return builder
    }
  }
}

export function createClient(
  options: ClientOptions,
  oAuthTokenProvider: NonNullable<Configuration['clientCredentialsAuthCredentials']>['oAuthTokenProvider'],
): SdkClient {
  const { environment, origin, clientId, clientSecret, timeoutMs, attributionId, httpAgent, httpsAgent } = options
  return new AddressedClient(
    {
      environment: environment === 'live' ? Environment.Production : Environment.Sandbox,
      clientCredentialsAuthCredentials: {
        oAuthClientId: clientId,
        oAuthClientSecret: clientSecret,
        // Seconds before its end at which a token is no longer used.
        oAuthClockSkew: 60,
        ...(oAuthTokenProvider ? { oAuthTokenProvider } : {}),
      },
      // The SDK waits for ever unless it is told otherwise, and repeats nothing.
      httpClientOptions: { timeout: timeoutMs, httpAgent, httpsAgent },
      // A redirect would carry the token along; a proxy of the environment is not for a server on this machine.
      unstable_httpClientOptions: { maxRedirects: 0, ...(isPayPal(origin) ? {} : { proxy: false }) },
    },
    { origin, attributionId },
  )
}
