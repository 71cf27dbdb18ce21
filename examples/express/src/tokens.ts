import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import type { Person } from './people.js'

/** What this example does in place of an identity provider: it signs tokens, and publishes the keys that verify them. */
export interface Tokens {
  readonly issuer: string
  readonly audience: string
  readonly jwks: JSONWebKeySet
  sign(person: Person): Promise<string>
}

export const TOKEN_LASTS_S = 7 * 86_400

/** Makes a key pair that lasts as long as the process: whoever was logged in before it started logs in again. */
export async function createTokens({ now }: { readonly now: () => number }): Promise<Tokens> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const publicJwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  const [issuer, audience] = ['coaching-example', 'coaching-example-server']
  return {
    issuer,
    audience,
    jwks: { keys: [{ ...publicJwk, kid, alg: 'RS256', use: 'sig' }] },
    sign({ id, role }) {
      const seconds = Math.floor(now() / 1_000)
      return new SignJWT({ roles: [role] })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setSubject(id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + TOKEN_LASTS_S)
        .sign(privateKey)
    },
  }
}
