import type { Authenticate, Principal } from '@escrow-ledger/http'
import { apiKeys, createApiKey, firstOf } from '@escrow-ledger/http/auth'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { jwtVerify, SignJWT } from 'jose'
import { findPerson, type Person } from './people.js'

export const COOKIE = 'login'
const LASTS_S = 7 * 86_400

/** How people and programs say who they are: pages by a signed cookie, programs by an API key. */
export interface Logins {
  /** For the ledger's routes: an API key, or the cookie of the pages. */
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

  const byCookie: Authenticate = async ({ headers }) => {
    const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
    const person = await read(pairs.find(([name]) => name === COOKIE)?.[1])
    return person ? { id: person.id, roles: [person.role] } : null
  }

  return {
    authenticate: firstOf(keys, byCookie),
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
