import type { AccountRef } from '../../accounts/account.js'
import type { RecordKindName } from '../../journal/records.js'
import type { Money } from '../../money/index.js'
import { amountInWords, shownAmount } from './in-words.js'

/**
 * Everything that `verify` can find, and what each finding says. A test plants every one of them, and `docs/verify.md`
 * has a line for each.
 */
export const deviationCodes = {
  // Entries.
  entry_unbalanced: 'An entry whose postings do not add up to zero in a currency.',
  entry_postings_missing: 'An entry with fewer than two postings.',
  entry_not_owned: 'An entry that moves a reserved account and is not of the commands that own it.',
  reversal_mismatch: 'A reversal that does not mirror its original line by line, or is not recorded as its reversal.',

  // The book as a whole, and accounts against their postings.
  book_missing: 'A book that is not there, or says that it has no entries, though it has rows.',
  totals_unbalanced: 'A currency whose debits and credits differ over all postings of the book.',
  posting_orphaned: 'A posting whose entry or account is not there.',
  posting_unaccounted: 'A posting beyond the version of its account.',
  version_gap: 'An account whose postings do not carry the versions 1, 2, 3 … up to its own.',
  running_balance_differs: 'A posting whose running balance is not the sum of the postings up to it.',
  effective_order_differs: 'A posting that is kept at another place in the order of effective time than its own.',
  recorded_time_goes_back: 'A posting that was recorded before the one with the version before it.',
  account_totals_differ: 'An account whose totals are not the sums of its postings.',
  account_times_differ:
    'An account whose last recorded time, latest effective time or latest day is not that of its postings.',
  day_totals_differ: 'Totals as of a day that are not the sums of the postings effective up to it.',

  // Accounts by themselves.
  limit_broken: 'An account below its floor or above its ceiling.',
  pending_not_zero: 'An account with something pending, though nothing reserves.',
  account_closed_not_empty: 'A closed account that holds something.',
  chart_mismatch: 'An account of the chart with another type or other limits than the chart says.',
  restriction_differs: 'An account that is not frozen or closed as its code is.',

  // Escrows against their entries.
  escrow_missing: 'An account of an escrow that is not there.',
  escrow_not_conserved: 'An escrow whose funding is not what is held, frozen, released, refunded and charged back.',
  escrow_totals_differ:
    'An escrow whose funded, released or refunded amount is not what its entries say, or that was funded with more than it is for.',
  escrow_account_differs: 'An escrow that says another amount is held than its account.',
  escrow_frozen_differs: 'An escrow that says another amount is frozen than its account, or than its open disputes.',
  escrow_times_differ: 'An escrow whose times do not follow from its facts and entries, or contradict each other.',
  releases_differ: 'An escrow that counts other releases than its entries.',
  disputes_differ: 'Disputes of an escrow that are not what its entries say.',
  party_totals_differ: 'Totals of a party that do not agree with each other, or with what its account was credited.',
  deduction_totals_differ: 'Totals of a deduction that do not agree with each other, or with the entries.',
  terms_not_followed: 'Releases of an escrow that were not divided as its terms and measures say.',
  fundings_differ: 'Fundings of an escrow that are not what arrived, or went back, by its entries.',

  // Payments, fees and suspense.
  payment_missing: 'Funding by a payment that is not there.',
  payment_amount_differs: 'A payment of another amount than its first entry.',
  payment_account_differs:
    'A payment that says it arrived in another account, or as another amount, than its first entry.',
  payment_allocations_differ: 'A payment whose allocations are not what its escrows were credited.',
  payment_refunds_differ:
    'A payment whose refunds are not what was instructed and did not fail, and what was refunded and charged back at the gateway.',
  payment_suspense_differs: 'A payment that says another amount is in suspense than its entries or its item there.',
  clawback_differs: 'A refund made at the gateway, or a dispute, that took another amount than its entries say.',
  fee_differs: 'A fee that is not what its entry says.',
  suspense_differs: 'An account of suspense that does not hold what its open items say.',
  suspense_item_differs: 'An item of suspense that contradicts itself or its entry.',

  // Entries and records as they are kept.
  entry_unreadable: 'An entry whose metadata is no flat map of texts.',
  record_unreadable: 'A record that cannot be read, or compared with another that cannot be.',
  record_missing: 'An entry of a fee, clawback, movement or item of suspense whose record is not there.',
  record_key_differs: 'A record whose fields make another key than the one that it stands under.',

  // Instructions.
  instruction_missing: 'An entry of an instruction that is not there.',
  instruction_entry_missing: 'An instruction without the entry that took its money.',
  instruction_state_differs: 'An instruction whose entries are not those of its state.',
  instruction_amount_differs: 'An instruction whose entries move another amount, or other accounts.',
  instruction_links_differ:
    'An instruction whose entries name another gateway, party, escrow or payment, or another source.',
  transfer_taken_back_differs: 'A transfer that says another amount was taken back of it than its reversals do.',
  payout_batch_differs: 'A payout in a batch that was never sent, or of another gateway or currency than the batch.',
  in_transit_differs: 'An account of money in transit that does not hold what open instructions or settlements say.',
  refunds_unexplained: 'Refunds owed to a payer that no failed refund explains.',

  // Money between gateways and banks.
  movement_entry_differs:
    'A movement between a gateway and a bank whose entries are not there, or not those of its state.',
  movement_amount_differs: 'A movement between a gateway and a bank whose entries move another amount.',
  movement_match_differs: 'A settlement and a credit of the bank that do not say the same of each other.',
} as const

export type DeviationCode = keyof typeof deviationCodes

/** One thing that is not as it must be, and where. */
export interface Deviation {
  readonly code: DeviationCode
  /** A sentence for the reader. */
  readonly message: string
  readonly account?: AccountRef | undefined
  readonly entry?: string | undefined
  readonly escrow?: string | undefined
  readonly payment?: { readonly gateway: string; readonly reference: string } | undefined
  readonly fee?: { readonly gateway: string; readonly id: string } | undefined
  readonly instruction?: string | undefined
  readonly suspense?: string | undefined
  readonly clawback?: { readonly kind: string; readonly gateway: string; readonly reference: string } | undefined
  readonly movement?: { readonly kind: string; readonly gateway: string; readonly reference: string } | undefined
  /** Of a record that cannot be told by anything else: its kind, and the key that it stands under. */
  readonly record?: { readonly kind: RecordKindName; readonly key: string } | undefined
  /** What the postings say, or follows from them. */
  readonly expected?: Money | string | undefined
  /** What was found instead. */
  readonly actual?: Money | string | undefined
}

interface Amounts {
  readonly expected: bigint
  readonly actual: bigint
  readonly currency: string
  readonly by?: string | undefined
}

type About = Omit<Deviation, 'code' | 'message' | 'expected' | 'actual'>

/** Gathers findings about one thing. */
export interface Judge {
  readonly found: Deviation[]
  finds(code: DeviationCode, message: string, more?: Omit<Deviation, 'code' | 'message'>): void
  /** A finding, unless both amounts are the same. What is expected is so by the postings, unless `by` says otherwise. */
  same(code: DeviationCode, what: string, amounts: Amounts & About): void
}

export function createJudge(about: About): Judge {
  const found: Deviation[] = []
  return {
    found,
    finds(code, message, more = {}) {
      found.push({ code, message, ...about, ...more })
    },
    same(code, what, { expected, actual, currency, by = 'the postings', ...more }) {
      if (expected === actual) return
      const amounts = { expected: shownAmount(expected, currency), actual: shownAmount(actual, currency) }
      const [reckoned, onRecord] = [amountInWords(expected, currency), amountInWords(actual, currency)]
      const message = `${what}: ${reckoned} by ${by}, ${onRecord} on record.`
      found.push({ code, message, ...about, ...more, ...amounts })
    },
  }
}
