import pg, { type Pool } from 'pg'

/** Where a contender has its tables: on a server, in a schema or in several whose names begin alike. */
export interface PostgresPlace {
  readonly connectionString: string
  readonly schema: string
}

export function writePlace(place: PostgresPlace): string {
  return JSON.stringify(place)
}

/** Reads what `writePlace` wrote. */
export function readPlace(text: string): PostgresPlace {
  return JSON.parse(text) as PostgresPlace
}

/** Connections on which names without a schema mean the tables of this one. */
export function poolOf(
  { connectionString, schema }: PostgresPlace,
  { connections, settings = {} }: { connections: number; settings?: Readonly<Record<string, string>> },
): Pool {
  const options = Object.entries({ search_path: schema, ...settings })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
  return new pg.Pool({ connectionString, max: connections, options })
}
