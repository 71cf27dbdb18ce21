import type { CallOutcome } from 'escrow-ledger'
import { instantAt, requiredText, textAt } from './json-path.js'
import { feeOf } from './payment.js'
import { moneyAt } from './wire-money.js'

/** Whether nothing comes of a batch, or of what of it has no status of its own. */
export const isDenied = (batchStatus: string): boolean => batchStatus === 'DENIED' || batchStatus === 'CANCELED'

/**
 * What became of an item of a batch. What was taken back from a receiver, or never claimed, had left the balance and is there
 * again. One item that cannot be read says nothing about the others.
 */
export function outcomeOfItem(
  item: unknown,
  { reference, batchStatus }: { readonly reference: string; readonly batchStatus: string },
): CallOutcome {
  try {
    return read(item, { reference, batchStatus })
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : String(error) }
  }
}

function read(item: unknown, { reference, batchStatus }: { reference: string; batchStatus: string }): CallOutcome {
  const status = requiredText(item, 'transaction_status')
  const reason = textAt(item, 'errors', 'message') ?? `the payout is ${status}`
  switch (status) {
    case 'SUCCESS': {
      const fee = feeOf(moneyAt(item, 'payout_item_fee')) ?? undefined
      return { outcome: 'processed', reference, at: instantAt(item, 'time_processed'), fee }
    }
    case 'PENDING':
    case 'NEW':
      if (isDenied(batchStatus)) return { outcome: 'refused', code: batchStatus, reason: `the batch is ${batchStatus}` }
      return { outcome: 'accepted', reference }
    case 'ONHOLD':
    case 'UNCLAIMED':
      return { outcome: 'accepted', reference }
    case 'FAILED':
    case 'BLOCKED':
    case 'DENIED':
    case 'CANCELED':
      return { outcome: 'refused', code: textAt(item, 'errors', 'name') ?? status, reason }
    case 'RETURNED':
    case 'REFUNDED':
    case 'REVERSED':
      return { outcome: 'reversed', reference, reason: `${status}: ${reason}` }
    default:
      return { outcome: 'unknown', reason: `payout ${reference} is ${status}, which is not known` }
  }
}
