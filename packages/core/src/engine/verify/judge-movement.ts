import { accountCodes } from '../../accounts/chart.js'
import type { Entry } from '../../journal/entry.js'
import type { Movement } from '../../reconciliation/movement.js'
import type { Judge } from './deviations.js'

/** One line that a movement's entry must have. */
interface Expected {
  readonly entry: Entry
  readonly code: string
  /** Signed minor units: a debit is positive. */
  readonly amount: bigint
}

/** The lines of a movement's entries. One that its account did not take is in suspense, with the same amount. */
export function judgeMovementAmounts(
  movement: Movement,
  { first, last }: { first: Entry | undefined; last: Entry | undefined },
  judge: Judge,
): void {
  const { gateway, currency } = movement
  if (!first || !last) return
  const suspense = accountCodes.suspense(gateway)
  for (const { entry, code, amount: expected } of linesOf(movement, { first, last })) {
    const on = (account: string) =>
      entry.postings.filter((posting) => posting.code === account && posting.currency === currency)
    const own = on(code)
    if (own.length === 0 && on(suspense).some(({ amount }) => amount === expected)) continue
    const actual = own.reduce((sum, { amount }) => sum + amount, 0n)
    judge.same('movement_amount_differs', `What went over ${code}`, {
      expected: actual,
      actual: expected,
      currency,
      entry: entry.id,
    })
  }
}

function linesOf(movement: Movement, { first, last }: { first: Entry; last: Entry }): readonly Expected[] {
  const { kind, gateway, bank, amountMinor: amount, feeMinor, taxMinor } = movement
  const inTransit = accountCodes.settlementsInTransit(gateway)
  if (kind === 'top_up') return [{ entry: first, code: accountCodes.bank(bank ?? ''), amount: -amount }]
  const left: Expected[] = last.id === first.id ? [] : [{ entry: last, code: inTransit, amount: -amount }]
  if (kind === 'credit') return [{ entry: first, code: accountCodes.bank(bank ?? ''), amount }, ...left]
  const fees = [
    { entry: first, code: accountCodes.gatewayFees(gateway), amount: feeMinor - taxMinor },
    { entry: first, code: accountCodes.gatewayFeeTax(gateway), amount: taxMinor },
  ]
  return [{ entry: first, code: inTransit, amount }, ...fees, ...left]
}
