import { LedgerError } from '../errors/index.js'
import type { Needs } from '../journal/command.js'
import { NotLoaded, type View } from '../journal/draft.js'
import type { Request } from './request.js'

/** The requests of a batch that wait for the next one, and whatever has to wait with them to keep its place. */
export interface Deferral {
  /** Whether a request touches what a deferred one before it touches, so that deciding it now would change the order. */
  mustWait(request: Request, view: View): boolean
  defer(request: Request, view: View): void
}

export function createDeferral(): Deferral {
  const names = new Set<string>()
  let count = 0
  let everything = false

  return {
    mustWait(request, view) {
      if (count === 0) return false
      const reach = everything ? null : reachOf(request, view)
      return reach === null || reach.some((name) => names.has(name))
    },
    defer(request, view) {
      count += 1
      const reach = reachOf(request, view)
      if (reach) for (const name of reach) names.add(name)
      else everything = true
    },
  }
}

/** The names of all that a request may touch; null where it may be anything, or cannot be told before more is loaded. */
function reachOf(request: Request, view: View): string[] | null {
  const further = furtherOf(request, view)
  const needs = [request.direct, ...(further ? [further] : [])]
  if (!further || needs.every(isEmpty)) return null
  return [`key ${request.key}`, ...needs.flatMap(namesOf)]
}

function furtherOf(request: Request, view: View): Needs | null {
  try {
    return request.further?.(view) ?? {}
  } catch (error) {
    if (error instanceof NotLoaded) return null
    if (error instanceof LedgerError) return {}
    throw error
  }
}

function isEmpty(needs: Needs): boolean {
  return Object.values(needs).every((list) => list === undefined || Object.values(list).length === 0)
}

/** Accounts go by their code, since a freeze and a closure hold in every currency. */
function namesOf(needs: Needs): string[] {
  const records = Object.entries(needs.records ?? {}).flatMap(([kind, keys]) =>
    (keys ?? []).map((key) => `${kind} ${key}`),
  )
  const accounts = (needs.accounts ?? []).map(({ code }) => `account ${code}`)
  const codes = (needs.codes ?? []).map((code) => `account ${code}`)
  const entries = (needs.entries ?? []).map((entry) => `entry ${entry}`)
  return [...records, ...accounts, ...codes, ...entries]
}
