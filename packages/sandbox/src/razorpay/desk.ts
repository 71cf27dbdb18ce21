import { createBalanceSheet } from '../world/balance-sheet.js'
import type { World } from '../world/world.js'
import { type Books, createBooks } from './books.js'
import { createIdempotency } from './idempotency.js'
import type { Settings } from './settings.js'
import { createStore, prefixes, type Store } from './store.js'

/** What every part of the stand-in works with. */
export interface Desk {
  readonly settings: Settings
  readonly store: Store
  readonly books: Books
  /** Does a thing once under an idempotency key. */
  readonly once: ReturnType<typeof createIdempotency>
  /** Seconds since 1970, as Razorpay tells time. */
  seconds(): number
  newId(table: keyof Store): string
  newAdjustmentId(): string
  /** Made-up references of banks: `UTR` and digits. */
  newReference(prefix: string, length: number): string
  /** Does something after so many milliseconds. */
  later(ms: number, what: () => void): void
  at(ms: number, what: () => void): void
  nowMs(): number
  /**
   * Tells an event with the entities that it is about, by kind. It happened in the merchant's own account, unless another
   * is named.
   */
  tell(event: string, entities: Readonly<Record<string, unknown>>, accountId?: string): void
}

export function createDesk(world: World, settings: Settings): Desk {
  const { clock } = world
  const seconds = () => Math.floor(clock.now() / 1000)
  return {
    settings,
    store: createStore(),
    books: createBooks(createBalanceSheet()),
    once: createIdempotency(),
    seconds,
    newId: (table) => world.newId(prefixes[table], 14),
    newAdjustmentId: () => world.newId('adj_', 14),
    newReference: (prefix, length) => world.newId(prefix, length, '0123456789'),
    later: (ms, what) => world.schedule(clock.now() + ms, what),
    at: (ms, what) => world.schedule(ms, what),
    nowMs: () => clock.now(),
    tell(event, entities, accountId = settings.accountId) {
      const payload = Object.fromEntries(Object.entries(entities).map(([kind, entity]) => [kind, holdEntity(entity)]))
      const contains = Object.keys(entities)
      world.deliver({
        event,
        body: { entity: 'event', account_id: accountId, event, contains, payload, created_at: seconds() },
      })
    },
  }
}

/** An entity may come with data beside it: `{ entity, data }` is taken as it is. */
const holdEntity = (given: unknown): unknown =>
  typeof given === 'object' &&
  given !== null &&
  'data' in given &&
  'entity' in given &&
  typeof given.entity === 'object'
    ? given
    : { entity: given }
