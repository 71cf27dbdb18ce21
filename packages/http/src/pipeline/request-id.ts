import type { Runtime } from 'escrow-ledger'

/** The id that a proxy gave the request, where it is one that logs can bear; else one of our own. */
export function requestIdOf(headers: Headers, { random }: Pick<Runtime, 'random'>): string {
  const given = headers.get('x-request-id')
  if (given !== null && /^[A-Za-z0-9._-]{8,64}$/.test(given)) return given
  return [...random(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
