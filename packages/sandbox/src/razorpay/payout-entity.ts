import { notesEntity } from './fields.js'
import type { Payout, Transaction } from './records.js'
import { toSubunits } from './subunits.js'

/** A payout as RazorpayX's API gives it. */
export const payoutEntity = (payout: Payout) => ({
  id: payout.id,
  entity: 'payout',
  fund_account_id: payout.fundAccountId,
  amount: toSubunits(payout.amountMinor),
  currency: 'INR',
  notes: notesEntity(payout.notes),
  fees: toSubunits(payout.feeMinor),
  tax: toSubunits(payout.taxMinor),
  status: payout.status,
  utr: payout.utr,
  mode: payout.mode,
  purpose: payout.purpose,
  reference_id: payout.referenceId,
  narration: payout.narration,
  batch_id: null,
  status_details: payout.statusDetails,
  created_at: payout.createdAt,
  fee_type: '',
})

/** A line of the account statement as RazorpayX's API gives it. */
export const transactionEntity = (transaction: Transaction, accountNumber: string) => ({
  id: transaction.id,
  entity: 'transaction',
  account_number: accountNumber,
  amount: toSubunits(transaction.amountMinor),
  currency: 'INR',
  credit: toSubunits(transaction.creditMinor),
  debit: toSubunits(transaction.debitMinor),
  balance: toSubunits(transaction.balanceMinor),
  source: transaction.source(),
  created_at: transaction.createdAt,
})
