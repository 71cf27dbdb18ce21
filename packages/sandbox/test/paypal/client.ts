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

/** An answer as text, of a request that the SDK has no method for. */
export interface PlainAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there.
  readonly body: any
}

/** Asks for what the SDK has no method for, with a token of its own. */
export function createCaller({ paypal: { url, clientId, clientSecret } }: Sandbox) {
  let token: string | undefined
  const login = async () => {
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const response = await fetch(`${url}/v1/oauth2/token`, { method: 'POST', headers: { authorization }, body })
    const { access_token } = (await response.json()) as { access_token: string }
    return access_token
  }
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<PlainAnswer> => {
    token ??= await login()
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
}
