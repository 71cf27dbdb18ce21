import { accountCodes } from '../accounts/chart.js'
import { ledgerError } from '../errors/index.js'
import type { Draft } from '../journal/draft.js'
import { effectiveOfRequest } from '../journal/effective.js'
import { credit, debit } from '../journal/entry.js'
import type { ParsedInstant } from '../journal/instant.js'
import { postEntry } from '../journal/post-entry.js'
import { fromMinor, inWords, type Money } from '../money/index.js'
import type { SuspenseItem } from '../payments/suspense.js'
import type { Escrow, Funding } from './escrow.js'
import { heldAmount } from './held-amount.js'
import { checkHolds, checkNotEndedOrHoldsAgain, requireEscrow } from './life.js'
import { takeFromEscrow } from './place-clawback.js'
import { fundingBy, notReturnedMinor } from './returns.js'

/** What is missing in suspense, since a gateway took it back out of a payment. */
interface Missing extends SuspenseItem {
  readonly reference: string
  readonly reason: 'refunded_at_gateway' | 'charged_back'
}

export function isMissing(item: SuspenseItem): item is Missing {
  const { amountMinor, reference, reason } = item
  return amountMinor < 0n && reference !== null && (reason === 'refunded_at_gateway' || reason === 'charged_back')
}

/**
 * Takes what a gateway took back out of a payment from what an escrow holds of it: the payer has had it. It goes by way of
 * the payer's refunds, like any refund, but no instruction is recorded.
 *
 * | kind | debit | credit |
 * | --- | --- | --- |
 * | `refund` | escrow:s1 100.00 | payer:c1:refunds 100.00 |
 * | `suspense_refunded` | payer:c1:refunds 100.00 | suspense:razorpay 100.00 |
 */
export function allocateClawback(
  draft: Draft,
  item: Missing,
  { amount, escrow: id, at }: { amount: Money; escrow: string; at: ParsedInstant | undefined },
): void {
  const { gateway, reference: payment } = item
  const escrow = requireEscrow(draft, id)
  checkNotEndedOrHoldsAgain(escrow)
  checkHolds(escrow)
  const funding = requireFunding(escrow, item)
  heldAmount(escrow, amount)
  checkNotReturned(escrow, { funding, amount })
  const { effectiveAt } = effectiveOfRequest(draft, { at, now: draft.now, last: escrow.lastAt })

  const refunds = accountCodes.payerRefunds(escrow.payer)
  const about = { effectiveAt, escrow: id, gateway, payment }
  const fromEscrow = [debit(accountCodes.held(id), amount), credit(refunds, amount)]
  postEntry(draft, { kind: 'refund', lines: fromEscrow, ...about })
  const intoSuspense = [debit(refunds, amount), credit(accountCodes.suspense(gateway), amount)]
  postEntry(draft, { kind: 'suspense_refunded', lines: intoSuspense, party: escrow.payer, ...about })
  const command = item.reason === 'charged_back' ? 'chargeback' : 'gateway-refund'
  takeFromEscrow(
    draft,
    { escrow, funding },
    { command, amount, at: effectiveAt, detail: { gateway, payment, suspense: item.id } },
  )
}

function requireFunding(escrow: Escrow, { gateway, reference }: Missing): Funding {
  const funding = fundingBy(escrow, { gateway, reference })
  if (funding) return funding
  throw ledgerError(
    'payment_not_found',
    `Payment ${reference} of ${gateway} did not fund escrow ${escrow.id}. Allocate it to one that it funded, which payments.get shows, or write it off.`,
  )
}

/** Throws `refund_exceeds_payment` where not as much of the payment is still the escrow's. */
function checkNotReturned(escrow: Escrow, { funding, amount }: { funding: Funding; amount: Money }): void {
  const available = fromMinor(notReturnedMinor(funding), escrow.currency)
  if (amount.minor <= available.minor) return
  throw ledgerError(
    'refund_exceeds_payment',
    `Of payment ${funding.reference} of ${funding.gateway}, ${inWords(available)} has not gone back from escrow ${escrow.id}, less than the ${inWords(amount)} asked. Allocate at most that, and write off the rest.`,
    { available, requested: amount },
  )
}
