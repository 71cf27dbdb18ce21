import { Client, Environment } from '@paypal/paypal-server-sdk'
import type { Sandbox } from '../../src/index.js'

/** The official client, unmodified, at the sandbox's address: each request has its origin changed before it is sent. */
class LocalClient extends Client {
  #origin: string | undefined

  static at({ url, clientId, clientSecret }: Sandbox['paypal']): LocalClient {
    const client = new LocalClient({
      environment: Environment.Sandbox,
      timeout: 5000,
      clientCredentialsAuthCredentials: { oAuthClientId: clientId, oAuthClientSecret: clientSecret },
    })
    client.#origin = url
    return client
  }

  // The base constructor calls this before there is an origin, so that it is read when a request is made.
  override getRequestBuilderFactory(): ReturnType<Client['getRequestBuilderFactory']> {
    const factory = super.getRequestBuilderFactory()
    return (method, path) => {
      const builder = factory(method, path)
      builder.interceptRequest((request) => {
        const { pathname, search } = new URL(request.url)
        return { ...request, url: `${this.#origin}${pathname}${search}` }
      })
      return builder
    }
  }
}

export const clientOf = (sandbox: Sandbox): Client => LocalClient.at(sandbox.paypal)
