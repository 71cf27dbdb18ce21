import { createHash, randomFillSync } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { EntryInput, Money } from 'escrow-ledger'

interface AccountRow {
  readonly account: bigint
  readonly type: string
  readonly floor: bigint | null
  readonly ceiling: bigint | null
  readonly debits_posted: bigint
  readonly credits_posted: bigint
  readonly version: bigint
  readonly frozen: string | null
  readonly closed: bigint
}

const BOOK = 1

/**
 * How a careful user posts an entry without a ledger: in one transaction, look the key up, read the accounts and check
 * them, write the entry with its postings and running balances, the accounts' totals, and the key.
 */
export function createPostByHand(database: Database.Database): (entry: EntryInput, key: string) => void {
  const findKey = database.prepare(`SELECT fingerprint FROM ledger_idempotency_keys WHERE book = ? AND key_hash = ?`)
  const readAccount = database
    .prepare(`SELECT account, type, floor, ceiling, debits_posted, credits_posted, version, frozen, closed
      FROM ledger_accounts WHERE book = ? AND code = ? AND currency = ?`)
    .safeIntegers(true)
  const insertEntry = database.prepare(`INSERT INTO ledger_entries
    (book, postings, id, kind, description, metadata, effective_at, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertPosting = database.prepare(`INSERT INTO ledger_postings
    (book, entry, line, account, version, amount, balance) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const updateAccount = database.prepare(`UPDATE ledger_accounts SET debits_posted = ?, credits_posted = ?, version = ?,
    revision = revision + 1, day = ?, recorded_at = ?, latest_effective_at = ? WHERE account = ?`)
  const insertKey = database.prepare(`INSERT INTO ledger_idempotency_keys
    (book, key_hash, fingerprint, entry) VALUES (?, ?, ?, ?)`)

  const post = database.transaction((entry: EntryInput, keyHash: Buffer, fingerprint: Buffer) => {
    const known = findKey.get(BOOK, keyHash) as { fingerprint: Buffer } | undefined
    if (known) {
      if (!known.fingerprint.equals(fingerprint)) throw new Error('The key was used for another entry.')
      return
    }
    const now = Date.now()
    const { lastInsertRowid: seq } = insertEntry.run(
      BOOK,
      entry.postings.length,
      timeOrderedId(now),
      'journal',
      entry.description ?? '',
      JSON.stringify(entry.metadata ?? {}),
      now,
      now,
    )
    let sum = 0n
    for (const [line, { account: code, debit, credit }] of entry.postings.entries()) {
      const { minor, currency } = (debit ?? credit) as Money
      const amount = debit ? minor : -minor
      const account = readAccount.get(BOOK, code, currency) as AccountRow | undefined
      if (!account) throw new Error(`There is no account ${code}.`)
      const debits = account.debits_posted + (amount > 0n ? amount : 0n)
      const credits = account.credits_posted - (amount > 0n ? 0n : amount)
      checkAccount(account, debits - credits)
      const version = account.version + 1n
      insertPosting.run(BOOK, seq, line, account.account, version, amount, debits - credits)
      updateAccount.run(debits, credits, version, Math.floor(now / 86_400_000), now, now, account.account)
      sum += amount
    }
    if (sum !== 0n) throw new Error('The entry does not balance.')
    insertKey.run(BOOK, keyHash, fingerprint, seq)
  })

  return (entry, key) => post.immediate(entry, digest(key), digest(textOf(entry)))
}

function checkAccount({ type, floor, ceiling, frozen, closed }: AccountRow, debitPositive: bigint): void {
  if (closed !== 0n || frozen !== null) throw new Error('The account takes no postings.')
  const balance = type === 'asset' || type === 'expense' ? debitPositive : -debitPositive
  if (floor !== null && balance < floor) throw new Error('The account has not enough.')
  if (ceiling !== null && balance > ceiling) throw new Error('The account holds too much.')
}

/** Sixteen bytes that sort by time, as the ledger's ids do, so that their index grows at its end. */
function timeOrderedId(now: number): Buffer {
  const id = randomFillSync(Buffer.allocUnsafe(16), 6)
  id.writeUIntBE(now, 0, 6)
  return id
}

function textOf(entry: EntryInput): string {
  return JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, 16)
}
