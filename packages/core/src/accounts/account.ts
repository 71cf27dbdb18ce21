import { invariant, ledgerError } from '../errors/index.js'
import { format, fromMinor, type Money } from '../money/index.js'

export const accountTypes = ['asset', 'liability', 'equity', 'income', 'expense'] as const
export type AccountType = (typeof accountTypes)[number]

/** What a freeze stops: debits only, or every posting. */
export type Freeze = 'debits' | 'all'

/**
 * One account of a book, in one currency. The four totals only grow and never go negative; pending ones stay zero until
 * reservations exist. Limits are on the balance in the account's own direction (a liability's is credits − debits).
 */
export interface Account {
  readonly code: string
  readonly currency: string
  readonly type: AccountType
  readonly floor: bigint | null
  readonly ceiling: bigint | null
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
  /** How many postings the account has had: the version that its last posting carries. */
  readonly version: number
  /** Grows with every change of the row, freezing included: what a batch decided ahead is checked against. */
  readonly revision: number
  readonly frozen: Freeze | null
  readonly closed: boolean
  /** The latest local day (days since 1970-01-01) on which a posting is effective; null before the first one. */
  readonly day: number | null
  /** The latest effective time of its postings, in milliseconds; null before the first one. */
  readonly latestEffectiveAt: number | null
  /** Recorded time of the last posting, in milliseconds; a later posting is never recorded before it. */
  readonly recordedAt: number
  readonly openedAt: number
}

export interface AccountRef {
  readonly code: string
  readonly currency: string
}

const keptKeys = new Map<string, Map<string, string>>()
/** Some 100 bytes each. */
const KEPT_KEYS = 10_000
let keptCount = 0

/**
 * The key of an account inside a book: currencies have no colon in them, so nothing folds together. Each posting asks
 * for it again and again, so keys are kept: joining two texts anew costs more than finding what they gave before.
 */
export function accountKey(code: string, currency: string): string {
  return keptKeys.get(currency)?.get(code) ?? keepKey(code, currency)
}

function keepKey(code: string, currency: string): string {
  if (keptCount >= KEPT_KEYS) {
    keptKeys.clear()
    keptCount = 0
  }
  const ofCurrency = keptKeys.get(currency) ?? new Map<string, string>()
  keptKeys.set(currency, ofCurrency)
  const key = `${currency}:${code}`
  ofCurrency.set(code, key)
  keptCount += 1
  return key
}

/** Reads an account's key back. */
export function accountRefOf(key: string): AccountRef {
  const colon = key.indexOf(':')
  return { code: key.slice(colon + 1), currency: key.slice(0, colon) }
}

/** Whether debits raise the balance. */
export function isDebitNormal(type: AccountType): boolean {
  return type === 'asset' || type === 'expense'
}

/** Turns a debit-positive amount into the account's own direction, and back. */
export function inOwnDirection(type: AccountType, debitPositive: bigint): bigint {
  return isDebitNormal(type) ? debitPositive : -debitPositive
}

/** The posted balance in the account's own direction, in minor units. */
export function balanceMinor(account: Account): bigint {
  return inOwnDirection(account.type, account.debitsPosted - account.creditsPosted)
}

export function balanceOf(account: Account): Money {
  return fromMinor(balanceMinor(account), account.currency)
}

/** A new account, before its first posting. */
export function openAccount(
  opened: AccountRef & { type: AccountType; floor: bigint | null; ceiling: bigint | null; openedAt: number },
): Account {
  return {
    code: opened.code,
    currency: opened.currency,
    type: opened.type,
    floor: opened.floor,
    ceiling: opened.ceiling,
    debitsPosted: 0n,
    creditsPosted: 0n,
    debitsPending: 0n,
    creditsPending: 0n,
    version: 0,
    revision: 0,
    frozen: null,
    closed: false,
    day: null,
    latestEffectiveAt: null,
    recordedAt: 0,
    openedAt: opened.openedAt,
  }
}

const MAX_MINOR = 2n ** 63n - 1n

/** Refuses a posting that the account does not take at all: it is closed, or frozen on that side. */
export function checkAccepts(account: Account, amount: bigint): void {
  if (account.closed) {
    throw ledgerError('account_closed', `Account ${account.code} is closed and takes no postings. Use another one.`, {
      account: account.code,
    })
  }
  if (account.frozen === 'all' || (account.frozen === 'debits' && amount > 0n)) {
    const what = account.frozen === 'all' ? 'postings' : 'debits'
    throw ledgerError(
      'account_frozen',
      `Account ${account.code} is frozen for ${what}. Call accounts.unfreeze first.`,
      { account: account.code },
    )
  }
}

/**
 * Which limit a change of balance breaks, if any: it is beyond it afterwards, and further than before. Minor units in the
 * account's own direction.
 */
export function limitBroken(
  { floor, ceiling }: Pick<Account, 'floor' | 'ceiling'>,
  { before, after }: { before: bigint; after: bigint },
): 'floor' | 'ceiling' | null {
  if (floor !== null && after < floor && after < before) return 'floor'
  return ceiling !== null && after > ceiling && after > before ? 'ceiling' : null
}

/** Refuses totals that break the account's limits. `before` tells whether the posting made things worse. */
export function checkLimits(before: Account, after: Account): void {
  if (after.debitsPosted > MAX_MINOR || after.creditsPosted > MAX_MINOR) {
    throw ledgerError(
      'amount_out_of_range',
      `The totals of ${after.code} in ${after.currency} would pass 64 bits. Carry its balance to a new account.`,
    )
  }
  const balance = balanceMinor(after)
  const earlier = balanceMinor(before)
  const broken = limitBroken(after, { before: earlier, after: balance })
  if (broken === 'floor') {
    const available = earlier - (after.floor ?? 0n)
    const requested = earlier - balance
    throw ledgerError(
      'insufficient_funds',
      `Account ${after.code} has ${fmt(available, after)} available, less than the ${fmt(requested, after)} asked of it. Ask less, or put more in first.`,
      {
        account: after.code,
        available: fromMinor(available, after.currency),
        requested: fromMinor(requested, after.currency),
      },
    )
  }
  if (broken === 'ceiling') {
    const limit = after.ceiling ?? 0n
    throw ledgerError(
      'limit_exceeded',
      `Account ${after.code} may hold at most ${fmt(limit, after)}; this would make it ${fmt(balance, after)}. Post less.`,
      {
        account: after.code,
        limit: fromMinor(limit, after.currency),
        balance: fromMinor(balance, after.currency),
      },
    )
  }
}

function fmt(minor: bigint, account: Account): string {
  const { currency } = account
  return `${format(fromMinor(minor, currency))} ${currency}`
}

/**
 * Adds one posting to an account's totals. The amount is signed: a debit is positive. The fields are written out, since
 * this runs for every posting and a spread takes several times as long.
 */
export function withPosting(
  account: Account,
  posting: { amount: bigint; day: number; effectiveAt: number; recordedAt: number },
): Account {
  invariant(posting.amount !== 0n, 'a posting is never of zero')
  const debit = posting.amount > 0n
  const { latestEffectiveAt: latest } = account
  return {
    code: account.code,
    currency: account.currency,
    type: account.type,
    floor: account.floor,
    ceiling: account.ceiling,
    debitsPosted: debit ? account.debitsPosted + posting.amount : account.debitsPosted,
    creditsPosted: debit ? account.creditsPosted : account.creditsPosted - posting.amount,
    debitsPending: account.debitsPending,
    creditsPending: account.creditsPending,
    version: account.version + 1,
    revision: account.revision + 1,
    frozen: account.frozen,
    closed: account.closed,
    day: account.day === null || posting.day > account.day ? posting.day : account.day,
    latestEffectiveAt: latest === null || posting.effectiveAt > latest ? posting.effectiveAt : latest,
    recordedAt: posting.recordedAt,
    openedAt: account.openedAt,
  }
}
