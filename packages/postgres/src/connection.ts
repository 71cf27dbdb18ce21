import type { Runtime } from 'escrow-ledger'
import type { Knex } from 'knex'
import type { PooledClient, PostgresClient, PostgresPool } from './client.js'
import { isAway, isNoneFree, NoAnswer, noConnectionError } from './errors.js'

/** A connection for as long as one unit of work, one read or one migration needs it. */
export interface Lent {
  readonly client: PostgresClient
  /** Gives it back; one that is broken, or in the middle of something, is thrown away. */
  release(broken: boolean): void
}

/** Where connections come from, whoever owns them. */
export interface Connections {
  /** Resolves to null when no connection was free within so many milliseconds. */
  acquire(waitMs: number): Promise<Lent | null>
  close(): Promise<void>
}

/** Connections of a pool, the host's or our own. */
export function poolConnections(pool: PostgresPool, { runtime, own }: { runtime: Runtime; own: boolean }): Connections {
  return {
    async acquire(waitMs) {
      const client = await within(pool.connect(), { waitMs, runtime, giveBack: (late) => late.release() })
      return client && lend(client, (broken) => client.release(broken))
    },
    close: async () => (own ? pool.end() : undefined),
  }
}

/** Connections of the host's knex, from its pool: what runs on them never joins a transaction of the host's. */
export function knexConnections(knex: Knex, runtime: Runtime): Connections {
  type KnexClient = PooledClient & { __knex__disposed?: unknown }
  const release = (client: KnexClient) => void knex.client.releaseConnection(client)
  return {
    async acquire(waitMs) {
      const acquiring = knex.client.acquireConnection() as Promise<KnexClient>
      const client = await within(acquiring, { waitMs, runtime, giveBack: release })
      return (
        client &&
        lend(client, (broken) => {
          // What knex finds marked so is not lent again.
          if (broken) client.__knex__disposed = new Error('The connection was lost.')
          release(client)
        })
      )
    },
    async close() {},
  }
}

/** While nobody waits for an answer, an error of the socket has nowhere to go, and would end the process. */
function lend(client: PostgresClient, giveBack: (broken: boolean) => void): Lent {
  let broken = false
  const onError = () => {
    broken = true
  }
  client.on('error', onError)
  return {
    client,
    release(given) {
      client.off('error', onError)
      giveBack(given || broken)
    },
  }
}

/** Why a time-out is called off; without it every abort would make an error with its stack. */
const ANSWERED = 'answered'

async function within<Found>(
  acquiring: Promise<Found>,
  { waitMs, runtime, giveBack }: { waitMs: number; runtime: Runtime; giveBack: (late: Found) => void },
): Promise<Found | null> {
  const waiting = new AbortController()
  const late = runtime.sleep(waitMs, waiting.signal).then(() => null)
  try {
    const found = await Promise.race([acquiring, late])
    // The pool's answer is still to come then: it is given back at once.
    if (found === null) acquiring.then(giveBack, () => {})
    return found
  } catch (error) {
    if (isNoneFree(error)) return null
    throw isAway(error) ? error : noConnectionError(error)
  } finally {
    waiting.abort(ANSWERED)
  }
}

/** A connection for one use: its silence comes to an end, and it knows whether it is good for another use. */
export interface AttentiveClient extends PostgresClient {
  /** Whether the connection was lost, or is in the middle of something that could not be taken back. */
  readonly isBroken: () => boolean
}

export function createAttentiveClient(
  client: PostgresClient,
  options: { readonly waitMs: number; readonly runtime: Runtime },
): AttentiveClient {
  let broken = false
  return {
    isBroken: () => broken,
    async query(query) {
      try {
        return await answered(client.query(query), options)
      } catch (error) {
        broken ||= isAway(error) || query === 'ROLLBACK'
        throw error
      }
    },
    on: (event, listener) => client.on(event, listener),
    off: (event, listener) => client.off(event, listener),
  }
}

/** Rejects when an answer does not come in time, however silent the network is. */
async function answered<Answer>(
  answer: Promise<Answer>,
  { waitMs, runtime }: { waitMs: number; runtime: Runtime },
): Promise<Answer> {
  const waiting = new AbortController()
  const late = runtime.sleep(waitMs, waiting.signal).then(() => {
    throw new NoAnswer(`no answer within ${waitMs} ms`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([answer, late])
  } finally {
    waiting.abort(ANSWERED)
    answer.catch(() => {})
  }
}
