import Database from 'better-sqlite3'

/** What makes a commit last, alike for all contenders. */
const durable = ['journal_mode = WAL', 'synchronous = FULL']
/** What else the ledger sets for a file of its own. */
const tuned = ['cache_size = -65536', 'wal_autocheckpoint = 10000']

export function openAsTheLedgerDoes(file: string): Database.Database {
  return openWith(file, [...durable, ...tuned])
}

/** As a careful user opens it: for commits that last, and with SQLite's defaults for the rest. */
export function openAsAUserDoes(file: string): Database.Database {
  return openWith(file, durable)
}

function openWith(file: string, settings: readonly string[]): Database.Database {
  const database = new Database(file)
  for (const setting of settings) database.pragma(setting)
  return database
}

/** A database whose content only serves to make the rows for another: nothing of it has to last. */
export function openScratch(file: string): Database.Database {
  const database = new Database(file, { timeout: 0 })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = OFF')
  return database
}

/** Bytes of the database, with what still lies in the write-ahead log. */
export function sizeOf(database: Database.Database): number {
  const pragma = (name: string) => database.pragma(name, { simple: true }) as number
  return pragma('page_count') * pragma('page_size')
}
