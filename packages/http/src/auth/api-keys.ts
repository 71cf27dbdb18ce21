import type { Authenticate, Principal } from '../principal.js'
import { Problem } from '../problem.js'
import { API_KEY_PREFIX, bearerOf, isApiKey } from './credentials.js'

/** What the host keeps of an API key: never the key itself. */
export interface ApiKeyRecord {
  /** The middle of the key, by which it is found. */
  readonly id: string
  /** SHA-256 of the secret (with the pepper), in hexadecimal. Two while a key is being changed. */
  readonly hashes: readonly string[]
  readonly principal: Principal
  /** Milliseconds since 1970; null or absent for one that does not end. */
  readonly expiresAt?: number | null | undefined
  readonly revoked?: boolean | undefined
}

export interface ApiKeyOptions {
  /** Finds a key's record by its id; null where there is none. */
  readonly find: (id: string) => Promise<ApiKeyRecord | null> | ApiKeyRecord | null
  /** Kept apart from the database, so that hashes alone prove nothing. The same as `createApiKey` was given. */
  readonly pepper?: string | undefined
  /** Milliseconds since 1970: the ledger's clock. */
  readonly now: () => number
}

const ID = /^[a-z0-9]{12}$/
const SECRET = /^[a-z0-9]{40}$/
const encoder = new TextEncoder()

/** Takes keys of `createApiKey`, as a bearer token or in `X-Api-Key`. Throws a `Problem` with 401 `invalid_api_key`. */
export function apiKeys({ find, pepper = '', now }: ApiKeyOptions): Authenticate {
  return async (request) => {
    const given = request.headers.get('x-api-key') ?? bearerOf(request.headers)
    if (given === null || !isApiKey(given)) return null
    const parts = partsOf(given)
    if (!parts) throw invalid()
    const record = await find(parts.id)
    const hash = await hashOf(parts.secret, pepper)
    // A key that is not there is compared as well, so that nobody learns by the time which ids are.
    const fits = (record?.hashes ?? ['']).map((each) => equal(each, hash)).includes(true)
    if (!record || !fits || record.id !== parts.id || record.revoked === true) throw invalid()
    if (typeof record.expiresAt === 'number' && record.expiresAt <= now()) throw invalid()
    return record.principal
  }
}

const invalid = () =>
  new Problem(401, 'invalid_api_key', 'The API key is not taken: it is wrong, expired or revoked.', {
    headers: { 'www-authenticate': 'Bearer' },
  })

/** A new key. Show `key` once to whoever is to have it, and keep `id` and `hash`. */
export async function createApiKey({
  pepper = '',
  random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)),
}: {
  readonly pepper?: string | undefined
  /** So many random bytes; the platform's unless it is given. */
  readonly random?: ((bytes: number) => Uint8Array) | undefined
} = {}): Promise<{ readonly key: string; readonly id: string; readonly hash: string }> {
  const id = textOf(random(12))
  const secret = textOf(random(40))
  return { key: `${API_KEY_PREFIX}_${id}_${secret}`, id, hash: await hashOf(secret, pepper) }
}

const letters = 'abcdefghijklmnopqrstuvwxyz012345'

/** Five bits a character: 40 of them are 200 bits. */
function textOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => letters[byte % letters.length]).join('')
}

function partsOf(key: string): { readonly id: string; readonly secret: string } | null {
  const [prefix, id = '', secret = '', ...rest] = key.split('_')
  return prefix === API_KEY_PREFIX && rest.length === 0 && ID.test(id) && SECRET.test(secret) ? { id, secret } : null
}

/** A secret of 200 random bits needs no slow hash. */
async function hashOf(secret: string, pepper: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(`escrow-ledger:${pepper}`),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(secret)))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Takes as long for texts that differ early as for those that differ late. */
function equal(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let index = 0; index < right.length; index += 1) {
    difference |= (left.charCodeAt(index) || 0) ^ right.charCodeAt(index)
  }
  return difference === 0
}
