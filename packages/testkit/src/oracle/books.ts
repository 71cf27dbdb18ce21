import type { AccountType } from './chart.js'
import { type ChartRule, chartRule, risesByDebit } from './chart.js'
import type { Escrow } from './escrow.js'
import type { Instruction } from './instructions.js'
import type { Fee, Payment, SuspenseItem } from './payment.js'
import { type Exponents, isOutOfRange } from './read-input.js'
import { assert, refuseIf } from './refusal.js'

export interface GatewayFacts {
  /** The account that its money arrives in; default `gateway:<name>:clearing`. */
  readonly clearing?: string
  /** The account that payouts leave from; default where its money arrives. */
  readonly payouts?: string
  readonly step?: (currency: string) => bigint
  readonly minimum?: (currency: string) => bigint
  /** It only takes money in. */
  readonly paysNobody?: true
}

interface Settings {
  readonly gateways: Readonly<Record<string, GatewayFacts>>
  readonly exponents: Exponents
  readonly maximumPostings: number
}

/** A posting: debits are above zero, credits below. */
export type Line = readonly [code: string, currency: string, signedMinor: bigint]

export interface Entry {
  /** Its place among all entries of the book, from 0. */
  readonly index: number
  readonly kind: string
  readonly effectiveAt: number
  /** When the caller said it happened, where it could not be effective then. */
  readonly occurredAt?: number
  readonly escrow?: string
  readonly lines: readonly Line[]
  /** The index of the entry that this one reverses. */
  readonly reverses?: number
}

export interface Account {
  readonly code: string
  readonly currency: string
  readonly type: AccountType
  readonly floor?: bigint
  readonly ceiling?: bigint
}

/** The first result of a command, stored under its idempotency key. */
interface StoredResult {
  readonly fingerprint: string
  readonly result: Outcome
}

export interface Outcome {
  readonly entries: readonly Entry[]
  /** A first result answered again, although under no known key. */
  readonly replayed?: boolean
  /** What of a payment's stated amount did not fit its escrow. */
  readonly excess?: bigint
  /** What a settlement run did, in its order. */
  readonly run?: SettlementRun
  readonly payouts?: PayoutRun
}

export interface PayoutRun {
  /** The ids of what it requested. */
  readonly requested: readonly string[]
  readonly left: readonly LeftOwed[]
}

/** What stays owed to a payee after a payout run, in minor units. */
export interface LeftOwed {
  readonly payee: string
  readonly owed: bigint
  readonly currency: string
}

export interface SettlementRun {
  readonly completed: readonly string[]
  readonly settled: readonly string[]
  /** Each with its code, and when a run tries it again. */
  readonly refused: readonly { readonly id: string; readonly code: string; readonly nextAt: number }[]
}

/** Everything the oracle knows of one book. Records in it are never changed, only replaced. */
export interface Books {
  readonly settings: Settings
  readonly now: number
  zone: string
  closedThrough: string | undefined
  entries: Entry[]
  accounts: Map<string, Account>
  frozen: Map<string, 'debits' | 'all'>
  closed: Set<string>
  escrows: Map<string, Escrow>
  payments: Map<string, Payment>
  fees: Map<string, Fee>
  suspense: SuspenseItem[]
  instructions: Instruction[]
  results: Map<string, StoredResult>
}

/** A copy to work on: a refused command is undone by forgetting its copy. */
export const copyBooks = (books: Books, now = books.now): Books => ({
  ...books,
  now,
  entries: [...books.entries],
  accounts: new Map(books.accounts),
  frozen: new Map(books.frozen),
  closed: new Set(books.closed),
  escrows: new Map(books.escrows),
  payments: new Map(books.payments),
  fees: new Map(books.fees),
  suspense: [...books.suspense],
  instructions: [...books.instructions],
  results: new Map(books.results),
})

export const accountKey = (code: string, currency: string): string => `${currency}:${code}`

/** Every line ever posted to an account. */
export function linesOf(books: Books, code: string, currency: string): readonly bigint[] {
  const found: bigint[] = []
  for (const entry of books.entries) {
    for (const line of entry.lines) if (line[0] === code && line[1] === currency) found.push(line[2])
  }
  return found
}

/** The balance of an account in its own direction, summed from its lines; zero for one that does not exist. */
export function balanceOf(books: Books, code: string, currency: string): bigint {
  let debits = 0n
  for (const signed of linesOf(books, code, currency)) debits += signed
  const type = books.accounts.get(accountKey(code, currency))?.type ?? chartRule(code)?.type ?? 'asset'
  return risesByDebit(type) ? debits : -debits
}

/** Why an account does not take a line just now, if it does not. */
export function takesNot(books: Books, code: string, signedMinor: bigint): string | undefined {
  if (books.closed.has(code)) return 'account_closed'
  const frozen = books.frozen.get(code)
  return frozen === 'all' || (frozen === 'debits' && signedMinor > 0n) ? 'account_frozen' : undefined
}

/** Posts an entry, or refuses it. Lines of zero are left out. */
export function post(books: Books, draft: Omit<Entry, 'index'>): Entry {
  const lines = draft.lines.filter(([, , signed]) => signed !== 0n)
  const currencies = new Set(lines.map(([, currency]) => currency))
  for (const currency of currencies) {
    let sum = 0n
    for (const line of lines) if (line[1] === currency) sum += line[2]
    refuseIf(sum !== 0n, 'entry_unbalanced')
  }
  refuseIf(lines.length > books.settings.maximumPostings, 'entry_too_large')
  for (const [code, currency, signed] of lines) {
    const known = books.accounts.has(accountKey(code, currency)) || chartRule(code) !== undefined
    refuseIf(!known, 'account_not_found')
    const reason = takesNot(books, code, signed)
    refuseIf(reason === 'account_closed', 'account_closed')
    refuseIf(reason === 'account_frozen', 'account_frozen')
  }
  for (const [code, currency] of lines) openFromChart(books, code, currency)

  const entry: Entry = { ...draft, lines, index: books.entries.length }
  books.entries.push(entry)
  for (const [code, currency] of lines) checkLimits(books, code, currency)
  return entry
}

function openFromChart(books: Books, code: string, currency: string): void {
  const key = accountKey(code, currency)
  if (books.accounts.has(key)) return
  const rule = chartRule(code)
  assert(rule !== undefined, `${code} is not of the chart`)
  books.accounts.set(key, chartAccount(rule, code, currency))
}

export const chartAccount = (rule: ChartRule, code: string, currency: string): Account => ({
  code,
  currency,
  type: rule.type,
  ...(rule.neverBelowZero ? { floor: 0n } : {}),
})

/** An account's limits, after an entry that is already among its lines. */
function checkLimits(books: Books, code: string, currency: string): void {
  let debits = 0n
  let credits = 0n
  for (const signed of linesOf(books, code, currency)) {
    if (signed > 0n) debits += signed
    else credits -= signed
  }
  refuseIf(isOutOfRange(debits) || isOutOfRange(credits), 'amount_out_of_range')
  const { floor, ceiling } = limitsOf(books, code, currency)
  const balance = balanceOf(books, code, currency)
  refuseIf(floor !== undefined && balance < floor, 'insufficient_funds')
  refuseIf(ceiling !== undefined && balance > ceiling, 'limit_exceeded')
}

/** The limits of an account, one that is not open yet included. */
function limitsOf(books: Books, code: string, currency: string): Pick<Account, 'floor' | 'ceiling'> {
  const rule = chartRule(code)
  return books.accounts.get(accountKey(code, currency)) ?? (rule ? chartAccount(rule, code, currency) : {})
}

/** Whether lines that come to so much would take an account beyond a limit, in the direction of this sum. */
export function goesBeyond(books: Books, [code, currency, signedSum]: Line): boolean {
  const { floor, ceiling } = limitsOf(books, code, currency)
  const type = books.accounts.get(accountKey(code, currency))?.type ?? chartRule(code)?.type ?? 'asset'
  const change = risesByDebit(type) ? signedSum : -signedSum
  const balance = balanceOf(books, code, currency) + change
  const tooLow = floor !== undefined && change < 0n && balance < floor
  return tooLow || (ceiling !== undefined && change > 0n && balance > ceiling)
}
