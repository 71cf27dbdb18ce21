import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { storageConformance, withoutAhead, withoutJoining } from '@escrow-ledger/testkit'
import BetterSqlite3 from 'better-sqlite3'
import { describe, it } from 'vitest'

const runs = process.env.TEST_LONG === '1' ? 300 : undefined
const noNetwork = withoutAhead('SQLite decides under locks, since nothing waits for a network.')
const inMemory = 'A database in memory belongs to one connection and ends with it.'

describe('SQLite in memory', () => {
  storageConformance({
    describe,
    it,
    runs,
    async createStorage() {
      const storage = createSqliteStorage({ filename: ':memory:' })
      return { storage, close: () => storage.close() }
    },
    skip: {
      ...noNetwork,
      ...withoutJoining(inMemory),
      'keeps what it answered': inMemory,
      'holds between two that have the books open': inMemory,
    },
  })
})

describe('SQLite in a file', () => {
  storageConformance({
    describe,
    it,
    runs,
    async createStorage() {
      const folder = mkdtempSync(join(tmpdir(), 'escrow-ledger-'))
      const filename = join(folder, 'books.sqlite')
      const hosts: BetterSqlite3.Database[] = []
      const open = () => createSqliteStorage({ filename })
      const storage = open()
      return {
        storage,
        reopen: async () => open(),
        async beginHost() {
          const database = new BetterSqlite3(filename)
          hosts.push(database)
          const end = async (statement: string) => {
            database.exec(statement)
          }
          database.exec('BEGIN')
          return { transaction: database, commit: () => end('COMMIT'), rollback: () => end('ROLLBACK') }
        },
        async close() {
          for (const host of hosts) host.close()
          await storage.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
    skip: noNetwork,
  })
})
