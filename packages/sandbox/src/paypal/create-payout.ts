import type { Operation } from '../http/operation.js'
import { PocketEmpty } from '../world/balance-sheet.js'
import { feeOf } from './fee.js'
import { batchHeader, type PayoutBatch } from './payout.js'
import { type PayPalWorld, pockets } from './paypal-world.js'
import { processLater } from './process-payout.js'
import { readPayout } from './read-payout.js'
import { payoutRefusal } from './refusal.js'
import { DAY_MS } from './settings.js'

/** A `sender_batch_id` is the sender's own for so long. */
const SENDER_BATCH_ID_MS = 30 * DAY_MS

/**
 * Takes a batch of payouts, and the money for all of it and for the fees. `PayPal-Request-Id` is not looked at: PayPal
 * documents it for this operation, but answers a repeat by the `sender_batch_id` alone, with an error that links to the
 * first batch, and makes another batch where that is missing.
 */
export const createPayout = (world: PayPalWorld): Operation => ({
  name: 'createPayout',
  method: 'POST',
  path: '/v1/payments/payouts',
  handle(request) {
    const batch = readBatch(world, request.json())
    const before = findDuplicate(world, batch.senderBatchId)
    if (before !== undefined) throw duplicate(world, before)
    takeFunds(world, batch)
    world.payoutBatches.set(batch.id, batch)
    for (const item of batch.items) world.payoutItems.set(item.id, item)
    processLater(world, batch)
    const links = [{ href: `${world.baseUrl()}/v1/payments/payouts/${batch.id}`, rel: 'self', method: 'GET' }]
    return { status: 201, body: { batch_header: batchHeader(batch), links } }
  },
})

function readBatch(world: PayPalWorld, body: unknown): PayoutBatch {
  const { header, senderBatchId, items, currency } = readPayout(body)
  const id = world.newId(13)
  return {
    ...{ id, senderBatchId, header, currency },
    status: 'PENDING',
    items: items.map((item) => ({
      ...item,
      id: world.newId(13),
      batchId: id,
      senderBatchId,
      fee: feeOf(item.amount, world.settings.payoutFee),
      status: 'PENDING',
    })),
    createdAt: world.now(),
  }
}

function findDuplicate(
  { payoutBatches, now }: PayPalWorld,
  senderBatchId: string | undefined,
): PayoutBatch | undefined {
  if (senderBatchId === undefined) return undefined
  const since = now() - SENDER_BATCH_ID_MS
  return [...payoutBatches.values()].find((each) => each.senderBatchId === senderBatchId && each.createdAt > since)
}

const duplicate = (world: PayPalWorld, { id }: PayoutBatch) =>
  payoutRefusal(400, 'USER_BUSINESS_ERROR', 'User business error.', [
    {
      field: 'SENDER_BATCH_ID',
      location: 'body',
      issue: 'Batch with given sender_batch_id already exists',
      link: [
        {
          href: `${world.baseUrl()}/v1/payments/payouts/${id}`,
          rel: 'self',
          method: 'GET',
          encType: 'application/json',
        },
      ],
    },
  ])

function takeFunds({ sheet, settings }: PayPalWorld, { items, currency }: PayoutBatch): void {
  const { merchantId } = settings
  const held = sheet.snapshot()[pockets.balance(merchantId)]?.[currency]
  if (held === undefined) {
    const message = "As your PayPal balance is not held in this currency, you'll not be able to send Payouts."
    throw payoutRefusal(400, 'NON_HOLDING_CURRENCY', message)
  }
  const amountMinor = items.reduce((total, { amount, fee }) => total + amount.minor + fee.minor, 0n)
  try {
    sheet.move({ from: pockets.balance(merchantId), to: pockets.payouts(merchantId), currency, amountMinor })
  } catch (error) {
    if (!(error instanceof PocketEmpty)) throw error
    const message = 'Sender does not have sufficient funds. Please add funds and retry.'
    throw payoutRefusal(422, 'INSUFFICIENT_FUNDS', message)
  }
}
