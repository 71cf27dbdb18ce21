import { type Account, type AccountRef, balanceMinor, inOwnDirection } from '../../accounts/account.js'
import { accountCodes, chartRule, idInCode } from '../../accounts/chart.js'
import { unescapeSegment } from '../../accounts/text.js'
import type { InstructionKind } from '../../instructions/instruction.js'
import type { RecordKindName } from '../../journal/records.js'
import { openStates } from '../../payouts/instruction-outcome.js'
import type { FieldValue } from '../../storage/index.js'
import type { DeviationCode, Judge } from './deviations.js'
import { divertedFailures, divertedFromTransit } from './diverted.js'
import { divertedSettlements } from './diverted-settlements.js'
import type { Verification } from './verification.js'

/** An account that holds exactly what some records say, and how to add those up. */
interface Pool {
  readonly code: DeviationCode
  readonly what: string
  readonly kind: RecordKindName
  readonly where: { readonly [field: string]: FieldValue | readonly FieldValue[] }
  readonly field: string
  /** What of that sum lies in suspense, since an account was closed to it. Asked only when the sums differ. */
  readonly diverted: () => Promise<bigint>
}

/**
 * Judges an account that records explain: money in transit by the open instructions and settlements, suspense by its items, refunds owed
 * to a payer by the refunds that failed and were not sent another way.
 */
export async function checkPool(verification: Verification, account: Account, judge: Judge): Promise<void> {
  const pool = poolOf(verification, account)
  if (pool) await judgePool(verification, { account, pool, judge })
}

async function judgePool(
  verification: Verification,
  { account, pool, judge }: { account: Account; pool: Pool; judge: Judge },
): Promise<void> {
  const { reads, book } = verification
  const { kind, where, field } = pool
  const before = (await reads.account(book, account)) ?? account
  const sums = await reads.sum(book, { kind, where: { ...where, currency: account.currency } }, field)
  const after = (await reads.account(book, account)) ?? account
  const sum = sums.find(({ currency }) => currency === account.currency)?.sum ?? 0n
  const held = { before, after }
  if (await heldAtSomeTime(verification, held, sum)) return
  const expected = sum + (await pool.diverted())
  if (await heldAtSomeTime(verification, held, expected)) return
  const { currency } = account
  judge.same(pool.code, pool.what, { expected: balanceMinor(after), actual: expected, currency })
}

const PAGE = 500

/**
 * Whether the account held this amount at some version between two readings of it. The sum of the records was read in
 * between, so it belongs to one of those versions, however many writers there are.
 */
async function heldAtSomeTime(
  { reads, book }: Verification,
  { before, after }: { before: Account; after: Account },
  amount: bigint,
): Promise<boolean> {
  if (balanceMinor(before) === amount || balanceMinor(after) === amount) return true
  let last = before.version
  while (last < after.version) {
    const limit = Math.min(PAGE, after.version - last)
    const page = await reads.postingsByVersion(book, after, { after: last, limit })
    if (page.some(({ posting }) => inOwnDirection(after.type, posting.balance) === amount)) return true
    const end = page.at(-1)
    if (!end) return false
    last = end.posting.version
  }
  return false
}

function poolOf(verification: Verification, account: Account): Pool | null {
  const { code } = account
  const pattern = chartRule(code)?.pattern
  const gateway = unescapeSegment(code.slice(code.lastIndexOf(':') + 1))
  switch (pattern) {
    case 'refunds:in-transit:*':
      return inTransit(verification, account, { kinds: ['refund'], gateway })
    case 'payouts:in-transit:*':
      return inTransit(verification, account, { kinds: ['payout', 'release'], gateway })
    case 'settlements:in-transit:*':
      return {
        code: 'in_transit_differs',
        what: `What open settlements say is in transit on ${code}`,
        kind: 'movements',
        where: { kind: 'settlement', gateway, state: 'in_transit' },
        field: 'amountMinor',
        diverted: () => divertedSettlements(verification, account, gateway),
      }
    case 'suspense:*':
      return {
        code: 'suspense_differs',
        what: `What the open items say is in suspense of ${gateway}`,
        kind: 'suspense',
        where: { gateway },
        field: 'remainingMinor',
        diverted: async () => 0n,
      }
    case 'payer:*:refunds':
      return balanceMinor(account) === 0n ? null : refundsOwed(verification, account)
    default:
      return null
  }
}

function inTransit(
  verification: Verification,
  account: Account,
  { kinds, gateway }: { kinds: readonly InstructionKind[]; gateway: string },
): Pool {
  return {
    code: 'in_transit_differs',
    what: `What open instructions say is in transit on ${account.code}`,
    kind: 'instructions',
    where: { kind: kinds, gateway, state: openStates },
    field: 'amountMinor',
    diverted: () => divertedFromTransit(verification, account, { kinds, gateway }),
  }
}

/** Judges a payer's account that should hold something, since a refund failed. One that does is judged with the accounts. */
export async function checkOwedRefund(
  verification: Verification,
  { party, currency }: { party: string; currency: string },
  judge: Judge,
): Promise<void> {
  const code = accountCodes.payerRefunds(party)
  const account = await verification.reads.account(verification.book, { code, currency })
  if (!account) judge.finds('refunds_unexplained', `A refund to ${party} failed, and there is no ${code}.`)
  else if (balanceMinor(account) === 0n) {
    await judgePool(verification, { account, pool: refundsOwed(verification, account), judge })
  }
}

/** Refunds that a payer is still owed, as instructions that failed. */
function refundsOwed(verification: Verification, { code, currency }: AccountRef): Pool {
  const party = idInCode(code)
  return {
    code: 'refunds_unexplained',
    what: `What failed refunds say is owed to ${party}`,
    kind: 'instructions',
    where: { kind: 'refund', party, state: ['failed', 'cancelled'], replacedBy: null },
    field: 'amountMinor',
    diverted: async () => -(await divertedFailures(verification, { party, currency })),
  }
}
