/** The bearer token of a request; null where it has none. */
export function bearerOf(headers: Headers): string | null {
  const match = /^Bearer +([^\s]+)$/i.exec(headers.get('authorization') ?? '')
  return match?.[1] ?? null
}

/** What keys of `createApiKey` begin with, by which they are told from tokens. */
export const API_KEY_PREFIX = 'el'

export const isApiKey = (credential: string) => credential.startsWith(`${API_KEY_PREFIX}_`)
