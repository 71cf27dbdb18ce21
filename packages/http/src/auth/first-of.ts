import type { Authenticate } from '../principal.js'

/** Asks one authenticator after the other, until one knows who asks. A wrong credential is refused by whose it is. */
export function firstOf(...authenticators: readonly Authenticate[]): Authenticate {
  return async (request) => {
    for (const authenticate of authenticators) {
      const principal = await authenticate(request)
      if (principal) return principal
    }
    return null
  }
}
