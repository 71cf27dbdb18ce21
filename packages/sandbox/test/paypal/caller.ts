import type { Sandbox } from '../../src/index.js'

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
