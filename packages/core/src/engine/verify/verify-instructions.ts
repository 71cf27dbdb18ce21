import { accountCodes } from '../../accounts/chart.js'
import { type Instruction, type InstructionState, instructions } from '../../instructions/instruction.js'
import type { Entry } from '../../journal/entry.js'
import { type Payment, paymentKey } from '../../payments/payment.js'
import { openStates } from '../../payouts/instruction-outcome.js'
import { accountsOf, inTransitOf, isSetAside, originOf } from '../../payouts/money-way.js'
import { createJudge, type Judge } from './deviations.js'
import { judgeLinks } from './judge-links.js'
import { checkOwedRefund } from './judge-pools.js'
import type { Verification } from './verification.js'
import type { RecordCheck } from './walk-records.js'

/** Instructions against their entries, each of which came with a new revision of its instruction. */
export const instructionCheck: RecordCheck<Instruction> = {
  kind: instructions,
  counted: 'instructions',
  async judge(verification, page) {
    const judged: Promise<Judge>[] = page.map(async (instruction) => {
      const judge = createJudge({ instruction: instruction.id })
      judgeEntries(instruction, await entriesOf(verification, instruction), judge)
      if (instruction.kind === 'refund') await judgePaymentOf(verification, instruction, judge)
      if (instruction.kind === 'transfer') await judgeTakenBack(verification, instruction, judge)
      if (instruction.batch !== null) await judgeBatch(verification, instruction, judge)
      if (isOwed(instruction)) await checkOwedRefund(verification, instruction, judge)
      return judge
    })
    return (await Promise.all(judged)).map((judge) => judge.found)
  },
}

const PAGE = 20

/** What takes the money, what became of it, and what came back. Fees, of which there can be any number, are not among them. */
async function entriesOf({ reads, book }: Verification, { id }: Instruction): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  let after: Entry | null = null
  for (;;) {
    const page: readonly Entry[] = await reads.entryPage(book, { after, limit: PAGE, instruction: id })
    entries.push(...page.filter(({ kind }) => kind !== 'fee'))
    after = page.at(-1) ?? null
    if (!after || page.length < PAGE) return entries
  }
}

const firstKinds = { refund: 'refund_instructed', payout: 'payout_requested', release: 'release_requested' } as const

/** The kinds of entries that an instruction has in its state: what sets its money aside, then what became of it. */
function kindsOf({ kind, state }: Instruction): {
  readonly first: string | null
  readonly outcomes: readonly string[]
} {
  const first = isSetAside(kind) ? firstKinds[kind] : null
  const done = kind === 'order' || kind === 'capture' ? [] : [`${kind}_processed`]
  if (openStates.includes(state)) return { first, outcomes: [] }
  if (state === 'processed') return { first, outcomes: done }
  if (state === 'reversed') return { first, outcomes: [...done, `${kind}_reversed`] }
  return { first, outcomes: first === null ? [] : [`${kind}_failed`] }
}

function judgeEntries(instruction: Instruction, entries: readonly Entry[], judge: Judge): void {
  const { first, outcomes } = kindsOf(instruction)
  const isThere = entries.some((entry) => entry.kind === first)
  if (first !== null && !isThere) judge.finds('instruction_entry_missing', `There is no entry of kind ${first}.`)
  const expected = [...(first !== null && isThere ? [first] : []), ...outcomes].sort().join(', ')
  const actual = entries
    .map(({ kind }) => kind)
    .sort()
    .join(', ')
  if (expected !== actual) judge.finds('instruction_state_differs', `It is ${instruction.state}.`, { expected, actual })
  for (const entry of entries) {
    judgeAmount(instruction, entry, judge)
    judgeLinks(instruction, entry, judge)
  }
}

/**
 * The line that moves an instruction's money: the amount goes from its origin into transit, then from transit to the
 * source or back. A line of an outcome that its account did not take is in suspense; the sum of an entry stays.
 */
function judgeAmount(instruction: Instruction, entry: Entry, judge: Judge): void {
  const { currency, amountMinor, kind } = instruction
  const on = (code: string) =>
    entry.postings.reduce(
      (sum, posting) => (posting.code === code && posting.currency === currency ? sum - posting.amount : sum),
      0n,
    )
  const about = { currency, entry: entry.id }
  const same = (what: string, expected: bigint, actual: bigint) =>
    judge.same('instruction_amount_differs', what, { ...about, expected, actual })
  if (entry.kind === `${kind}_reversed`) {
    same('What came back', sizeOf(entry, currency), amountMinor)
    return
  }
  if (!isSetAside(kind)) {
    judgeMoved(instruction, entry, judge)
    return
  }
  const inTransit = inTransitOf(instruction)
  const intoTransit = on(inTransit)
  if (entry.kind.endsWith('_instructed') || entry.kind.endsWith('_requested')) {
    same(`What went to ${inTransit}`, intoTransit, amountMinor)
    same(`What left ${originOf(instruction)}`, -on(originOf(instruction)), amountMinor)
  } else if (intoTransit === 0n) {
    if (sizeOf(entry, currency) >= amountMinor) return
    judge.finds('instruction_amount_differs', `Less than its amount left ${inTransit}.`, { entry: entry.id })
  } else same(`What left ${inTransit}`, -intoTransit, amountMinor)
}

/**
 * What a transfer or reversal moved to or from the linked account, or what the payee gave of its own; all of an entry of
 * which something is in suspense instead.
 */
function judgeMoved(instruction: Instruction, entry: Entry, judge: Judge): void {
  const { kind, currency, amountMinor, gateway, party } = instruction
  const [, linked = ''] = accountsOf(instruction)
  const own = kind === 'reversal' ? accountCodes.payable(party) : linked
  const lines = entry.postings.filter((line) => line.currency === currency)
  const sum = lines.reduce((total, { code, amount }) => (code === linked || code === own ? total + amount : total), 0n)
  const moved = kind === 'transfer' ? sum : -sum
  const diverted = lines.some(({ code }) => code === accountCodes.suspense(gateway))
  if (moved === amountMinor || (diverted && moved < amountMinor && sizeOf(entry, currency) >= amountMinor)) return
  const amounts = { currency, entry: entry.id, expected: amountMinor, actual: moved }
  judge.same('instruction_amount_differs', `What went over ${linked}`, amounts)
}

/** What a transfer says was taken back of it, against the reversals that did not fail. */
async function judgeTakenBack({ reads, book }: Verification, transfer: Instruction, judge: Judge): Promise<void> {
  const { id: about, currency } = transfer
  const sumOf = async (state: readonly InstructionState[]) => {
    const where = { kind: 'reversal', about, state }
    const sums = await reads.sum(book, { kind: 'instructions', where }, 'amountMinor')
    return sums.find((sum) => sum.currency === currency)?.sum ?? 0n
  }
  const [underWay, done] = [await sumOf(openStates), await sumOf(['processed'])]
  const code = 'transfer_taken_back_differs'
  const all = { currency, expected: transfer.takenBackMinor, actual: underWay + done }
  judge.same(code, 'What reversals take back', all)
  const open = { currency, expected: transfer.reversingMinor, actual: underWay }
  judge.same(code, 'What reversals under way take back', open)
}

/** A batch is sent whole: what stands in it was sent, and is paid as its first payout is. */
async function judgeBatch({ reads, book }: Verification, payout: Instruction, judge: Judge): Promise<void> {
  const { batch, firstSentAt } = payout
  const query = { kind: 'instructions', where: { batch }, order: [], after: null, limit: 1 } as const
  const [first] = (await reads.records(book, query)) as readonly Instruction[]
  const wayOf = ({ kind, gateway, currency }: Instruction) => `${kind} ${gateway} ${currency}`
  const [expected, actual] = [wayOf({ ...(first ?? payout), kind: 'payout' }), wayOf(payout)]
  if (expected !== actual) judge.finds('payout_batch_differs', `It is in batch ${batch}.`, { expected, actual })
  if (firstSentAt === null) judge.finds('payout_batch_differs', `It is in batch ${batch}, and was never sent.`)
}

function sizeOf({ postings }: Entry, currency: string): bigint {
  return postings.reduce(
    (sum, posting) => (posting.currency === currency && posting.amount > 0n ? sum + posting.amount : sum),
    0n,
  )
}

/** A refund that did not fail counts at its payment, which is then judged by all its entries. */
async function judgePaymentOf({ reads, book }: Verification, instruction: Instruction, judge: Judge): Promise<void> {
  const { kind, gateway, payment: reference, state, currency, amountMinor } = instruction
  if (kind !== 'refund' || reference === null || state === 'failed' || state === 'cancelled') return
  const payment = (await reads.record(book, 'payments', paymentKey(gateway, reference))) as Payment | null
  const about = { payment: { gateway, reference } }
  if (!payment) judge.finds('payment_missing', `Payment ${reference} of ${gateway} is not there.`, about)
  if (!payment || payment.refundedMinor >= amountMinor) return
  const amounts = { expected: amountMinor, actual: payment.refundedMinor, currency, ...about }
  judge.same('payment_refunds_differ', 'Refunded at least', amounts)
}

/** A refund that failed and was not sent another way: the payer is owed it. */
function isOwed({ kind, state, replacedBy }: Instruction): boolean {
  return kind === 'refund' && (state === 'failed' || state === 'cancelled') && replacedBy === null
}
