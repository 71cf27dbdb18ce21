import { Problem } from '../problem.js'

const encoder = new TextEncoder()

/**
 * The key under which the ledger knows a request: the principal's id and its own key, hashed together, so that nobody's key
 * replays another's result. Throws 400 where there is none, and for one that logs and databases cannot bear.
 */
export async function ledgerKey(headers: Headers, principal: string): Promise<string> {
  const key = headers.get('idempotency-key')
  if (key === null) {
    const message =
      'This moves money, so it needs an Idempotency-Key: one of your own for each thing that you mean to do.'
    throw new Problem(400, 'idempotency_key_required', message)
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    const message = 'An Idempotency-Key has 1 to 200 visible ASCII characters and no spaces.'
    throw new Problem(400, 'invalid_idempotency_key', message)
  }
  const text = JSON.stringify([principal, key])
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)))
  return `http:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
