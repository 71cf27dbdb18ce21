import { createPostgresStorage } from '@escrow-ledger/postgres'
import type { PostgresVersion } from '@escrow-ledger/postgres-server'
import { storageConformance } from '@escrow-ledger/testkit'
import { Client } from 'pg'
import { describe, it } from 'vitest'
import { openMigrated } from './postgres/open-postgres.js'

const isLong = process.env.TEST_LONG === '1'
/** Random examples: the older server tries fewer, since what it is asked is the same. */
const runsOn = { 18: isLong ? 300 : 20, 14: isLong ? 300 : 8 }

describe.each<PostgresVersion>([18, 14])('PostgreSQL %i', (version) => {
  storageConformance({
    describe,
    it,
    runs: runsOn[version],
    async createStorage() {
      const { connectionString, schema } = await openMigrated(version)
      const open = () => createPostgresStorage({ connectionString, schema, maxConnections: 4 })
      const hosts: Client[] = []
      const storage = open()
      return {
        storage,
        reopen: async () => open(),
        async beginHost() {
          const host = new Client({ connectionString })
          hosts.push(host)
          await host.connect()
          const end = async (statement: string) => void (await host.query(statement))
          await host.query('BEGIN')
          return { transaction: host, commit: () => end('COMMIT'), rollback: () => end('ROLLBACK') }
        },
        async close() {
          await Promise.all(hosts.map((host) => host.end()))
          await storage.close()
        },
      }
    },
  })
})
