import { captureOnWire } from './capture.js'
import { disputeOnWire } from './dispute.js'
import { orderOnWire } from './order.js'
import { fullBatchHeader, itemInBatch } from './payout.js'
import type { PayPalWorld } from './paypal-world.js'
import { refundOnWire } from './refund.js'

/** What this PayPal holds, as its API shows it, for the page and for those who look on. */
export const stateOnPage = (world: PayPalWorld) => ({
  orders: [...world.orders.values()].map((order) => orderOnWire(world, order)),
  captures: [...world.captures.values()].map((capture) => captureOnWire(world, capture)),
  refunds: [...world.refunds.values()].map((refund) => refundOnWire(world, refund)),
  payouts: [...world.payoutBatches.values()].map((batch) => ({
    batch_header: fullBatchHeader(batch),
    items: batch.items.map((item) => itemInBatch(world, item)),
  })),
  disputes: [...world.disputes.values()].map((dispute) => disputeOnWire(world, dispute)),
  sellers: [...world.merchants.values()],
  referrals: [...world.referrals.values()].map(({ id, trackingId, merchantId }) => ({ id, trackingId, merchantId })),
})
