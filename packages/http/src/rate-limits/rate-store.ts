import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { createTable } from './rate-table.js'

/** Where counts are kept: in this process, or where all processes see them. */
export type RateStore =
  | 'memory'
  | {
      /** A pool or a client of `pg`. */
      readonly postgres: PostgresClient
      /** Where the table stands; the first of the search path unless it is given. */
      readonly schema?: string | undefined
      /** `rate_limits` unless it is given. It is made when it is not there. */
      readonly table?: string | undefined
    }
  /** A client of `ioredis`, or a connected one of `redis` (4 or later). */
  | { readonly redis: object }

/** The part of `pg` that is used. */
export interface PostgresClient {
  query(query: { readonly text: string; readonly values?: unknown[] }): Promise<{ readonly rows: readonly unknown[] }>
}

export interface Settings {
  readonly points: number
  /** In seconds. */
  readonly duration: number
  readonly keyPrefix: string
}

/** Counts a request. Rejects with a `RateLimiterRes` where there were too many, and with an error where it cannot count. */
export type Consume = (key: string) => Promise<RateLimiterRes>

/** Makes the counters of a store. Throws for what is no store, so that a process that could not count does not start. */
export function openRateStore(store: RateStore): (settings: Settings) => Consume {
  if (store === 'memory') {
    return (settings) => {
      const limiter = new RateLimiterMemory(settings)
      return (key) => limiter.consume(key)
    }
  }
  return 'redis' in store ? inRedis(store.redis) : inPostgres(store)
}

function inRedis(client: object): (settings: Settings) => Consume {
  if (!client) throw new Error('createRateLimiter() was given no client of Redis.')
  // Only ioredis has it; the other client is called in another way.
  const isIoredis = 'defineCommand' in client
  return (settings) => {
    const limiter = new RateLimiterRedis({ ...settings, storeClient: client, useRedisPackage: !isIoredis })
    return (key) => limiter.consume(key)
  }
}

type InPostgres = Extract<RateStore, { readonly postgres: unknown }>

function inPostgres({ postgres, schema, table = 'rate_limits' }: InPostgres): (settings: Settings) => Consume {
  if (!postgres) throw new Error('createRateLimiter() was given no client of PostgreSQL.')
  // Without names: behind a pooler the next connection does not know what the last one has prepared.
  const storeClient = { query: ({ text, values }: Query) => postgres.query(values ? { text, values } : { text }) }
  const place = { tableName: table, ...(schema === undefined ? {} : { schemaName: schema }) }
  const ready = createTable(postgres, { schema, table })
  return (settings) => {
    const limiter = new RateLimiterPostgres({
      ...settings,
      ...place,
      storeClient,
      storeType: 'pool',
      tableCreated: true,
    })
    return async (key) => {
      await ready()
      return limiter.consume(key)
    }
  }
}

interface Query {
  readonly text: string
  readonly values?: unknown[]
}
