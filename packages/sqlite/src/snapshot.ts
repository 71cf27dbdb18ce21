import { inTurn } from '@escrow-ledger/sql'
import type { Reads, Runtime } from 'escrow-ledger'
import type { Breath } from './breath.js'
import { type Connection, canReopen, reopen } from './connection.js'
import { type SqliteDatabase, withoutBlocking } from './database.js'
import { hold, isHeld } from './hold.js'
import { TAKEN } from './patience.js'
import { createReads } from './reads.js'
import type { Sessions } from './session.js'

type Read<Result> = (reads: Reads) => Promise<Result>

/** What a storage reads as of one moment with. */
export interface Snapshots {
  readonly connection: Connection
  /** Of the storage's connection. */
  readonly sessions: Sessions
  /** Of connections that are opened for a snapshot: their settings are left alone. */
  readonly plainSessions: Sessions
  readonly runtime: Pick<Runtime, 'yield'>
  readonly breath: Breath
  readonly checkOpen: () => void
}

/** Reads what was committed at one moment, once the connection is free; says that it is taken otherwise. */
export async function readSnapshot<Result>(
  read: Read<Result>,
  snapshots: Snapshots,
  waitMs: number,
): Promise<Result | typeof TAKEN> {
  const { connection, sessions } = snapshots
  const database = await connection.acquire(waitMs)
  if (database === null) return TAKEN
  let apart: SqliteDatabase | null = null
  try {
    snapshots.checkOpen()
    withoutBlocking(database, () => sessions.setUp(database))
    if (withoutBlocking(database, () => keepsSnapshots(database))) apart = reopen(database)
    else return await readHolding(database, read, snapshots)
  } finally {
    await connection.release(database)
  }
  return readApart(apart, read, snapshots)
}

/** A file with a write-ahead log shows a transaction what was there when it began, and nobody waits for it. */
function keepsSnapshots(database: SqliteDatabase): boolean {
  const setting = (name: string) => database.pragma(name, { simple: true })
  return setting('journal_mode') === 'wal' && setting('locking_mode') === 'normal' && canReopen(database)
}

/** In a transaction on a connection that is opened for it. */
async function readApart<Result>(
  database: SqliteDatabase,
  read: Read<Result>,
  { plainSessions, breath, checkOpen }: Snapshots,
): Promise<Result> {
  try {
    database.prepare('BEGIN').run()
    const { statements } = plainSessions.ready(database)
    return await read(
      createReads(async (use) => {
        await breath()
        checkOpen()
        return use(statements)
      }),
    )
  } finally {
    database.close()
  }
}

/**
 * On the storage's own connection, which units of work keep off meanwhile. There is no other to a database in memory; of
 * a file without a write-ahead log, the answer is that the connection is taken where others have written to it.
 */
function readHolding<Result>(
  database: SqliteDatabase,
  read: Read<Result>,
  { sessions, runtime, breath, checkOpen }: Snapshots,
): Promise<Result | typeof TAKEN> {
  // Whatever is done in a transaction of the host's has its turn before or after.
  return inTurn(database, async () => {
    // Units of work that waited for the one before are done when the event loop has gone round.
    await runtime.yield()
    checkOpen()
    if (database.inTransaction || isHeld(database)) return TAKEN
    const letGo = hold(database)
    const version = () => withoutBlocking(database, () => database.pragma('data_version', { simple: true }))
    try {
      const before = version()
      const result = await read(
        createReads(async (use) => {
          await breath()
          checkOpen()
          return withoutBlocking(database, () => use(sessions.ready(database).statements))
        }),
      )
      return version() === before ? result : TAKEN
    } finally {
      letGo()
    }
  })
}
