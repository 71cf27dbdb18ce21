import type { SqliteDatabase } from './database.js'

/** Connections that are read as of one moment, each until that is over; those that are gone take their entry with them. */
const holds = new WeakMap<SqliteDatabase, Promise<void>>()

/** Keeps units of work off a connection, whichever storage they come from, until what is returned is called. */
export function hold(database: SqliteDatabase): () => void {
  let letGo = () => {}
  holds.set(
    database,
    new Promise((resolve) => {
      letGo = resolve
    }),
  )
  return () => {
    holds.delete(database)
    letGo()
  }
}

export function isHeld(database: SqliteDatabase): boolean {
  return holds.has(database)
}

/** Resolves when nobody holds the connection. Somebody else may by the time that the caller goes on. */
export async function untilLetGo(database: SqliteDatabase): Promise<void> {
  while (holds.has(database)) await holds.get(database)
}
