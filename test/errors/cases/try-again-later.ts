import { generateKeyPairSync } from 'node:crypto'
import { createPayPalWebhookVerifier, signPayPalWebhook } from '@escrow-ledger/paypal'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import BetterSqlite3 from 'better-sqlite3'
import { createLedger } from 'escrow-ledger'
import { onTestFinished } from 'vitest'
import type { OpenLedger } from '../../fixtures/open-ledger.js'
import { type RefusedCall, transfer } from '../refused-call.js'

type SqliteDatabase = Extract<Parameters<typeof createSqliteStorage>[0], { database: unknown }>['database']

const entry = transfer('bank:hdfc', 'opening-balances')

/** A database on which the disk fails as soon as it is told to commit, and nothing of it is written. */
function withFailingDisk(database: BetterSqlite3.Database): SqliteDatabase {
  const failing = {
    run() {
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })
    },
  }
  return new Proxy(database, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => (sql === 'COMMIT' ? failing : target.prepare(sql))
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const ledgerOn = (database: SqliteDatabase) =>
  createLedger({ storage: createSqliteStorage({ database, busyDeadlineMs: 10 }) })

/** A webhook of PayPal's, the certificate of which is yet to be read. */
const rawBody = new TextEncoder().encode('{}')
const unreadable = {
  rawBody,
  headers: signPayPalWebhook({
    rawBody,
    webhookId: 'WH-1',
    transmissionId: '1',
    transmittedAt: Date.now(),
    certificateUrl: 'https://api.paypal.com/v1/notifications/certs/CERT-1',
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  }),
}

export const tryAgainLater: readonly RefusedCall[] = [
  {
    code: 'overloaded',
    open: { limits: { maxQueued: 2 } },
    call: async ({ ledger }) => {
      const [first, second, third] = ['s1', 's2', 's3'].map((id) => ledger.escrows.deliver({ id }))
      await Promise.allSettled([first, second])
      return third
    },
    says: '2 commands are waiting in book main. Try again when some of them are done.',
  },
  {
    code: 'storage_busy',
    given: async ({ database }) => database.exec('BEGIN'),
    call: ({ database }) => ledgerOn(database).journal.post(entry),
    says: 'The connection was taken for 10 ms, by a transaction that is open on it or by other users of its pool. End that transaction, or take part in it with ledger.within; or give it longer with busyDeadlineMs.',
  },
  {
    code: 'storage_failed',
    given: async ({ database }) => database.pragma('query_only = ON'),
    call: ({ ledger }) => ledger.journal.post(entry),
    says: 'The database failed, and nothing was changed: attempt to write a readonly database (SQLITE_READONLY). Let this process write to its file and its folder, then call again.',
  },
  {
    code: 'storage_failed',
    given: async ({ database }) =>
      database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`),
    call: ({ ledger }) =>
      ledger.journal.post(Array.from({ length: 100 }, () => ({ ...entry, description: '.'.repeat(400) }))),
    says: 'The database failed, and nothing was changed: database or disk is full (SQLITE_FULL). Make room for it, then call again.',
  },
  {
    code: 'outcome_unknown',
    call: ({ database }) => ledgerOn(withFailingDisk(database)).journal.post(entry, { idempotencyKey: 'k-1' }),
    says: 'The answer of the commit was lost, so it is not known whether this was carried out. Call again under the same idempotency key.',
    facts: { idempotencyKey: 'k-1' },
  },
  {
    code: 'certificate_unavailable',
    call: () =>
      createPayPalWebhookVerifier({
        environment: 'live',
        webhookId: 'WH-1',
        fetchCertificate: () => Promise.reject(new Error('ECONNREFUSED')),
      }).verify(unreadable),
    says: "The certificate at https://api.paypal.com/v1/notifications/certs/CERT-1 could not be read, so nobody can tell yet whether the delivery is PayPal's: ECONNREFUSED. Answer 503, and PayPal sends it again.",
    facts: { gateway: 'paypal', url: 'https://api.paypal.com/v1/notifications/certs/CERT-1' },
  },
  {
    code: 'ledger_closed',
    given: ({ ledger }) => ledger.close(),
    call: ({ ledger }) => ledger.journal.post(entry),
    says: 'This ledger was closed and takes no commands. Create another.',
  },
  {
    code: 'ledger_closed',
    given: ({ ledger }) => ledger.close(),
    call: ({ ledger }) => ledger.books.get(),
    says: 'This storage was closed. Create another.',
  },
  {
    code: 'aborted',
    call: ({ ledger }) => ledger.journal.post(entry, { signal: AbortSignal.abort() }),
    says: 'journal.post was taken back before it was carried out, and nothing was changed. Call again if it is wanted after all.',
  },
  {
    code: 'aborted',
    call: ({ ledger }) => {
      const taking = new AbortController()
      const posting = ledger.journal.post(entry, { signal: taking.signal })
      taking.abort()
      return posting
    },
    says: 'journal.post was taken back before it was carried out, and nothing was changed. Call again if it is wanted after all.',
  },
  {
    code: 'schema_missing',
    call: () => {
      const database = new BetterSqlite3(':memory:')
      onTestFinished(() => void database.close())
      return ledgerOn(database).journal.post(entry)
    },
    says: 'The database has no ledger in it yet. Call ledger.migrate() once, when the application starts.',
  },
  {
    code: 'schema_newer',
    given: async ({ database }: OpenLedger) =>
      database.exec("INSERT INTO ledger_migrations (name, batch) VALUES ('9999-newer', 2)"),
    call: ({ ledger }) => ledger.journal.post(entry),
    says: 'The database was migrated by a newer version of escrow-ledger (9999-newer). Update this one before it is used.',
  },
]
