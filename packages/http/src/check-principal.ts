import { type Principal, roles } from './principal.js'
import { Problem } from './problem.js'

/** Control characters, and those that show nothing or turn the text around, by which one id can look like another. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u

/** How many Unicode characters a text has, as the ledger and JSON Schema count them: a pair of surrogates is one. */
export function charactersIn(text: string): number {
  return [...text].length
}

/** Why nobody can have an id; null for one that somebody can have. */
export function idProblem(id: string): string | null {
  if (id.length < 1 || charactersIn(id) > 128) return 'an id has 1 to 128 characters'
  if (unseen.test(id) || id !== id.trim()) return 'an id has no unseen characters'
  return id.normalize('NFC') === id ? null : 'an id is in Unicode normal form C'
}

/**
 * A principal as the ledger can trust it: an id of 1 to 128 characters in one normal form, and known roles. Ids are compared
 * exactly, so that what merely looks like somebody's id is nobody's. The end of a trial is a time. Throws a `Problem` with 401 `invalid_principal`.
 */
export function checkPrincipal(principal: Principal): Principal {
  const { id, trialEndsAt } = principal
  const wrong = (what: string) => new Problem(401, 'invalid_principal', `These credentials name nobody: ${what}.`)
  const problem = typeof id === 'string' ? idProblem(id) : 'an id is a text'
  if (problem !== null) throw wrong(problem)
  if (!Array.isArray(principal.roles)) throw wrong('they name no roles')
  // One that is no time would let a trial go on for ever, or stop at an error.
  if (trialEndsAt !== undefined && !isTime(trialEndsAt)) throw wrong('the end of their trial is a time')
  return { ...principal, roles: principal.roles.filter((role) => roles.includes(role)) }
}

function isTime(ms: unknown): boolean {
  return typeof ms === 'number' && !Number.isNaN(new Date(ms).getTime())
}
