import { pockets } from './books.js'
import type { Desk } from './desk.js'
import { resumePayouts } from './payouts.js'
import { toSubunits } from './subunits.js'
import { addTransaction } from './transactions.js'

/** The merchant's bank sends money to the balance of RazorpayX. Payouts that waited for it go on. */
export function topUp(desk: Desk, amountMinor: bigint): void {
  if (amountMinor <= 0n) throw new RangeError('A top-up must be positive.')
  const source = {
    ...{ id: desk.newReference('bt_', 14), entity: 'bank_transfer', payer_name: 'Sandbox Merchant', mode: 'NEFT' },
    ...{ payer_account: '6543266545411243', payer_ifsc: 'UTIB0000002', bank_reference: desk.newReference('AXIR', 12) },
    amount: toSubunits(amountMinor),
  }
  desk.books.move({ from: pockets.merchantBank, to: pockets.payouts, amountMinor })
  addTransaction(desk, { amountMinor, creditMinor: amountMinor, source: () => source })
  resumePayouts(desk)
}
