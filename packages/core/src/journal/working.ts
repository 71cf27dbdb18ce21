import { type Account, accountKey } from '../accounts/account.js'
import { defaultGatewayFacts, type GatewayFacts } from '../accounts/gateway-facts.js'
import { compareText, inTextOrder } from '../accounts/text.js'
import { invariant } from '../errors/index.js'
import type { Book } from './book.js'
import { type DayChanges, dayChangesOf, noDayChanges, stayOnLatestDay } from './day-totals.js'
import { type Circumstances, type Draft, NotLoaded, type View } from './draft.js'
import type { Entry } from './entry.js'
import { zoneOf } from './local-day.js'
import { type LifeEvent, type RecordKindName, type Records, recordKindNames, type Versioned } from './records.js'

/** Everything a unit of work writes, in the canonical order of its keys. */
export interface Changes {
  readonly book: Book | null
  readonly accounts: readonly AccountChange[]
  readonly entries: readonly Entry[]
  readonly days: DayChanges
  readonly records: readonly RecordChange[]
  readonly events: readonly LifeEvent[]
}

export interface AccountChange {
  readonly key: string
  readonly before: Account | null
  readonly after: Account
}

export interface RecordChange {
  readonly kind: RecordKindName
  readonly key: string
  readonly before: Versioned | null
  readonly after: Versioned
}

/** What one command has changed so far, or all the accepted ones together. */
interface Layer<Event> {
  book: Book | null
  readonly accounts: Map<string, Account>
  readonly kinds: Map<RecordKindName, Map<string, Versioned>>
  readonly entries: Entry[]
  readonly events: Event[]
}

type DraftLayer = Layer<Omit<LifeEvent, 'entries'>>

function newLayer<Event>(): Layer<Event> {
  return { book: null, accounts: new Map(), kinds: new Map(), entries: [], events: [] }
}

function clear(layer: DraftLayer): void {
  layer.book = null
  layer.accounts.clear()
  for (const ofKind of layer.kinds.values()) ofKind.clear()
  layer.entries.length = 0
  layer.events.length = 0
}

/** The pages of one unit of work: each command drafts on top of what was accepted before it. */
export interface Working extends View {
  /** An empty draft for the next command. There is one at a time: what the last one held is gone unless it was accepted. */
  draft(circumstances: Circumstances): Draft
  /** Takes the draft's changes over. */
  accept(): void
  changes(): Changes
}

/** What adapters say of their gateways, by name. */
export type GatewayDirectory = ReadonlyMap<string, GatewayFacts>

export function createWorking(records: Records, gateways: GatewayDirectory): Working {
  const accepted = newLayer<LifeEvent>()
  const own: DraftLayer = newLayer()

  function viewOf(own: DraftLayer | null): View {
    return {
      get book() {
        return own?.book ?? accepted.book ?? records.book
      },
      get(kind, key) {
        const changed = own?.kinds.get(kind.name)?.get(key) ?? accepted.kinds.get(kind.name)?.get(key)
        const found = changed ?? records.kinds.get(kind.name)?.get(key)
        if (found === undefined) throw new NotLoaded(`${kind.name} ${key}`)
        // The kind names the table, and the table holds nothing else.
        return found as never
      },
      account(code, currency) {
        const key = accountKey(code, currency)
        const found = own?.accounts.get(key) ?? accepted.accounts.get(key) ?? records.accounts.get(key)
        if (found === undefined) throw new NotLoaded(`account ${key}`)
        return found
      },
      accountsOf(code) {
        const all = new Map<string, Account | null>(records.accounts)
        for (const layer of own ? [accepted, own] : [accepted]) {
          for (const [key, account] of layer.accounts) all.set(key, account)
        }
        return [...all.values()]
          .filter((account): account is Account => account?.code === code)
          .sort((a, b) => compareText(a.currency, b.currency))
      },
      entry(id) {
        const found = records.entries.get(id)
        if (found === undefined) throw new NotLoaded(`entry ${id}`)
        return found
      },
      gateway: (name) => gateways.get(name) ?? defaultGatewayFacts(name),
    }
  }

  const onTop = viewOf(own)
  let circumstances: Circumstances | null = null

  function current(): Circumstances {
    invariant(circumstances, 'a draft is begun before it is written on')
    return circumstances
  }

  /** One object for all commands of the unit of work, since a batch has many and each is done with it when it returns. */
  const draft: Draft = {
    get book() {
      return onTop.book
    },
    get: onTop.get,
    account: onTop.account,
    accountsOf: onTop.accountsOf,
    entry: onTop.entry,
    gateway: onTop.gateway,
    get now() {
      return current().now
    },
    get actor() {
      return current().actor
    },
    nextId: () => current().nextId(),
    repeat: (entries) => current().repeat(entries),
    posted: own.entries,
    put(kind, record) {
      const ofKind = own.kinds.get(kind.name) ?? new Map<string, Versioned>()
      own.kinds.set(kind.name, ofKind)
      ofKind.set(kind.keyOf(record), record)
    },
    putAccount: (account) => void own.accounts.set(accountKey(account.code, account.currency), account),
    putBook: (book) => {
      own.book = book
    },
    addEntry: (entry) => void own.entries.push(entry),
    log: (event) => void own.events.push(event),
    dayOf: (instant) => zoneOf(onTop.book.timeZone).dayOf(instant),
  }

  function accept(): void {
    if (own.book) accepted.book = own.book
    for (const [key, account] of own.accounts) accepted.accounts.set(key, account)
    for (const [name, changed] of own.kinds) {
      const ofKind = accepted.kinds.get(name) ?? new Map<string, Versioned>()
      accepted.kinds.set(name, ofKind)
      for (const [key, record] of changed) ofKind.set(key, record)
    }
    for (const entry of own.entries) accepted.entries.push(entry)
    if (own.events.length > 0) {
      const posted = own.entries.map((entry) => entry.id)
      for (const event of own.events) accepted.events.push({ ...event, entries: posted })
    }
    clear(own)
  }

  const base = viewOf(null)
  return {
    get book() {
      return base.book
    },
    get: base.get,
    account: base.account,
    accountsOf: base.accountsOf,
    entry: base.entry,
    gateway: base.gateway,
    draft(next) {
      clear(own)
      circumstances = next
      return draft
    },
    accept,
    changes() {
      const book = accepted.book ?? records.book
      const accounts = accountChanges(records, accepted)
      const usual = stayOnLatestDay(book, accounts, accepted.entries)
      return {
        book: accepted.book,
        accounts,
        entries: accepted.entries,
        days: usual ? noDayChanges : dayChangesOf(book, records.accounts, accepted.entries),
        records: recordChanges(records, accepted),
        events: accepted.events,
      }
    },
  }
}

function accountChanges(records: Records, accepted: Layer<LifeEvent>): AccountChange[] {
  return inTextOrder(accepted.accounts.keys()).map((key) => ({
    key,
    before: records.accounts.get(key) ?? null,
    after: accepted.accounts.get(key) as Account,
  }))
}

function recordChanges(records: Records, accepted: Layer<LifeEvent>): RecordChange[] {
  return recordKindNames.flatMap((kind) => {
    const changed = accepted.kinds.get(kind) ?? new Map<string, Versioned>()
    return inTextOrder(changed.keys()).map((key) => ({
      kind,
      key,
      before: records.kinds.get(kind)?.get(key) ?? null,
      after: changed.get(key) as Versioned,
    }))
  })
}
