import { createHash, randomFillSync } from 'node:crypto'
import type { EntryInput, Money } from 'escrow-ledger'
import type { PoolClient } from 'pg'
import type { UserDatabase } from '../workload.js'

interface AccountRow {
  readonly account: string
  readonly code: string
  readonly currency: string
  readonly type: string
  readonly floor: string | null
  readonly ceiling: string | null
  readonly debits_posted: string
  readonly credits_posted: string
  readonly version: string
  readonly frozen: string | null
  readonly closed: boolean
}

const findKey = statement(`SELECT fingerprint FROM ledger_idempotency_keys WHERE book = $1 AND key_hash = $2`)
const insertKey = statement(`INSERT INTO ledger_idempotency_keys (book, key_hash, fingerprint, entry)
  VALUES ($1, $2, $3, $4)`)
const lockAccounts = statement(`SELECT account, code, currency, type, floor, ceiling, debits_posted, credits_posted,
    version, frozen, closed
  FROM ledger_accounts WHERE book = $1 AND code = ANY ($2) AND currency = ANY ($3) ORDER BY account FOR UPDATE`)
const insertEntry = statement(`INSERT INTO ledger_entries
  (book, postings, id, kind, description, metadata, effective_at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
const insertPosting = statement(`INSERT INTO ledger_postings (book, entry, line, account, version, amount, balance)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`)
const updateAccount = statement(`UPDATE ledger_accounts SET debits_posted = $1, credits_posted = $2, version = $3,
  revision = revision + 1, day = $4, recorded_at = $5, latest_effective_at = $6 WHERE book = $7 AND account = $8`)

/** A statement that each connection prepares once. */
function statement(text: string) {
  const name = `by_hand_${digest(text)}`
  return (values: unknown[]) => ({ name, text, values })
}

/**
 * How a careful user posts an entry without a ledger: in one transaction, look the key up and keep it, lock the accounts
 * in the order of their ids and check them, write the entry, its postings with running balances, and the accounts'
 * totals.
 */
export async function postByHand(
  { pool, book }: Pick<UserDatabase, 'pool' | 'book'>,
  { entry, idempotencyKey }: { entry: EntryInput; idempotencyKey: string },
): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await post({ client, book }, entry, { keyHash: digest(idempotencyKey), fingerprint: digest(textOf(entry)) })
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function post(
  { client, book }: { client: PoolClient; book: string },
  entry: EntryInput,
  { keyHash, fingerprint }: { keyHash: string; fingerprint: string },
): Promise<void> {
  const id = timeOrderedId(Date.now())
  const known = await client.query<{ fingerprint: string }>(findKey([book, keyHash]))
  if (known.rows[0]) {
    if (known.rows[0].fingerprint.replaceAll('-', '') === fingerprint) return
    throw new Error('The key was used for another entry.')
  }
  await client.query(insertKey([book, keyHash, fingerprint, id]))
  const postings = entry.postings.map(({ account, debit, credit }) => {
    const { minor, currency } = (debit ?? credit) as Money
    return { account, currency, amount: debit ? minor : -minor }
  })
  if (postings.reduce((sum, { amount }) => sum + amount, 0n) !== 0n) throw new Error('The entry does not balance.')
  const codes = postings.map(({ account }) => account)
  const currencies = postings.map(({ currency }) => currency)
  const { rows } = await client.query<AccountRow>(lockAccounts([book, codes, currencies]))
  const now = Date.now()
  const metadata = JSON.stringify(entry.metadata ?? {})
  await client.query(insertEntry([book, postings.length, id, 'journal', entry.description ?? '', metadata, now, now]))
  for (const [line, { account: code, currency, amount }] of postings.entries()) {
    const account = rows.find((row) => row.code === code && row.currency === currency)
    if (!account) throw new Error(`There is no account ${code}.`)
    const debits = BigInt(account.debits_posted) + (amount > 0n ? amount : 0n)
    const credits = BigInt(account.credits_posted) - (amount > 0n ? 0n : amount)
    checkAccount(account, debits - credits)
    const version = BigInt(account.version) + 1n
    await client.query(insertPosting([book, id, line, account.account, version, amount, debits - credits]))
    const day = Math.floor(now / 86_400_000)
    await client.query(updateAccount([debits, credits, version, day, now, now, book, account.account]))
  }
}

function checkAccount({ type, floor, ceiling, frozen, closed }: AccountRow, debitPositive: bigint): void {
  if (closed || frozen !== null) throw new Error('The account takes no postings.')
  const balance = type === 'asset' || type === 'expense' ? debitPositive : -debitPositive
  if (floor !== null && balance < BigInt(floor)) throw new Error('The account has not enough.')
  if (ceiling !== null && balance > BigInt(ceiling)) throw new Error('The account holds too much.')
}

/** Sixteen bytes that sort by time, as the ledger's ids do, so that their index grows at its end. */
function timeOrderedId(now: number): string {
  const id = randomFillSync(Buffer.allocUnsafe(16), 6)
  id.writeUIntBE(now, 0, 6)
  return id.toString('hex')
}

function textOf(entry: EntryInput): string {
  return JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
