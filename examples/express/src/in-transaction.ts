import { LedgerError } from 'escrow-ledger'
import type { Pool, PoolClient } from 'pg'

const MOST_TRIES = 5

/** Runs work in one transaction, and again from its start where it was only in somebody's way. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    const client = await pool.connect()
    let broken = false
    try {
      await client.query('BEGIN')
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true
      })
      if (tries === MOST_TRIES || !mayPass(error)) throw error
    } finally {
      client.release(broken)
    }
  }
}

/** A deadlock or a serialization failure, in a statement of ours or in the ledger's. */
function mayPass(error: unknown): boolean {
  if (error instanceof LedgerError) return error.code === 'storage_busy'
  return ['40001', '40P01'].includes(codeOf(error) ?? '')
}

/** PostgreSQL's code of an error, such as `23505` for a value that was to be unique. */
export function codeOf(error: unknown): string | null {
  const code = (error as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' ? code : null
}
