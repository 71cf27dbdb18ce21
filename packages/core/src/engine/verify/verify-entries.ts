import { accountCodes, chartRule } from '../../accounts/chart.js'
import type { Entry } from '../../journal/entry.js'
import { type Reversal, reversalKey } from '../../journal/reversals.js'
import { checkAnswered } from './answered-entries.js'
import { createJudge, type Judge } from './deviations.js'
import { amountInWords } from './in-words.js'
import type { Verification } from './verification.js'

/** Judges every entry by itself, at least those recorded until then: its balance, its accounts, and what it names. */
export async function verifyEntries(verification: Verification, until: number): Promise<void> {
  const { reads, book, pageSize: limit } = verification
  let after: Entry | null = null
  for (;;) {
    const page: readonly Entry[] = await reads.entryPage(book, { after, limit })
    for (const entry of page) {
      const judge = createJudge({ entry: entry.id })
      judgeReadable(entry, judge)
      judgeBalance(entry, judge)
      judgeOwnership(entry, judge)
      if (entry.reverses !== null) await judgeReversed(verification, entry, judge)
      verification.report(judge.found)
    }
    await checkInstructionsExist(verification, page)
    await checkAnswered(verification, page)
    verification.count('entries', page.length)
    after = page.at(-1) ?? null
    // A short page was the last one when it was read. What was recorded since is for the next verification.
    if (!after || page.length < limit || after.recordedAt > until) return
  }
}

function judgeReadable({ unreadable }: Entry, judge: Judge): void {
  if (unreadable !== undefined) judge.finds('entry_unreadable', `Its ${unreadable} cannot be read.`)
}

function judgeBalance({ postings }: Entry, judge: Judge): void {
  const count = postings.length
  if (count < 2) judge.finds('entry_postings_missing', `The entry has ${count === 0 ? 'no postings' : 'one posting'}.`)
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of postings) sums.set(currency, (sums.get(currency) ?? 0n) + amount)
  for (const [currency, sum] of sums) {
    if (sum === 0n) continue
    const more = sum > 0n ? 'Debits exceed credits' : 'Credits exceed debits'
    judge.finds('entry_unbalanced', `${more} by ${amountInWords(sum > 0n ? sum : -sum, currency)}.`)
  }
}

const plainKinds: ReadonlySet<string> = new Set(['journal', 'reversal'])
const escrowKinds = [
  ...['funding', 'suspense_allocated', 'release', 'refund', 'cancellation', 'dispute', 'resolution'],
  'gateway_refund',
]
const clawbackKinds = ['gateway_refund', 'gateway_refund_returned', 'chargeback', 'chargeback_returned']
const refundOutcomes = ['refund_processed', 'refund_failed']
const payoutOutcomes = ['payout_processed', 'payout_failed', 'payout_reversed']
const releaseOutcomes = ['release_processed', 'release_failed']
const settlementKinds = ['settlement', 'bank_credit', 'credit_matched', 'settlement_failed']

/** The kinds of entries that move the reserved accounts of the chart. */
const owners: Readonly<Record<string, ReadonlySet<string>>> = {
  'escrow:*': new Set(escrowKinds),
  'escrow:*:frozen': new Set(['dispute', 'resolution']),
  'payer:*:refunds': new Set([
    ...['release', 'refund', 'cancellation', 'resolution', 'suspense_refunded'],
    ...['refund_instructed', 'refund_failed'],
  ]),
  'refunds:in-transit:*': new Set(['refund_instructed', ...refundOutcomes]),
  'payouts:in-transit:*': new Set([
    ...['payout_requested', 'payout_processed', 'payout_failed'],
    ...['release_requested', ...releaseOutcomes],
  ]),
  'settlements:in-transit:*': new Set(settlementKinds),
  'suspense:*': new Set([
    ...['funding', 'fee', 'suspense_allocated', 'suspense_refunded', 'suspense_written_off'],
    ...refundOutcomes,
    ...payoutOutcomes,
    ...releaseOutcomes,
    ...['transfer_processed', 'reversal_processed'],
    ...settlementKinds,
    ...clawbackKinds,
    'top_up',
  ]),
}

function judgeOwnership({ kind, escrow, postings }: Entry, judge: Judge): void {
  for (const { code, currency } of postings) {
    const rule = chartRule(code)
    if (!rule?.reserved) continue
    const account = { code, currency }
    const owned = owners[rule.pattern]?.has(kind) ?? !plainKinds.has(kind)
    if (!owned) judge.finds('entry_not_owned', `An entry of kind ${kind} moves ${code}.`, { account })
    if (!rule.pattern.startsWith('escrow:')) continue
    if (escrow !== null && (code === accountCodes.held(escrow) || code === accountCodes.frozen(escrow))) continue
    const named = escrow === null ? 'no escrow' : `escrow ${escrow}`
    judge.finds('entry_not_owned', `An entry that names ${named} moves ${code}.`, { account })
  }
}

/** The record of a reversal came with it, in the same unit of work. */
async function judgeReversed({ reads, book }: Verification, entry: Entry, judge: Judge): Promise<void> {
  const original = entry.reverses ?? ''
  const record = (await reads.record(book, 'reversals', reversalKey(original, 1))) as Reversal | null
  if (record?.reversal === entry.id) return
  const differ = { expected: entry.id, actual: record?.reversal ?? 'none' }
  judge.finds('reversal_mismatch', `It is not recorded as the reversal of ${original}.`, differ)
}

/** Every instruction that entries name is there. Counting is quicker than reading, and mostly enough. */
async function checkInstructionsExist({ reads, book, report }: Verification, page: readonly Entry[]): Promise<void> {
  const named = new Map(
    page.flatMap(({ id, instruction }) => (instruction === null ? [] : [[instruction, id] as const])),
  )
  if (named.size === 0) return
  const where = { id: [...named.keys()] }
  const counts = await reads.sum(book, { kind: 'instructions', where }, 'amountMinor')
  if (counts.reduce((sum, { count }) => sum + count, 0) === named.size) return
  for (const [instruction, entry] of named) {
    if (await reads.record(book, 'instructions', instruction)) continue
    const judge = createJudge({ entry, instruction })
    judge.finds('instruction_missing', `The entry names instruction ${instruction}, which is not there.`)
    report(judge.found)
  }
}
