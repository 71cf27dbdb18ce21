import { type Account, balanceMinor, type Freeze, inOwnDirection, limitBroken } from '../accounts/account.js'
import { accountCodes, chartRule } from '../accounts/chart.js'
import { invariant } from '../errors/index.js'
import type { Draft, View } from '../journal/draft.js'
import type { Line } from '../journal/entry.js'
import { restrictions } from '../journal/restrictions.js'
import type { Money } from '../money/index.js'
import { type SuspenseItem, type SuspenseReason, suspenseItems } from './suspense.js'

/** Why an account does not take a line now, or null when it does. */
export function refusalOf(view: View, line: Line): 'account_closed' | 'account_frozen' | null {
  const state: { frozen: Freeze | null; closed: boolean } | null =
    view.account(line.code, line.currency) ?? view.get(restrictions, line.code)
  if (state?.closed) return 'account_closed'
  return state?.frozen === 'all' || (state?.frozen === 'debits' && line.amount > 0n) ? 'account_frozen' : null
}

/** A line of a fact that its account does not take. */
interface Redirected {
  readonly line: Line
  readonly reason: SuspenseReason
}

/**
 * Places the lines of a fact. It has happened, so it is posted whatever the accounts say: a line that its account does
 * not take, since it is closed, frozen, or would be beyond its floor or ceiling (`limit_exceeded`), goes to
 * `suspense:<gateway>` in its stead, as a whole.
 */
export function placeFact(
  view: View,
  lines: readonly Line[],
  gateway: string,
): { lines: Line[]; redirected: Redirected[] } {
  const reasons = lines.map((line): SuspenseReason | null => (line.amount === 0n ? null : refusalOf(view, line)))
  // What is left of an account's lines, when those that went too far one way are out, may go too far the other way.
  for (let over = linesBeyond(view, lines, reasons); over.length > 0; over = linesBeyond(view, lines, reasons)) {
    for (const index of over) reasons[index] = 'limit_exceeded'
  }
  const redirected: Redirected[] = []
  const placed = lines.map((line, index) => {
    const reason = reasons[index]
    if (!reason) return line
    redirected.push({ line, reason })
    return { ...line, code: accountCodes.suspense(gateway) }
  })
  return { lines: placed, redirected }
}

/** The places of lines that take an account beyond a limit, among those that are not redirected yet. */
function linesBeyond(view: View, lines: readonly Line[], reasons: readonly (SuspenseReason | null)[]): number[] {
  return lines.flatMap((line, index) => {
    if (line.amount === 0n || reasons[index] !== null) return []
    const limits = limitsOf(view, line)
    if (limits === null) return []
    const sum = lines.reduce(
      (net, { code, currency, amount }, other) =>
        reasons[other] === null && code === line.code && currency === line.currency ? net + amount : net,
      0n,
    )
    const { before, type } = limits
    const beyond = limitBroken(limits, { before, after: before + inOwnDirection(type, sum) })
    return beyond !== null && sum > 0n === line.amount > 0n ? [index] : []
  })
}

/** The limits and the balance of an account, one that its first entry opens included; null where nothing limits it. */
function limitsOf(view: View, { code, currency }: Line): (AccountLimits & { readonly before: bigint }) | null {
  const account = view.account(code, currency)
  if (account) {
    const { floor, ceiling, type } = account
    return floor === null && ceiling === null ? null : { floor, ceiling, type, before: balanceMinor(account) }
  }
  const rule = chartRule(code)
  return rule?.nonNegative ? { floor: 0n, ceiling: null, type: rule.type, before: 0n } : null
}

type AccountLimits = Pick<Account, 'floor' | 'ceiling' | 'type'>

/** What a suspended amount is about. */
type Suspended = Pick<
  SuspenseItem,
  'gateway' | 'reference' | 'escrow' | 'instruction' | 'currency' | 'amountMinor' | 'reason' | 'entry'
>

/** Lists an amount that was posted to suspense. The sign is the account's: what is owed to somebody is positive. */
export function suspend(draft: Draft, item: Suspended, id: string = draft.nextId()): SuspenseItem {
  const made: SuspenseItem = {
    ...item,
    id,
    remainingMinor: item.amountMinor,
    state: 'open',
    recordedAt: draft.now,
    revision: 1,
  }
  draft.put(suspenseItems, made)
  return made
}

/** Lists every line of a fact that was posted to suspense in its account's stead. */
export function suspendRedirected(
  draft: Draft,
  redirected: readonly Redirected[],
  about: Omit<Suspended, 'currency' | 'amountMinor' | 'reason'>,
): void {
  for (const { line, reason } of redirected) {
    suspend(draft, { ...about, currency: line.currency, amountMinor: -line.amount, reason })
  }
}

/** Takes a part out of a suspended amount. */
export function takeFromSuspense(draft: Draft, id: string, part: Money): void {
  const item = draft.get(suspenseItems, id)
  invariant(item, `suspense item ${id} holds what its payment has in suspense`)
  const remainingMinor = item.remainingMinor - part.minor
  const state = remainingMinor === 0n ? 'resolved' : 'open'
  draft.put(suspenseItems, { ...item, remainingMinor, state, revision: item.revision + 1 })
}
