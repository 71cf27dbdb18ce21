import { accountCodes } from '../accounts/chart.js'
import { invariant } from '../errors/index.js'
import { credit, debit, type Line } from '../journal/entry.js'
import { deductRates, releaseByWeights, releaseShares } from '../money/index.js'
import type { DeductionTotals, Escrow, PartyTotals } from './escrow.js'
import { deductionRuleOf, shareRuleOf } from './share-rules.js'
import type { Terms } from './terms.js'

/** What a release of an escrow's money comes to. */
export interface ReleasePlan {
  /** Debit of the escrow and credits of the parties and the platform; what goes back to the payer is not among them. */
  readonly lines: readonly Line[]
  readonly toPayerMinor: bigint
  readonly partyTotals: Escrow['partyTotals']
  readonly deductionTotals: readonly DeductionTotals[]
}

/** The totals of an escrow of which nothing was released yet. */
export function totalsBeforeRelease({ shares, deductions }: Terms): Pick<Escrow, 'partyTotals' | 'deductionTotals'> {
  const nothing = { allottedMinor: 0n, deductedMinor: 0n, releasedMinor: 0n, withheldMinor: 0n, takenBackMinor: 0n }
  return {
    partyTotals: Object.fromEntries(shares.map(({ party }) => [party, nothing])),
    deductionTotals: deductions.map(({ to }) => ({
      takenMinor: 0n,
      shortfallMinor: 0n,
      givenMinor: to.map((destination) => ({ to: destination.to, amountMinor: 0n })),
    })),
  }
}

/**
 * Plans a release: shares and deductions on all that has been released so far, this part included, less what each party
 * and each deduction already had (design, section 3).
 */
export function planRelease(escrow: Escrow, amountMinor: bigint): ReleasePlan {
  const { shares, stepMinor: step } = escrow.terms
  const had = shares.map((share) => totalsOf(escrow, share.party).allottedMinor)
  const release = releaseShares({
    shares: shares.map(shareRuleOf),
    releasedBefore: escrow.releasedMinor,
    amount: amountMinor,
    had,
    step,
  })
  const deducted = deductAll(escrow, release)
  const partyTotals = Object.fromEntries(
    shares.map(({ party }, index) => {
      const before = totalsOf(escrow, party)
      const kept = deducted.kept[index] ?? 0n
      const paid = release.paid[index] ?? 0n
      return [
        party,
        {
          ...before,
          allottedMinor: before.allottedMinor + paid,
          deductedMinor: before.deductedMinor + paid - kept,
          releasedMinor: before.releasedMinor + kept,
        },
      ]
    }),
  )
  const { currency } = escrow
  const lines = [
    debit(accountCodes.held(escrow.id), { minor: amountMinor, currency }),
    ...shares.map(({ party }, index) =>
      credit(accountOfParty(escrow, party), { minor: deducted.kept[index] ?? 0n, currency }),
    ),
    credit(accountCodes.platformPenalties, { minor: deducted.given.platform, currency }),
  ]
  return { lines, toPayerMinor: deducted.given.payer, partyTotals, deductionTotals: deducted.totals }
}

function totalsOf(escrow: Escrow, party: string): PartyTotals {
  const totals = escrow.partyTotals[party]
  invariant(totals, `escrow ${escrow.id} keeps totals of its party ${party}`)
  return totals
}

/** Where a party's share goes. */
export function accountOfParty(escrow: Escrow, party: string): string {
  return party === 'platform' ? accountCodes.platformFees : accountCodes.payable(escrow.parties[party] ?? party)
}

interface Deducted {
  /** What each share keeps of this release, in the order of the shares. */
  readonly kept: readonly bigint[]
  readonly given: { payer: bigint; platform: bigint }
  readonly totals: readonly DeductionTotals[]
}

function deductAll(escrow: Escrow, release: { allotted: readonly bigint[]; paid: readonly bigint[] }): Deducted {
  const { shares, deductions, stepMinor: step } = escrow.terms
  const totals = [...escrow.deductionTotals]
  const given = { payer: 0n, platform: 0n }
  const kept = shares.map(({ party }, index) => {
    const indexes = deductions.flatMap((deduction, which) => (deduction.from === party ? [which] : []))
    const taken = deductRates({
      share: release.allotted[index] ?? 0n,
      paid: release.paid[index] ?? 0n,
      had: indexes.map((which) => deductionOf(escrow, which).takenMinor),
      step,
      deductions: indexes.flatMap((which) => {
        const deduction = deductions[which]
        return deduction ? [deductionRuleOf(deduction, escrow.measures)] : []
      }),
    })
    indexes.forEach((which, order) => {
      const now = taken.deductions[order]
      invariant(now, 'every deduction of a party was reckoned')
      totals[which] = giveOn(escrow, which, now)
      totals[which]?.givenMinor.forEach(({ to, amountMinor }, place) => {
        given[to === 'payer' ? 'payer' : 'platform'] +=
          amountMinor - (deductionOf(escrow, which).givenMinor[place]?.amountMinor ?? 0n)
      })
    })
    return taken.kept
  })
  return { kept, given, totals }
}

function deductionOf(escrow: Escrow, which: number): DeductionTotals {
  const totals = escrow.deductionTotals[which]
  invariant(totals, `escrow ${escrow.id} keeps totals of each deduction`)
  return totals
}

/** Divides what a deduction takes over its destinations, on all that it took so far. */
function giveOn(
  escrow: Escrow,
  which: number,
  now: { now: bigint; taken: bigint; shortfall: bigint },
): DeductionTotals {
  const { givenMinor, takenMinor } = deductionOf(escrow, which)
  const { allotted } = releaseByWeights({
    weights: (escrow.terms.deductions[which]?.to ?? []).map(({ weight }) => BigInt(weight)),
    releasedBefore: takenMinor,
    had: givenMinor.map((given) => given.amountMinor),
    amount: now.now,
    step: escrow.terms.stepMinor,
  })
  return {
    takenMinor: now.taken,
    shortfallMinor: now.shortfall,
    givenMinor: givenMinor.map(({ to }, place) => ({ to, amountMinor: allotted[place] ?? 0n })),
  }
}
