import { accountCodes } from '../../accounts/chart.js'
import { type Escrow, escrows } from '../../escrow/escrow.js'
import type { Entry } from '../../journal/entry.js'
import { type Payment, paymentKey } from '../../payments/payment.js'
import type { AuditPosting } from '../../storage/index.js'
import { createJudge, type Judge } from './deviations.js'
import { sumEntries } from './escrow-sums.js'
import { judgeAmounts, judgeDisputes, judgeFundings, judgeTimes } from './judge-escrow.js'
import { judgeParties } from './judge-parties.js'
import type { Verification } from './verification.js'
import type { RecordCheck } from './walk-records.js'

/**
 * Escrows against the entries that moved their accounts. Every such entry came with a new revision of the escrow, and
 * so did every allocation of a payment to it.
 */
export const escrowCheck: RecordCheck<Escrow> = {
  kind: escrows,
  counted: 'escrows',
  async judge(verification, page) {
    const entries = await entriesOf(verification, page)
    const found: Promise<Judge>[] = page.map(async (escrow) => {
      const judge = createJudge({ escrow: escrow.id })
      const sums = sumEntries(escrow, entries.get(escrow.id) ?? [])
      judgeAmounts(escrow, sums, judge)
      judgeDisputes(escrow, sums, judge)
      judgeFundings(escrow, sums, judge)
      judgeParties(escrow, sums, judge)
      judgeTimes(escrow, sums, judge)
      await judgeAllocations(verification, escrow, judge)
      return judge
    })
    return (await Promise.all(found)).map((judge) => judge.found)
  },
}

/** The entries that moved the accounts of each escrow of a page. */
async function entriesOf(
  verification: Verification,
  page: readonly Escrow[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const ids = new Map<string, ReadonlySet<string>>()
  for (const escrow of page) ids.set(escrow.id, await entryIdsOf(verification, escrow))
  const wanted = new Set([...ids.values()].flatMap((own) => [...own]))
  const found = await verification.reads.entries(verification.book, [...wanted])
  const byId = new Map(found.map((entry) => [entry.id, entry]))
  return new Map([...ids].map(([id, own]) => [id, [...own].flatMap((entry) => byId.get(entry) ?? [])]))
}

/** The frozen account is looked at only where there ever was a dispute, or should have been. */
async function entryIdsOf(verification: Verification, escrow: Escrow): Promise<ReadonlySet<string>> {
  const held = await postingsOf(verification, escrow, accountCodes.held(escrow.id))
  const disputed = escrow.frozenMinor !== 0n || escrow.disputes.length > 0
  const frozen = disputed ? await postingsOf(verification, escrow, accountCodes.frozen(escrow.id)) : []
  return new Set([...held, ...frozen].flatMap(({ entry }) => (entry === '' ? [] : [entry])))
}

async function postingsOf(
  { reads, book, pageSize }: Verification,
  { currency, steps }: Escrow,
  code: string,
): Promise<readonly AuditPosting[]> {
  const own: AuditPosting[] = []
  // A step of the escrow posts at most once to each of its accounts, so one page mostly reaches into the next account.
  const limit = Math.max(1, Math.min(pageSize, steps))
  for (;;) {
    const after = { code, currency, version: own.at(-1)?.version ?? 0 }
    const page = await reads.auditPostings(book, { after, limit })
    for (const posting of page) if (posting.code === code && posting.currency === currency) own.push(posting)
    if (page.length < limit || page.at(-1)?.code !== code) return own
  }
}

/** What a payment funded, the payment gave to this escrow. */
async function judgeAllocations({ reads, book }: Verification, escrow: Escrow, judge: Judge): Promise<void> {
  const { id, currency } = escrow
  for (const { gateway, reference, amountMinor } of escrow.fundings) {
    if (gateway === null || reference === null) continue
    const payment = (await reads.record(book, 'payments', paymentKey(gateway, reference))) as Payment | null
    const about = { payment: { gateway, reference } }
    const message = `Payment ${reference} of ${gateway} funded escrow ${id}, and is not there.`
    judge.holds(payment !== null, 'payment_missing', message, about)
    if (!payment) continue
    const allocated = payment.allocations.reduce((sum, each) => (each.escrow === id ? sum + each.amountMinor : sum), 0n)
    const amounts = { expected: amountMinor, actual: allocated, currency, ...about }
    judge.same('payment_allocations_differ', `Allocated to escrow ${id}`, amounts)
  }
}
