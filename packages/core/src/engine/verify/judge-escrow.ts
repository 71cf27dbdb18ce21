import { accountCodes } from '../../accounts/chart.js'
import type { Escrow } from '../../escrow/escrow.js'
import { dueAt, fallsDueAt, inspectionEndsAt } from '../../escrow/life.js'
import type { Judge } from './deviations.js'
import { type EscrowSums, sourceOf } from './escrow-sums.js'
import { instantInWords } from './in-words.js'

/** An escrow's amounts: conserved among themselves, and equal to what its entries and accounts say. */
export function judgeAmounts(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  const { id, currency, fundedMinor, heldMinor, frozenMinor, releasedMinor, refundedMinor, chargedBackMinor } = escrow
  judge.same('escrow_not_conserved', 'Held, frozen, released, refunded and charged back, against what was funded', {
    expected: heldMinor + frozenMinor + releasedMinor + refundedMinor + chargedBackMinor,
    actual: fundedMinor,
    currency,
  })
  const totals = [
    { what: 'Funded', expected: sums.fundedMinor, actual: fundedMinor },
    { what: 'Released', expected: sums.releasedMinor, actual: releasedMinor },
    { what: 'Refunded', expected: sums.refundedMinor, actual: refundedMinor },
  ]
  for (const { what, ...amounts } of totals) judge.same('escrow_totals_differ', what, { ...amounts, currency })
  if (fundedMinor > escrow.amountMinor) {
    const more = { expected: escrow.amountMinor, actual: fundedMinor, currency, by: 'the deal at most' }
    judge.same('escrow_totals_differ', 'Funded', more)
  }
  judge.same('escrow_account_differs', 'Held', {
    expected: sums.heldMinor,
    actual: heldMinor,
    currency,
    account: { code: accountCodes.held(id), currency },
  })
  judge.same('escrow_frozen_differs', 'Frozen', {
    expected: sums.frozenMinor,
    actual: frozenMinor,
    currency,
    account: { code: accountCodes.frozen(id), currency },
  })
  const releases = [...sums.releases.keys()].sort((a, b) => a - b)
  if (releases.length !== escrow.releases || releases.some((release, index) => release !== index + 1)) {
    const expected = releases.length === 0 ? 'none' : releases.join(', ')
    const differ = { expected, actual: escrow.releases === 0 ? 'none' : `1 to ${escrow.releases}` }
    judge.finds('releases_differ', `The escrow counts ${escrow.releases} releases.`, differ)
  }
}

export function judgeDisputes(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  const { currency, disputes, frozenMinor } = escrow
  let disputed = 0n
  let open = 0n
  let forPayer = 0n
  for (const { amountMinor, resolvedAt, payerMinor } of disputes) {
    disputed += amountMinor
    if (resolvedAt === null) open += amountMinor
    forPayer += payerMinor ?? 0n
  }
  judge.same('escrow_frozen_differs', 'What is frozen, against the open disputes', {
    expected: open,
    actual: frozenMinor,
    currency,
  })
  const of = { currency }
  judge.same('disputes_differ', 'Disputed', { ...of, expected: sums.disputedMinor, actual: disputed })
  judge.same('disputes_differ', 'Resolved', { ...of, expected: sums.resolvedMinor, actual: disputed - open })
  judge.same('disputes_differ', 'Resolved for the payer', {
    ...of,
    expected: sums.resolvedForPayerMinor,
    actual: forPayer,
  })
}

export function judgeFundings(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  const { currency, fundings } = escrow
  const known = new Set(fundings.map(sourceOf))
  for (const funding of fundings) {
    const source = sourceOf(funding)
    const expected = sums.fundings.get(source) ?? 0n
    judge.same('fundings_differ', `Funded by ${source}`, { expected, actual: funding.amountMinor, currency })
    const possible = funding.refundedMinor >= 0n && funding.refundedMinor <= funding.amountMinor
    if (!possible)
      judge.finds('fundings_differ', `More went back to ${source} than came from it, or less than nothing.`)
  }
  for (const [source, expected] of sums.fundings) {
    if (!known.has(source)) judge.same('fundings_differ', `Funded by ${source}`, { expected, actual: 0n, currency })
  }
}

/** Times that follow from other facts. `nextAt` above all: an escrow without it is never settled. */
export function judgeTimes(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  const { fundedMinor, amountMinor, releasedMinor, heldMinor, frozenMinor, failedAttempt } = escrow
  const same = (what: string, expected: number | null, actual: number | null) => {
    if (expected === actual) return
    const differ = { expected: instantInWords(expected), actual: instantInWords(actual) }
    judge.finds('escrow_times_differ', `${what} is at another time than follows from the facts.`, differ)
  }
  same('The last entry', sums.lastAt, escrow.lastAt)
  same('The due time', fallsDueAt(escrow), escrow.fallsDueAt)
  const next = inspectionEndsAt(escrow) ?? dueAt(escrow)
  same('The next step', next === null ? null : Math.max(next, failedAttempt?.nextAt ?? 0), escrow.nextAt)
  const isSettled = releasedMinor > 0n && heldMinor === 0n && frozenMinor === 0n
  if (isSettled !== (escrow.settledAt !== null)) {
    const message = isSettled ? 'All was released, and it is not settled.' : 'It is settled, and not all was released.'
    judge.finds('escrow_times_differ', message)
  }
  const isFunded = fundedMinor >= amountMinor
  if (isFunded !== (escrow.fundedAt !== null)) {
    judge.finds('escrow_times_differ', `It is ${isFunded ? '' : 'not '}fully funded, and says otherwise.`)
  }
}
