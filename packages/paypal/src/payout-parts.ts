import type { Exchange } from 'escrow-ledger'
import { listAt, textAt } from './json-path.js'

/** What is no JSON is an answer of something on the way, and the same for each of many payouts. */
const MOST_TEXT = 500

/** A request about many payouts as it was read once, and what stands in it about each, by its key. */
interface Read {
  part(text: string | null, key: string): string | null
}

const known = new WeakMap<Exchange, { readonly request: Read; readonly answer: Read }>()

/** A request about many payouts, and its answer, without what is about the others. */
export function partOfExchange(exchange: Exchange, key: string): Exchange {
  const { request, answer } = exchange
  let read = known.get(exchange)
  if (!read) {
    const keys = keysOf(parsed(request))
    read = { request: reading(request, keys), answer: reading(answer, keys) }
    known.set(exchange, read)
  }
  return { ...exchange, request: read.request.part(request, key), answer: read.answer.part(answer, key) }
}

/** The index of the item that a field of an error lies in; null where it lies in none. */
export function itemNamed(field: string | null): number | null {
  const [, index] = /^\/?items(?:\[|\/|\.)(\d{1,5})(?:\]|\/|\.|$)/.exec(field ?? '') ?? []
  return index === undefined ? null : Number.parseInt(index, 10)
}

type Json = Readonly<Record<string, unknown>>

function parsed(text: string | null): Json | null {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? (value as Json) : null
  } catch {
    return null
  }
}

const keyOf = (item: unknown): string | null =>
  textAt(item, 'sender_item_id') ?? textAt(item, 'payout_item', 'sender_item_id')

const keysOf = (body: Json | null): readonly (string | null)[] => listAt(body, 'items').map(keyOf)

/** Details name items by their places in the request, whose keys these are. */
function reading(text: string | null, keys: readonly (string | null)[]): Read {
  const body = parsed(text)
  if (body === null) return { part: (whole) => (whole === null ? null : whole.slice(0, MOST_TEXT)) }
  const items = listAt(body, 'items')
  const details = listAt(body, 'details')
  if (items.length <= 1 && details.length <= 1) return { part: (whole) => whole }
  const itemsOf = grouped(items, keyOf)
  const keyNamed = (detail: unknown) => {
    const place = itemNamed(textAt(detail, 'field'))
    return place === null ? null : (keys[place] ?? null)
  }
  const detailsOf = grouped(details, keyNamed)
  const general = detailsOf.get(null) ?? []
  return {
    part: (_, key) =>
      JSON.stringify({
        ...body,
        ...(items.length > 0 ? { items: itemsOf.get(key) ?? [] } : {}),
        ...(details.length > 0 ? { details: [...general, ...(detailsOf.get(key) ?? [])] } : {}),
      }),
  }
}

function grouped(list: readonly unknown[], by: (each: unknown) => string | null): Map<string | null, unknown[]> {
  const groups = new Map<string | null, unknown[]>()
  for (const each of list) {
    const key = by(each)
    const group = groups.get(key)
    if (group) group.push(each)
    else groups.set(key, [each])
  }
  return groups
}
