import type { Money } from './money.js'
import { fullBatchHeader, type PayoutBatch, type PayoutError, type PayoutItem, type PayoutOutcome } from './payout.js'
import { type PayPalWorld, pockets } from './paypal-world.js'
import { DAY_MS } from './settings.js'
import { tellItem } from './tell-payout.js'

/** Payouts that nobody claims go back after so long. */
const UNCLAIMED_MS = 30 * DAY_MS

const errors: Readonly<Record<Exclude<PayoutOutcome, 'SUCCESS'>, PayoutError>> = {
  UNCLAIMED: {
    name: 'RECEIVER_UNREGISTERED',
    message:
      'The recipient for this payout does not have an account. A link to sign up for an account was sent to the recipient. However, if the recipient does not claim this payout within 30 days, the funds will be returned to your account.',
  },
  FAILED: { name: 'RECEIVER_ACCOUNT_INVALID', message: "Receiver's account is invalid." },
  BLOCKED: { name: 'RISK_DECLINE', message: 'This payment request was declined because of risk concerns.' },
  ONHOLD: { name: 'PENDING_RECIPIENT_NON_HOLDING_CURRENCY_PAYMENT_PREFERENCE', message: 'The payout is on hold.' },
}

/** Of items of one batch with one `sender_item_id` the first is paid. https://github.com/paypal/PayPal-Ruby-SDK/issues/138 */
const duplicateItem: PayoutError = {
  name: 'DUPLICATE_ITEM',
  message: 'REF_ID matches with another item in the batch',
}

/** A batch is pending, then processing, and then each of its items has come to something. */
export function processLater(world: PayPalWorld, batch: PayoutBatch): void {
  const { payoutDelayMs } = world.settings
  const half = Math.floor(payoutDelayMs / 2)
  world.schedule(batch.createdAt + half, () => beginBatch(world, batch))
  world.schedule(batch.createdAt + payoutDelayMs, () => processBatch(world, batch))
}

function beginBatch(world: PayPalWorld, batch: PayoutBatch): void {
  if (batch.status !== 'PENDING') return
  batch.status = 'PROCESSING'
  tellBatch(world, batch, 'PROCESSING')
}

/** Does what a batch asks for, at once. */
export function processBatch(world: PayPalWorld, batch: PayoutBatch): void {
  beginBatch(world, batch)
  if (batch.status !== 'PROCESSING') return
  const seen = new Set<string>()
  for (const item of batch.items) {
    const { senderItemId } = item
    const isRepeated = senderItemId !== undefined && seen.has(senderItemId)
    if (senderItemId !== undefined) seen.add(senderItemId)
    if (item.status !== 'PENDING') continue
    if (isRepeated) processItem(world, item, 'FAILED', duplicateItem)
    else processItem(world, item, world.payoutOutcomes.get(item.receiver) ?? usualOutcome(item))
  }
  const isDenied = batch.items.every(({ status }) => status === 'FAILED' || status === 'BLOCKED')
  batch.status = isDenied ? 'DENIED' : 'SUCCESS'
  batch.completedAt = world.now()
  tellBatch(world, batch, batch.status)
}

/** Receivers have accounts, unless it was said that they have not; a phone is nobody's account. */
const usualOutcome = ({ recipientType }: PayoutItem): PayoutOutcome =>
  recipientType === 'PHONE' ? 'UNCLAIMED' : 'SUCCESS'

function processItem(
  world: PayPalWorld,
  item: PayoutItem,
  outcome: PayoutOutcome,
  error = outcome === 'SUCCESS' ? undefined : errors[outcome],
): void {
  item.status = outcome
  item.transactionId = world.newId()
  item.processedAt = world.now()
  item.error = error
  if (outcome === 'FAILED' || outcome === 'BLOCKED') keepItem(world, item)
  else sendItem(world, item, outcome)
  tellItem(world, item)
}

/** Nothing leaves the account: what was set aside for the item, and for its fee, is there again. */
function keepItem(world: PayPalWorld, item: PayoutItem): void {
  const { merchantId } = world.settings
  const [from, to] = [pockets.payouts(merchantId), pockets.balance(merchantId)]
  moveBoth(world, item, { from, to, feeFrom: from, feeTo: to })
}

/** The money leaves the account, to the receiver or to wait for one. */
function sendItem(world: PayPalWorld, item: PayoutItem, outcome: 'SUCCESS' | 'UNCLAIMED' | 'ONHOLD'): void {
  const { merchantId } = world.settings
  const from = pockets.payouts(merchantId)
  const to = outcome === 'SUCCESS' ? pockets.receivers : pockets.unclaimed(merchantId)
  moveBoth(world, item, { from, to, feeFrom: from, feeTo: pockets.fees })
  world.journal.add({
    ...saidOf(item),
    merchantId,
    transactionId: item.transactionId ?? item.id,
    code: 'T0001',
    amount: negative(item.amount),
    feeMinor: -item.fee.minor,
    status: outcome === 'SUCCESS' ? 'S' : 'P',
  })
  if (outcome !== 'UNCLAIMED') return
  world.schedule(world.now() + UNCLAIMED_MS, () => {
    if (item.status === 'UNCLAIMED') returnItem(world, item)
  })
}

/** The money of an item that nobody got comes back, with its fee. Whether PayPal gives the fee back is not documented. */
export function returnItem(world: PayPalWorld, item: PayoutItem): void {
  giveBack(world, item, pockets.unclaimed(world.settings.merchantId))
  item.status = 'RETURNED'
  tellItem(world, item)
}

/** The money of an item that the receiver had got comes back. */
export function takeBackItem(world: PayPalWorld, item: PayoutItem, status: 'REFUNDED' | 'REVERSED'): void {
  const { merchantId } = world.settings
  if (status === 'REVERSED') giveBack(world, item, pockets.receivers)
  else {
    const { currency, minor } = item.amount
    world.sheet.move({ from: pockets.receivers, to: pockets.balance(merchantId), currency, amountMinor: minor })
    noteReturn(world, item, 0n)
  }
  item.status = status
  tellItem(world, item)
}

/** The receiver has made an account, or PayPal has looked into it: the money is the receiver's. */
export function claimItem(world: PayPalWorld, item: PayoutItem): void {
  const { currency, minor } = item.amount
  const from = pockets.unclaimed(world.settings.merchantId)
  world.sheet.move({ from, to: pockets.receivers, currency, amountMinor: minor })
  item.status = 'SUCCESS'
  item.error = undefined
  item.processedAt = world.now()
  world.journal.mark(item.transactionId ?? '', 'S')
  tellItem(world, item)
}

function giveBack(world: PayPalWorld, item: PayoutItem, from: string): void {
  const to = pockets.balance(world.settings.merchantId)
  moveBoth(world, item, { from, to, feeFrom: pockets.fees, feeTo: to })
  world.journal.mark(item.transactionId ?? '', 'V')
  noteReturn(world, item, item.fee.minor)
}

function noteReturn(world: PayPalWorld, item: PayoutItem, feeMinor: bigint): void {
  const { merchantId } = world.settings
  const reference = { id: item.transactionId ?? item.id, type: 'TXN' } as const
  world.journal.add({
    ...saidOf(item),
    ...{ merchantId, transactionId: world.newId(), code: 'T1114', amount: item.amount, feeMinor, reference },
  })
}

function moveBoth(
  { sheet }: PayPalWorld,
  { amount: { currency, minor }, fee }: PayoutItem,
  { from, to, feeFrom, feeTo }: { from: string; to: string; feeFrom: string; feeTo: string },
): void {
  sheet.move({ from, to, currency, amountMinor: minor }, { from: feeFrom, to: feeTo, currency, amountMinor: fee.minor })
}

const saidOf = ({ batchId, senderItemId }: PayoutItem) => ({
  reference: { id: batchId, type: 'TXN' } as const,
  customField: senderItemId,
})

const negative = ({ currency, minor }: Money): Money => ({ currency, minor: -minor })

function tellBatch(world: PayPalWorld, batch: PayoutBatch, what: 'PROCESSING' | 'SUCCESS' | 'DENIED'): void {
  world.tell({
    type: `PAYMENT.PAYOUTSBATCH.${what}`,
    resourceType: 'payouts',
    resource: { batch_header: { ...fullBatchHeader(batch), payments: batch.items.length }, links: [] },
    summary: `Payouts batch is ${what.toLowerCase()}.`,
  })
}
