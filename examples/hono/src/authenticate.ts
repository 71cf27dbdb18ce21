import { type Authenticate, type Principal, Problem } from '@escrow-ledger/http'
import { apiKeys, createApiKey, firstOf } from '@escrow-ledger/http/auth'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { jwtVerify, SignJWT } from 'jose'
import { findPerson, type Person } from './people.js'

export const COOKIE = 'login'
/** A week: people stay logged in while the operator lets days pass. */
const LASTS_S = 7 * 86_400

/**
 * How people and programs say who they are: pages by a signed token in a cookie, apps by the same as a bearer token, the
 * marketplace's backend by an API key. With an identity provider `authenticate` is `jwt({ jwksUrl, issuer, audience })`.
 */
export interface Logins {
  /** For the ledger's routes: an API key, a token as bearer, or the cookie of the pages. */
  readonly authenticate: Authenticate
  /** An API key of the marketplace's own backend; shown once, at the start. */
  readonly serviceKey: string
  sign(person: Person): Promise<string>
  /** Who is looking at a page; null for nobody who is logged in. */
  personOf(context: Context): Promise<Person | null>
}

/** The secret lasts as long as the process, so whoever was logged in before it started logs in again. */
export async function createLogins({ now }: { readonly now: () => number }): Promise<Logins> {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const { key, id, hash } = await createApiKey()
  const service: Principal = { id: 'marketplace', roles: ['service'] }
  const keys = apiKeys({ find: (asked) => (asked === id ? { id, hashes: [hash], principal: service } : null), now })

  async function read(token: string | undefined): Promise<Person | null> {
    if (token === undefined) return null
    const checks = { algorithms: ['HS256'], currentDate: new Date(now()), requiredClaims: ['sub', 'exp'] }
    const verified = await jwtVerify(token, secret, checks).catch(() => null)
    return findPerson(verified?.payload.sub ?? '')
  }

  const byBearer: Authenticate = async ({ headers }) => {
    const token = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
    if (token === undefined) return null
    const person = await read(token)
    // Whoever shows a wrong token is not asked for a cookie as well.
    if (!person) throw new Problem(401, 'invalid_token', 'The bearer token is not taken.')
    return principalOf(person)
  }

  const byCookie: Authenticate = async ({ headers }) => {
    const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
    const person = await read(pairs.find(([name]) => name === COOKIE)?.[1])
    return person && principalOf(person)
  }

  return {
    authenticate: firstOf(keys, byBearer, byCookie),
    serviceKey: key,
    sign({ id: sub }) {
      const seconds = Math.floor(now() / 1_000)
      const token = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject(sub)
      return token
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + LASTS_S)
        .sign(secret)
    },
    personOf: (context) => read(getCookie(context, COOKIE)),
  }
}

const principalOf = ({ id, role }: Person): Principal => ({ id, roles: [role] })
