import type { PostgresClient } from './rate-store.js'

interface Place {
  readonly schema: string | undefined
  readonly table: string
}

/**
 * Sees to the table of counts, once for all of them; what failed is tried again by whoever asks next. A role that may not
 * make tables, as the application's ought not to, is content with one that is there. Throws for names that need quotes.
 */
export function createTable(client: PostgresClient, { schema, table }: Place): () => Promise<void> {
  for (const name of [table, ...(schema === undefined ? [] : [schema])]) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) throw new Error(`Rate limits cannot stand in ${name}.`)
  }
  const place = schema === undefined ? `"${table}"` : `"${schema}"."${table}"`
  let made: Promise<void> | null = null

  async function make(): Promise<void> {
    const { rows } = await client.query({ text: `SELECT to_regclass('${place}') IS NOT NULL AS there` })
    if ((rows[0] as { there: boolean } | undefined)?.there) return
    await client.query({ text: creation(place) }).catch((error: unknown) => {
      if (!isMeanwhileThere(error)) throw error
    })
  }

  return async () => {
    made ??= make()
    try {
      await made
    } catch (error) {
      made = null
      throw error
    }
  }
}

/** As `rate-limiter-flexible` reads it. */
const creation = (place: string) =>
  `CREATE TABLE IF NOT EXISTS ${place} (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`

/** PostgreSQL lets two that make a table at once collide, in spite of IF NOT EXISTS. */
function isMeanwhileThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['23505', '42P07'].includes(String(error.code))
}
