/** The members of better-sqlite3's connection that this package uses. */
export interface SqliteDatabase {
  readonly name: string
  readonly memory: boolean
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): SqliteStatement
  pragma(source: string, options?: { simple?: boolean }): unknown
  close(): unknown
}

interface SqliteStatement {
  readonly reader: boolean
  run(...values: unknown[]): { readonly changes: number }
  get(...values: unknown[]): unknown
  all(...values: unknown[]): unknown[]
  raw(toggle?: boolean): this
  safeIntegers(toggle?: boolean): this
}

/** Runs `work`, which must not await, so that a lock that others hold fails at once instead of stopping the event loop. */
export function withoutBlocking<Result>(database: SqliteDatabase, work: () => Result): Result {
  const timeoutMs = blockingMs(database)
  if (timeoutMs === 0) return work()
  setBlockingMs(database, 0)
  try {
    return work()
  } finally {
    setBlockingMs(database, timeoutMs)
  }
}

/** How long a statement stops everything to wait for a lock. */
export function blockingMs(database: SqliteDatabase): number {
  return Number(database.pragma('busy_timeout', { simple: true }))
}

export function setBlockingMs(database: SqliteDatabase, timeoutMs: number): void {
  database.pragma(`busy_timeout = ${timeoutMs}`)
}
