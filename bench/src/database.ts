import Database from 'better-sqlite3'

/** The settings with which the ledger opens a file of its own, so that all contenders have the same. */
const settings = ['journal_mode = WAL', 'synchronous = FULL', 'cache_size = -65536', 'wal_autocheckpoint = 10000']

export function openAsTheLedgerDoes(file: string): Database.Database {
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
