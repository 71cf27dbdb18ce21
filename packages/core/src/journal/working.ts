import { type Account, accountKey } from '../accounts/account.js'
import { defaultGatewayFacts, type GatewayFacts } from '../accounts/gateway-facts.js'
import { compareText } from '../accounts/text.js'
import { invariant } from '../errors/index.js'
import type { Book } from './book.js'
import { type DayChanges, dayChangesOf } from './day-totals.js'
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

/** The pages of one unit of work: each command drafts on top of what was accepted before it. */
export interface Working extends View {
  draft(circumstances: Circumstances): Draft
  /** Takes a draft's changes over. A draft that is not accepted leaves nothing behind. */
  accept(draft: Draft): void
  changes(): Changes
}

/** What adapters say of their gateways, by name. */
export type GatewayDirectory = ReadonlyMap<string, GatewayFacts>

export function createWorking(records: Records, gateways: GatewayDirectory): Working {
  const accepted = newLayer<LifeEvent>()
  const layers = new WeakMap<Draft, DraftLayer>()

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

  function draft(circumstances: Circumstances): Draft {
    const own: DraftLayer = newLayer()
    const view = viewOf(own)
    const made: Draft = {
      get book() {
        return view.book
      },
      get: view.get,
      account: view.account,
      accountsOf: view.accountsOf,
      entry: view.entry,
      gateway: view.gateway,
      now: circumstances.now,
      actor: circumstances.actor,
      nextId: circumstances.nextId,
      repeat: circumstances.repeat,
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
      dayOf: (instant) => zoneOf(view.book.timeZone).dayOf(instant),
    }
    layers.set(made, own)
    return made
  }

  function accept(accepting: Draft): void {
    const own = layers.get(accepting)
    invariant(own, 'a draft is accepted by the unit of work that made it')
    layers.delete(accepting)
    if (own.book) accepted.book = own.book
    for (const [key, account] of own.accounts) accepted.accounts.set(key, account)
    for (const [name, changed] of own.kinds) {
      const ofKind = accepted.kinds.get(name)
      if (ofKind) for (const [key, record] of changed) ofKind.set(key, record)
      else accepted.kinds.set(name, changed)
    }
    for (const entry of own.entries) accepted.entries.push(entry)
    const posted = own.entries.map((entry) => entry.id)
    for (const event of own.events) accepted.events.push({ ...event, entries: posted })
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
    draft,
    accept,
    changes: () => ({
      book: accepted.book,
      accounts: accountChanges(records, accepted),
      entries: accepted.entries,
      days: dayChangesOf(accepted.book ?? records.book, records.accounts, accepted.entries),
      records: recordChanges(records, accepted),
      events: accepted.events,
    }),
  }
}

function accountChanges(records: Records, accepted: Layer<LifeEvent>): AccountChange[] {
  return [...accepted.accounts]
    .map(([key, after]) => ({ key, before: records.accounts.get(key) ?? null, after }))
    .sort((a, b) => compareText(a.key, b.key))
}

function recordChanges(records: Records, accepted: Layer<LifeEvent>): RecordChange[] {
  return recordKindNames.flatMap((kind) =>
    [...(accepted.kinds.get(kind) ?? [])]
      .map(([key, after]) => ({ kind, key, before: records.kinds.get(kind)?.get(key) ?? null, after }))
      .sort((a, b) => compareText(a.key, b.key)),
  )
}
