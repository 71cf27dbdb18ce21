import type { SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { badRequest } from './refusal.js'

interface Dated {
  /** Seconds since 1970. */
  readonly createdAt: number
}

/** A page of what there is, newest first, as the parameters from, to, count and skip ask for. */
export function answerCollection<T extends Dated>(
  request: SandboxRequest,
  all: Iterable<T>,
  entity: (item: T) => unknown,
  most = 100,
): SandboxAnswer {
  const { from, to, count, skip } = readPage(request, most)
  const matching = [...all].reverse().filter(({ createdAt }) => createdAt >= from && createdAt <= to)
  return answerItems(matching.slice(skip, skip + count).map(entity))
}

/** All of some items, unpaged. */
export const answerItems = (items: readonly unknown[]): SandboxAnswer => ({ status: 200, body: collection(items) })

export const collection = (items: readonly unknown[]) => ({ entity: 'collection', count: items.length, items })

export function readPage({ query }: SandboxRequest, most: number) {
  const number = (name: string, fallback: number): number => {
    const text = query.get(name)
    if (text === null || text === '') return fallback
    if (!/^\d+$/.test(text)) throw badRequest(`The ${name} must be an integer.`, { field: name })
    return Number(text)
  }
  const count = number('count', 10)
  if (count < 1) throw badRequest('The count must be at least 1.', { field: 'count' })
  if (count > most) throw badRequest(`The count may not be greater than ${most}.`, { field: 'count' })
  return { from: number('from', 0), to: number('to', Number.MAX_SAFE_INTEGER), count, skip: number('skip', 0) }
}
