import type { PooledClient, PostgresPool, PostgresQuery } from '@escrow-ledger/postgres'
import type { Pool } from 'pg'

/** A statement as it was sent. */
export type Sent = PostgresQuery | string

/** A pool that takes down what is asked of its connections. */
export interface Recorder {
  readonly pool: PostgresPool
  /** What was sent since this was last called. */
  take(): Sent[]
}

export function recorderOver(pool: Pool): Recorder {
  let sent: Sent[] = []

  async function connect(): Promise<PooledClient> {
    const client = await pool.connect()
    return {
      query(query) {
        sent.push(query)
        return client.query(query)
      },
      on: (event, listener) => client.on(event, listener),
      off: (event, listener) => client.off(event, listener),
      release: (destroy) => client.release(destroy),
    }
  }

  return {
    pool: { connect, end: () => pool.end() },
    take() {
      const taken = sent
      sent = []
      return taken
    },
  }
}
