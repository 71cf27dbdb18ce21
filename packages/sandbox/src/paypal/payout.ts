import type { Money } from './money.js'
import { decimalText } from './money.js'
import { instant, link, type PayPalWorld } from './paypal-world.js'

/** What becomes of a payout to a receiver. */
export type PayoutOutcome = 'SUCCESS' | 'UNCLAIMED' | 'FAILED' | 'BLOCKED' | 'ONHOLD'

export interface PayoutBatch {
  readonly id: string
  readonly senderBatchId?: string | undefined
  /** What the sender said of all items. */
  readonly header: Readonly<Record<string, unknown>>
  status: 'DENIED' | 'PENDING' | 'PROCESSING' | 'SUCCESS' | 'CANCELED'
  readonly items: readonly PayoutItem[]
  readonly currency: string
  readonly createdAt: number
  completedAt?: number
}

export interface PayoutError {
  readonly name: string
  readonly message: string
}

export interface PayoutItem {
  readonly id: string
  readonly batchId: string
  readonly senderBatchId?: string | undefined
  readonly recipientType: string
  readonly receiver: string
  readonly amount: Money
  readonly fee: Money
  readonly note?: string | undefined
  readonly senderItemId?: string | undefined
  readonly purpose?: string | undefined
  status: 'SUCCESS' | 'FAILED' | 'PENDING' | 'UNCLAIMED' | 'RETURNED' | 'ONHOLD' | 'BLOCKED' | 'REFUNDED' | 'REVERSED'
  /** There once it was processed. */
  transactionId?: string
  error?: PayoutError | undefined
  processedAt?: number
}

/** This API writes `currency` where the others write `currency_code`. */
const amountOnWire = (money: Money) => ({ currency: money.currency, value: decimalText(money) })

/** Statuses of items for which the fee has not been taken, or was given back. */
const isFree = ({ status }: PayoutItem): boolean => ['FAILED', 'RETURNED', 'BLOCKED', 'REVERSED'].includes(status)

const feeOfItem = (item: PayoutItem): Money => (isFree(item) ? { ...item.fee, minor: 0n } : item.fee)

const totalOf = (currency: string, amounts: readonly Money[]): Money => ({
  currency,
  minor: amounts.reduce((total, { minor }) => total + minor, 0n),
})

/** The head of a batch as its creation answers it, and as the batch shows it later. */
export const batchHeader = (batch: PayoutBatch) => ({
  payout_batch_id: batch.id,
  batch_status: batch.status,
  time_created: instant(batch.createdAt),
  sender_batch_header: batch.header,
})

export const fullBatchHeader = (batch: PayoutBatch) => ({
  ...batchHeader(batch),
  ...(batch.completedAt === undefined ? {} : { time_completed: instant(batch.completedAt) }),
  funding_source: 'BALANCE',
  amount: amountOnWire(
    totalOf(
      batch.currency,
      batch.items.map(({ amount }) => amount),
    ),
  ),
  fees: amountOnWire(totalOf(batch.currency, batch.items.map(feeOfItem))),
})

/** An item as it is shown by itself: it names the sender's id of its batch, too. */
export const itemOnWire = (world: PayPalWorld, item: PayoutItem) => ({
  ...itemInBatch(world, item),
  ...(item.senderBatchId === undefined ? {} : { sender_batch_id: item.senderBatchId }),
})

export const itemInBatch = (world: PayPalWorld, item: PayoutItem) => ({
  payout_item_id: item.id,
  transaction_id: item.transactionId,
  activity_id: item.transactionId,
  transaction_status: item.status,
  payout_item_fee: amountOnWire(feeOfItem(item)),
  payout_batch_id: item.batchId,
  payout_item: {
    recipient_type: item.recipientType,
    amount: amountOnWire(item.amount),
    note: item.note,
    receiver: item.receiver,
    sender_item_id: item.senderItemId,
    purpose: item.purpose,
  },
  ...(item.processedAt === undefined ? {} : { time_processed: instant(item.processedAt) }),
  ...(item.error === undefined ? {} : { errors: errorOnWire(item) }),
  links: [
    link(world, 'item', `/v1/payments/payouts-item/${item.id}`),
    link(world, 'batch', `/v1/payments/payouts/${item.batchId}`),
  ],
})

const errorOnWire = ({ id, error }: PayoutItem) => ({
  ...error,
  debug_id: id.toLowerCase(),
  information_link: 'https://developer.paypal.com/docs/api/payments.payouts-batch/#errors',
  details: [],
  links: [],
})
