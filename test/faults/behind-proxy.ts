import { createPostgresStorage } from '@escrow-ledger/postgres'
import { type CommitterLimits, createLedger, type Ledger } from 'escrow-ledger'
import type { Pool } from 'pg'
import { onTestFinished } from 'vitest'
import { START } from '../fixtures/open-ledger.js'
import { openPostgres } from '../postgres/open-postgres.js'
import { startTcpProxy, type TcpProxy } from '../postgres/tcp-proxy.js'

export type Path = 'decided ahead' | 'under locks'

export interface BehindProxy {
  /** Reaches the server by way of the proxy. */
  readonly ledger: Ledger
  /** Reaches it without, to see what is there. */
  readonly direct: Ledger
  readonly proxy: TcpProxy
  readonly pool: Pool
  readonly schema: string
}

export interface BehindProxyOptions {
  readonly path?: Path | undefined
  readonly limits?: CommitterLimits | undefined
  /** Longer than any fault, unless it is given. */
  readonly busyDeadlineMs?: number | undefined
}

/** After so long a connection that says nothing is given up; short, since tests wait for it. */
const SILENCE_MS = 500

/** New books on PostgreSQL behind a proxy. Nothing has gone through the proxy yet but the migration. */
export async function openBehindProxy(options: BehindProxyOptions = {}): Promise<BehindProxy> {
  const { path = 'decided ahead', limits, busyDeadlineMs = 60_000 } = options
  const { connectionString, schema, pool } = await openPostgres()
  const proxy = await startTcpProxy({ connectionString })
  const runtime = { now: () => START }
  const direct = createLedger({ storage: createPostgresStorage({ connectionString, schema }), runtime })
  const through = createPostgresStorage({
    connectionString: proxy.connectionString,
    schema,
    busyDeadlineMs,
    statementTimeoutMs: SILENCE_MS,
    lockTimeoutMs: SILENCE_MS / 2,
  })
  const storage = path === 'decided ahead' ? through : { ...through, ahead: undefined }
  const ledger = createLedger({ storage, limits, runtime })
  onTestFinished(async () => {
    proxy.thaw()
    await Promise.all([ledger.close(), direct.close()])
  })
  await direct.migrate()
  return { ledger, direct, proxy, pool, schema }
}
