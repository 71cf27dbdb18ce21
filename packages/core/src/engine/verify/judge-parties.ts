import { accountCodes } from '../../accounts/chart.js'
import type { Escrow } from '../../escrow/escrow.js'
import { accountOfParty } from '../../escrow/release.js'
import type { DeviationCode, Judge } from './deviations.js'
import type { EscrowSums } from './escrow-sums.js'

/** What an account should have been credited by an escrow, and which totals say so. */
interface Claim {
  amount: bigint
  readonly code: DeviationCode
}

/**
 * The totals of parties and deductions, among themselves and against what each account was credited. What went back to
 * the payer counts as well, since credit goes back to whatever account it came from.
 */
export function judgeParties(escrow: Escrow, sums: EscrowSums, judge: Judge): void {
  judgePartyTotals(escrow, judge)
  judgeDeductionTotals(escrow, judge)
  const { currency } = escrow
  const claims = claimsOf(escrow)
  for (const code of sums.credits.keys()) claim(claims, code, 0n, 'party_totals_differ')
  for (const [account, { amount, code }] of claims) {
    judge.same(code, `What ${account} got`, {
      expected: sums.credits.get(account) ?? 0n,
      actual: amount,
      currency,
      account: { code: account, currency },
    })
  }
}

function claimsOf(escrow: Escrow): Map<string, Claim> {
  const claims = new Map<string, Claim>()
  for (const { party } of escrow.terms.shares) {
    const released = escrow.partyTotals[party]?.releasedMinor ?? 0n
    claim(claims, accountOfParty(escrow, party), released, 'party_totals_differ')
  }
  const toPlatform = givenTo(escrow, 'platform')
  if (toPlatform !== 0n) claim(claims, accountCodes.platformPenalties, toPlatform, 'deduction_totals_differ')
  for (const { from, refundedMinor } of escrow.fundings) {
    claim(claims, from ?? accountCodes.payerRefunds(escrow.payer), refundedMinor, 'fundings_differ')
  }
  return claims
}

function claim(claims: Map<string, Claim>, account: string, amount: bigint, code: DeviationCode): void {
  const known = claims.get(account)
  if (known) known.amount += amount
  else claims.set(account, { amount, code })
}

function givenTo({ deductionTotals }: Escrow, to: string): bigint {
  const given = deductionTotals.flatMap(({ givenMinor }) => givenMinor)
  return given.reduce((sum, each) => (each.to === to ? sum + each.amountMinor : sum), 0n)
}

function judgePartyTotals(escrow: Escrow, judge: Judge): void {
  const { currency, partyTotals, terms, deductionTotals } = escrow
  let allotted = 0n
  for (const { party } of terms.shares) {
    const totals = partyTotals[party]
    if (!totals) {
      judge.finds('party_totals_differ', `There are no totals of party ${party}.`)
      continue
    }
    allotted += totals.allottedMinor
    judge.same('party_totals_differ', `Deducted from and released to ${party}, against what was allotted`, {
      expected: totals.deductedMinor + totals.releasedMinor,
      actual: totals.allottedMinor,
      currency,
    })
    const taken = deductionTotals.reduce(
      (sum, { takenMinor }, which) => (terms.deductions[which]?.from === party ? sum + takenMinor : sum),
      0n,
    )
    const deducted = { expected: taken, actual: totals.deductedMinor, currency }
    judge.same('party_totals_differ', `Deducted from ${party}`, deducted)
  }
  judge.same('party_totals_differ', 'Allotted to all parties, against what was released', {
    expected: escrow.releasedMinor,
    actual: allotted,
    currency,
  })
}

function judgeDeductionTotals(escrow: Escrow, judge: Judge): void {
  const { currency, deductionTotals, terms } = escrow
  if (deductionTotals.length !== terms.deductions.length) {
    judge.finds('deduction_totals_differ', 'There are not as many totals as deductions.')
  }
  for (const [which, { takenMinor, givenMinor }] of deductionTotals.entries()) {
    const given = givenMinor.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
    const name = terms.deductions[which]?.name ?? `number ${which + 1}`
    judge.same('deduction_totals_differ', `Taken by the deduction "${name}", against what was given on`, {
      expected: given,
      actual: takenMinor,
      currency,
    })
  }
  const back = escrow.fundings.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0n)
  judge.same('fundings_differ', 'Refunded and deducted for the payer, against what went back to fundings', {
    expected: escrow.refundedMinor + escrow.chargedBackMinor + givenTo(escrow, 'payer'),
    actual: back,
    currency,
  })
}
