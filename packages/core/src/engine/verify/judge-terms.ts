import type { Escrow } from '../../escrow/escrow.js'
import { planRelease, totalsBeforeRelease } from '../../escrow/release.js'
import type { Judge } from './deviations.js'
import type { EscrowSums } from './escrow-sums.js'

/**
 * Divides every release again by the terms and measures, in order, each of what its entry took out of the held account,
 * and compares what each party was allotted and each deduction took. Whether the accounts were credited with just that
 * is for `judgeParties` to say.
 */
export function judgeTerms(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  if (sums.releases.size === 0) return
  const again = releasedAgain(escrow, sums)
  if (again instanceof Error) {
    judge.finds('terms_not_followed', `What was released cannot be divided by the terms on record: ${again.message}`)
    return
  }
  const same = (what: string, expected = 0n, actual = 0n) =>
    judge.same('terms_not_followed', what, { expected, actual, currency: escrow.currency, by: 'the terms' })
  for (const [party, { allottedMinor }] of Object.entries(again.partyTotals)) {
    same(`Allotted to ${party}`, allottedMinor, escrow.partyTotals[party]?.allottedMinor)
  }
  for (const [which, { takenMinor, shortfallMinor, givenMinor }] of again.deductionTotals.entries()) {
    const name = `the deduction "${escrow.terms.deductions[which]?.name}"`
    const onRecord = escrow.deductionTotals[which]
    same(`Taken by ${name}`, takenMinor, onRecord?.takenMinor)
    same(`Lacking for ${name}`, shortfallMinor, onRecord?.shortfallMinor)
    for (const [place, { to, amountMinor }] of givenMinor.entries()) {
      same(`Given to ${to} by ${name}`, amountMinor, onRecord?.givenMinor[place]?.amountMinor)
    }
  }
}

/** The escrow as it is after all its releases; an error where its terms or measures are none that could be agreed to. */
function releasedAgain(escrow: Escrow, { releases }: EscrowSums): Escrow | Error {
  let released: Escrow = { ...escrow, releasedMinor: 0n, ...totalsBeforeRelease(escrow.terms) }
  try {
    for (const [, amountMinor] of [...releases].sort(([a], [b]) => a - b)) {
      const { partyTotals, deductionTotals } = planRelease(released, amountMinor)
      released = { ...released, releasedMinor: released.releasedMinor + amountMinor, partyTotals, deductionTotals }
    }
    return released
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}
