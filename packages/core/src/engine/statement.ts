import { z } from 'zod'
import { type Account, inOwnDirection } from '../accounts/account.js'
import { type InstantInput, instantSchema, postingInstant, readingInstant } from '../journal/instant.js'
import { accountCodeSchema, parserOf } from '../journal/schema.js'
import { fromMinor, type Money } from '../money/index.js'
import type { AccountPosting } from '../storage/index.js'
import { netAsOf, type TimeOrder } from './balance.js'
import type { BookContext } from './context.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { requireAccount, steady } from './read-account.js'

export interface StatementQuery {
  readonly account: string
  readonly currency: string
  /** From when, inclusive; a bare date means its start in the book's zone. */
  readonly from?: InstantInput | undefined
  /** Through when, inclusive; a bare date means its end. */
  readonly through?: InstantInput | undefined
  /** Effective order (default), or the order in which the postings were written. */
  readonly order?: TimeOrder | undefined
}

/** One line of a statement. */
export interface StatementLine {
  readonly entry: string
  readonly kind: string
  readonly description: string
  readonly reference: string | null
  readonly escrow: string | null
  readonly payment: string | null
  readonly instruction: string | null
  readonly effectiveAt: number
  readonly recordedAt: number
  readonly debit: Money | null
  readonly credit: Money | null
  /** After this line, in the account's own direction and in the statement's order. */
  readonly balance: Money
  readonly version: number
}

const schema = z.strictObject({
  account: accountCodeSchema,
  currency: z.string(),
  from: instantSchema.optional(),
  through: instantSchema.optional(),
  order: z.enum(['effective', 'recorded']).optional(),
})
type Query = z.output<typeof schema>

interface Row extends AccountPosting {
  readonly account: Account
  /** Debits less credits after this line, in the statement's order. */
  readonly running: bigint
}

/** The cursor holds where the page ended and what the balance was there, so that no page adds up what came before. */
export function statement(context: BookContext, query: StatementQuery): Listing<StatementLine> {
  const parsed = parserOf(schema)(query)
  const recorded = parsed.order === 'recorded'
  return createListing<Row, StatementLine>({
    fetch: (after, limit) => (recorded ? fetchRecorded : fetchEffective)(context, parsed, { after, limit }),
    cursorOf: ({ posting, entry, running }) =>
      recorded ? [posting.version] : [entry.effectiveAt, posting.version, running.toString()],
    cursor: recorded
      ? z.tuple([cursorParts.integer])
      : z.tuple([cursorParts.integer, cursorParts.integer, cursorParts.minor]),
    view: lineOf,
  })
}

interface PageOf {
  readonly after: readonly (string | number | null)[] | null
  readonly limit: number
}

async function fetchRecorded({ reads, book }: BookContext, query: Query, { after, limit }: PageOf): Promise<Row[]> {
  const account = await requireAccount(reads, book, { code: query.account, currency: query.currency })
  const { timeZone } = await reads.book(book)
  const from = query.from === undefined ? null : postingInstant(query.from, timeZone)
  const through = query.through === undefined ? undefined : readingInstant(query.through, timeZone)
  const start = from === null ? 0 : ((await reads.lastRecorded(book, account, from - 1))?.posting.version ?? 0)
  const version = after ? (after[0] as number) : start
  const rows = await reads.postingsByVersion(book, account, { after: version, limit, recordedThrough: through })
  return rows.map((row) => ({ ...row, account, running: row.posting.balance }))
}

function fetchEffective(context: BookContext, query: Query, page: PageOf): Promise<Row[]> {
  const ref = { code: query.account, currency: query.currency }
  return steady(context, ref, (at, account) => effectivePage(at, account, { ...page, query }))
}

async function effectivePage(
  context: BookContext,
  account: Account,
  { query, after, limit }: PageOf & { readonly query: Query },
): Promise<Row[]> {
  const { reads, book } = context
  const { timeZone } = await reads.book(book)
  const from = query.from === undefined ? undefined : postingInstant(query.from, timeZone)
  const through = query.through === undefined ? undefined : readingInstant(query.through, timeZone)
  const last = after ? { effectiveAt: after[0] as number, version: after[1] as number } : null
  let running = after ? BigInt(after[2] as string) : await openingBalance(context, account, from)
  const rows = await reads.postingsByEffect(book, account, { after: last, limit, from, through })
  return rows.map((row) => {
    running += row.posting.amount
    return { ...row, account, running }
  })
}

async function openingBalance(context: BookContext, account: Account, from: number | undefined): Promise<bigint> {
  if (from === undefined || from === 0) return 0n
  return netAsOf(context, account, { asOf: { at: from - 1 }, order: 'effective' })
}

function lineOf({ posting, entry, account, running }: Row): StatementLine {
  const { amount, currency } = posting
  const money = fromMinor(amount < 0n ? -amount : amount, currency)
  return {
    entry: entry.id,
    kind: entry.kind,
    description: entry.description,
    reference: entry.reference,
    escrow: entry.escrow,
    payment: entry.payment,
    instruction: entry.instruction,
    effectiveAt: entry.effectiveAt,
    recordedAt: entry.recordedAt,
    debit: amount > 0n ? money : null,
    credit: amount > 0n ? null : money,
    balance: fromMinor(inOwnDirection(account.type, running), currency),
    version: posting.version,
  }
}
