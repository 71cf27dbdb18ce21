import type { StatusDetails } from './records.js'

const beneficiaryBank = 'beneficiary_bank'

/** Why payouts are where they are, as RazorpayX documents it. */
const descriptions: Readonly<Record<string, readonly [source: string, description: string]>> = {
  pending_approval: ['business', 'Workflow for the payout is pending approval from the approver(s).'],
  low_balance: [
    'business',
    'Payout is queued as there is insufficient balance in your business account to process the payout',
  ],
  payout_bank_processing: ['gateway', 'Payout is being processed by the partner bank.'],
  payout_processed: [
    beneficiaryBank,
    "Payout is processed and the money has been credited into the beneficiary's account.",
  ],
  bank_account_closed: [beneficiaryBank, 'Payout failed as the beneficiary account is closed.'],
  bank_account_frozen: [beneficiaryBank, 'Payout failed as beneficiary account is frozen.'],
  bank_account_invalid: [beneficiaryBank, 'Payout failed due to invalid beneficiary account details.'],
  beneficiary_bank_offline: [beneficiaryBank, 'Beneficiary bank systems are offline. Please retry after 30 min.'],
  beneficiary_bank_rejected: [beneficiaryBank, 'Payout rejected by the beneficiary bank.'],
  imps_not_allowed: [beneficiaryBank, 'IMPS is not enabled on beneficiary account. Please retry with different mode.'],
  insufficient_funds: ['business', 'Payout failed due to insufficient funds in your account.'],
  beneficiary_vpa_invalid: ['business', 'UPI validation failed. If the UPI ID is valid, please retry after sometime.'],
  gateway_down: ['gateway', 'Payout failed as the partner bank is facing technical issues. Please retry.'],
  server_error: ['internal', 'Payout failed. Contact support for help.'],
}

/** The status details for a reason. Throws a `RangeError` for one that is not documented. */
export function statusDetails(reason: string): StatusDetails {
  const found = Object.hasOwn(descriptions, reason) ? descriptions[reason] : undefined
  if (!found) throw new RangeError(`A payout has one of the reasons ${Object.keys(descriptions).join(', ')}.`)
  return { description: found[1], source: found[0], reason }
}

export const noDetails: StatusDetails = { description: '', source: '', reason: '' }
