import {
  type Account,
  type AccountRef,
  checkAccepts,
  checkLimits,
  openAccount,
  withPosting,
} from '../accounts/account.js'
import { chartRule } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Draft } from './draft.js'
import type { Entry, Line, NewEntry, Posting } from './entry.js'
import { restrictions } from './restrictions.js'

/** Postings of one entry: far more than any deal needs, and few enough for one unit of work. */
export const MAX_POSTINGS = 1_000

/**
 * Makes the postings of an entry, in the order of its lines: the one place in the library that does.
 *
 * Rules, in this order: `entry_unbalanced` (debits differ from credits in a currency, or nothing is left to post),
 * `entry_too_large`, then for each line `account_not_found`, `account_closed`, `account_frozen`, and, once all lines
 * are in, `amount_out_of_range`, `insufficient_funds` and `limit_exceeded` for each account in the order of the lines.
 */
export function postEntry(draft: Draft, entry: NewEntry): Entry {
  const lines = entry.lines.every(isMoving) ? entry.lines : entry.lines.filter(isMoving)
  checkBalanced(lines)
  if (lines.length > MAX_POSTINGS) {
    throw ledgerError(
      'entry_too_large',
      `An entry has at most ${MAX_POSTINGS} postings, not ${lines.length}. Make several of it.`,
    )
  }

  const touched: Touched[] = []
  let recordedAt = draft.now
  const places = lines.map((line) => {
    const place = placeOf(draft, touched, line)
    checkAccepts(place.before, line.amount)
    recordedAt = Math.max(recordedAt, place.before.recordedAt)
    return place
  })
  const day = draft.dayOf(entry.effectiveAt)
  const postings: Posting[] = lines.map(({ code, currency, amount }, index) => {
    const place = places[index] as Touched
    place.after = withPosting(place.after, { amount, day, effectiveAt: entry.effectiveAt, recordedAt })
    const { version, debitsPosted, creditsPosted } = place.after
    return { code, currency, amount, version, balance: debitsPosted - creditsPosted }
  })
  for (const { before, after } of touched) checkLimits(before, after)

  // Nothing below may refuse.
  const posted: Entry = {
    id: draft.nextId(),
    kind: entry.kind,
    description: entry.description ?? '',
    metadata: entry.metadata ?? {},
    reference: entry.reference ?? null,
    effectiveAt: entry.effectiveAt,
    recordedAt,
    occurredAt: entry.occurredAt ?? null,
    actor: draft.actor,
    reverses: entry.reverses ?? null,
    reason: entry.reason ?? null,
    escrow: entry.escrow ?? null,
    release: entry.release ?? null,
    gateway: entry.gateway ?? null,
    payment: entry.payment ?? null,
    party: entry.party ?? null,
    instruction: entry.instruction ?? null,
    postings,
  }
  for (const { after } of touched) draft.putAccount(after)
  draft.addEntry(posted)
  if (!draft.book.hasEntries) draft.putBook({ ...draft.book, hasEntries: true, revision: draft.book.revision + 1 })
  return posted
}

/** An account of the entry, before it and with the postings so far. */
interface Touched {
  readonly before: Account
  after: Account
}

/** Most entries touch two or three accounts, which are found sooner by looking through them than in a map. */
function placeOf(draft: Draft, touched: Touched[], { code, currency }: AccountRef): Touched {
  for (const place of touched) {
    const { before } = place
    if (before.code === code && before.currency === currency) return place
  }
  const account = draft.account(code, currency) ?? openByChart(draft, { code, currency })
  const place = { before: account, after: account }
  touched.push(place)
  return place
}

function isMoving(line: Line): boolean {
  return line.amount !== 0n
}

/** Throws `entry_unbalanced` unless the lines add up to zero in every currency. */
function checkBalanced(lines: NewEntry['lines']): void {
  const [first] = lines
  if (!first) {
    throw ledgerError('entry_unbalanced', 'An entry needs at least one debit and one credit that are not zero.')
  }
  // The usual entry, of one currency, is added up without a map.
  if (lines.every((line) => line.currency === first.currency)) {
    let sum = 0n
    for (const line of lines) sum += line.amount
    checkZero(first.currency, sum)
    return
  }
  const sums = new Map<string, bigint>()
  for (const line of lines) sums.set(line.currency, (sums.get(line.currency) ?? 0n) + line.amount)
  for (const [currency, sum] of sums) checkZero(currency, sum)
}

function checkZero(currency: string, sum: bigint): void {
  if (sum === 0n) return
  const more = sum > 0n ? 'Debits exceed credits' : 'Credits exceed debits'
  const difference = `${sum > 0n ? sum : -sum} minor units of ${currency}`
  throw ledgerError('entry_unbalanced', `${more} by ${difference}. Make them equal in each currency.`)
}

/** Opens an account that a rule names, as the chart says, with the restrictions that its code already carries. */
function openByChart(draft: Draft, ref: AccountRef): Account {
  const rule = chartRule(ref.code)
  if (!rule) {
    throw ledgerError(
      'account_not_found',
      `There is no account ${ref.code} in ${ref.currency}. Open it first with accounts.open, which says what type it is.`,
      { account: ref.code },
    )
  }
  return withRestriction(
    draft,
    openAccount({ ...ref, type: rule.type, floor: rule.nonNegative ? 0n : null, ceiling: null, openedAt: draft.now }),
  )
}

/** Lays on a new account what was decided for its code in other currencies. */
export function withRestriction(draft: Draft, account: Account): Account {
  const restriction = draft.get(restrictions, account.code)
  if (!restriction) return account
  return { ...account, frozen: restriction.frozen, closed: restriction.closed }
}
