import type { BalanceSheet, Movement } from '../world/balance-sheet.js'

/** Where rupees are. The stand-in keeps its whole balance sheet in paise. */
export const pockets = {
  /** The merchant's balance, which is settled with its bank. */
  clearing: 'clearing',
  /** The balance of RazorpayX, from which payouts are made. */
  payouts: 'razorpayx',
  linked: (accountId: string) => `linked:${accountId}`,
  authorized: 'in-flight:authorized',
  refundsInFlight: 'in-flight:refunds',
  transfersInFlight: 'in-flight:transfers',
  payoutsInFlight: 'in-flight:payouts',
  disputesInFlight: 'in-flight:disputes',
  fees: 'razorpay:fees',
  taxes: 'razorpay:taxes',
  payers: 'outside:payers',
  merchantBank: 'outside:merchant-bank',
  beneficiaries: 'outside:beneficiaries',
} as const

/** A change of the merchant's balance, as a row of the settlement report tells it. Times are in seconds. */
export interface Line {
  readonly entityId: string
  readonly type: 'payment' | 'refund' | 'transfer' | 'reversal' | 'adjustment'
  readonly creditMinor: bigint
  readonly debitMinor: bigint
  readonly amountMinor: bigint
  readonly feeMinor: bigint
  readonly taxMinor: bigint
  readonly createdAt: number
  readonly paymentId: string | null
  readonly disputeId: string | null
  readonly description: string | null
  settlementId: string | null
  settledAt: number | null
}

type NewLine = Pick<Line, 'entityId' | 'type' | 'amountMinor' | 'createdAt'> &
  Partial<Omit<Line, 'settlementId' | 'settledAt'>>

export interface Books {
  readonly sheet: BalanceSheet
  /** Moves paise, all or none. Throws `PocketEmpty`. */
  move(...movements: readonly RupeeMovement[]): void
  /** The same with the row that tells how the merchant's balance changes by it. */
  post(line: NewLine, ...movements: readonly RupeeMovement[]): void
  lines(): readonly Line[]
  /** Puts rows into a settlement; their sum leaves the balance for the merchant's bank, or a linked account's. */
  settle(lines: readonly Line[], settlement: { readonly id: string; readonly createdAt: number }): void
  clearing(): bigint
}

type RupeeMovement = Omit<Movement, 'currency'>

/** Keeps money and the report about it together: what is not settled yet is what the balance holds, always. */
export function createBooks(sheet: BalanceSheet): Books {
  const lines: Line[] = []
  let unsettledMinor = 0n
  const clearing = () => sheet.balance(pockets.clearing, 'INR')
  const move = (...movements: readonly RupeeMovement[]) =>
    sheet.move(...movements.map((movement) => ({ ...movement, currency: 'INR' })))

  function assertTold(): void {
    if (unsettledMinor === clearing()) return
    throw new Error(`The report holds ${unsettledMinor} and the balance ${clearing()}.`)
  }

  return {
    sheet,
    move(...movements) {
      move(...movements)
      assertTold()
    },
    post(given, ...movements) {
      move(...movements)
      const line = complete(given)
      lines.push(line)
      unsettledMinor += line.creditMinor - line.debitMinor
      assertTold()
    },
    lines: () => lines,
    settle(settled, { id, createdAt }) {
      const amountMinor = settled.reduce((sum, line) => sum + line.creditMinor - line.debitMinor, 0n)
      move({ from: pockets.clearing, to: pockets.merchantBank, amountMinor })
      for (const line of settled) Object.assign(line, { settlementId: id, settledAt: createdAt })
      unsettledMinor -= amountMinor
      assertTold()
    },
    clearing,
  }
}

const complete = (given: NewLine): Line => ({
  creditMinor: 0n,
  debitMinor: 0n,
  feeMinor: 0n,
  taxMinor: 0n,
  paymentId: null,
  disputeId: null,
  description: null,
  ...given,
  settlementId: null,
  settledAt: null,
})
