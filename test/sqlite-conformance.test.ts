import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { storageConformance, withoutAhead } from '@escrow-ledger/testkit'
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
      const open = () => createSqliteStorage({ filename: join(folder, 'books.sqlite') })
      const storage = open()
      return {
        storage,
        reopen: async () => open(),
        async close() {
          await storage.close()
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
    skip: noNetwork,
  })
})
