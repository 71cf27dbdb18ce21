import { type AccountRef, accountKey } from '../accounts/account.js'
import { inTextOrder } from '../accounts/text.js'
import { LedgerError } from '../errors/index.js'
import type { Needs } from '../journal/command.js'
import { NotLoaded, type View } from '../journal/draft.js'
import { type RecordKindName, type Records, recordKindNames } from '../journal/records.js'
import { createWorking, type GatewayDirectory } from '../journal/working.js'
import { type LoadKeys, load, type Work } from '../storage/index.js'
import type { Request } from './request.js'

/** Loads in two stages, since some keys are known only from records. Whoever needs the whole book locks it first. */
export function* loadNeeds(requests: readonly Request[], gateways: GatewayDirectory): Work<Records> {
  const staged = requests.filter((request) => request.further)
  const wholeBook = requests.some((request) => request.direct.wholeBook)
  if (staged.length === 0) return yield* load(loadKeysOf(requests.map((request) => request.direct)))
  const first = yield* load({ ...loadKeysOf(staged.map((request) => request.direct)), wholeBook })
  const view: View = createWorking(first, gateways)
  const further = staged.map((request) => furtherNeeds(request, view))
  const second = loadKeysOf([
    ...requests.filter((request) => !request.further).map((request) => request.direct),
    ...further,
  ])
  const missing = { ...without(second, first), wholeBook: false }
  return isEmpty(missing) ? first : merge(first, yield* load(missing))
}

/** A command whose further needs cannot be named yet is decided on what is there, and deferred by what is not. */
function furtherNeeds(request: Request, view: View): Needs {
  try {
    return request.further?.(view) ?? {}
  } catch (error) {
    if (error instanceof LedgerError || error instanceof NotLoaded) return {}
    throw error
  }
}

/** Joins what several requests need into one load, in the canonical order. */
export function loadKeysOf(needs: readonly Needs[]): LoadKeys {
  const records = new Map<RecordKindName, Set<string>>()
  const accounts = new Map<string, AccountRef>()
  const codes = new Set<string>()
  const entries = new Set<string>()
  for (const need of needs) {
    for (const account of need.accounts ?? []) accounts.set(accountKey(account.code, account.currency), account)
    for (const code of need.codes ?? []) codes.add(code)
    for (const entry of need.entries ?? []) entries.add(entry)
    if (need.records === undefined) continue
    for (const name of recordKindNames) {
      const keys = need.records[name]
      if (!keys?.length) continue
      const set = records.get(name) ?? new Set()
      records.set(name, set)
      for (const key of keys) set.add(key)
    }
  }
  return {
    records: new Map(
      recordKindNames.flatMap((name) => (records.has(name) ? [[name, sortedUnique(records.get(name) ?? [])]] : [])),
    ),
    accounts: inTextOrder(accounts.keys()).map((key) => accounts.get(key) as AccountRef),
    codes: sortedUnique(codes),
    entries: sortedUnique(entries),
    wholeBook: needs.some((need) => need.wholeBook),
  }
}

export function sortedUnique(keys: Iterable<string>): string[] {
  return inTextOrder(new Set(keys))
}

function without(keys: LoadKeys, loaded: Records): LoadKeys {
  return {
    records: new Map(
      [...keys.records].flatMap(([name, list]) => {
        const rest = list.filter((key) => !loaded.kinds.get(name)?.has(key))
        return rest.length > 0 ? [[name, rest] as const] : []
      }),
    ),
    accounts: keys.accounts.filter(({ code, currency }) => !loaded.accounts.has(accountKey(code, currency))),
    codes: keys.codes,
    entries: keys.entries.filter((id) => !loaded.entries.has(id)),
    wholeBook: keys.wholeBook,
  }
}

function isEmpty(keys: LoadKeys): boolean {
  return keys.records.size === 0 && keys.accounts.length === 0 && keys.codes.length === 0 && keys.entries.length === 0
}

function merge(first: Records, second: Records): Records {
  const kinds = new Map(first.kinds)
  for (const [name, records] of second.kinds) kinds.set(name, new Map([...(kinds.get(name) ?? []), ...records]))
  return {
    book: second.book,
    accounts: new Map([...first.accounts, ...second.accounts]),
    entries: new Map([...first.entries, ...second.entries]),
    kinds,
  }
}
