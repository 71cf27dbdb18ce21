import { decimalText, type Money } from './money.js'
import { instant, type PayPalWorld } from './paypal-world.js'

const written = (money: Money): string => `${money.currency} ${decimalText(money)}`

/** What this PayPal holds, in rows for the page and for those who look on. */
export const stateOnPage = (world: PayPalWorld) => ({
  orders: [...world.orders.values()].map(({ id, status, intent, units, createdAt }) => ({
    ...{ id, status, intent },
    amount: units.map(({ amount }) => written(amount)).join(', '),
    payee: units.map(({ payee }) => payee.merchantId).join(', '),
    custom_id: units.map(({ customId = '' }) => customId).join(', '),
    create_time: instant(createdAt),
  })),
  authorizations: [...world.authorizations.values()].map(({ id, status, amount, orderId, capturedMinor }) => ({
    ...{ id, status, order: orderId, amount: written(amount) },
    captured: written({ ...amount, minor: capturedMinor }),
  })),
  ...paymentsOnPage(world),
  payouts: [...world.payoutItems.values()].map(({ id, status, receiver, amount, fee, batchId, senderItemId }) => ({
    ...{ id, status, receiver, amount: written(amount), fee: written(fee), batch: batchId },
    batch_status: world.payoutBatches.get(batchId)?.status ?? '',
    sender_item_id: senderItemId ?? '',
  })),
  disputes: [...world.disputes.values()].map(({ id, status, reason, amount, capture, taken, outcome = '' }) => ({
    ...{ id, status, outcome, reason, amount: written(amount), capture: capture.id },
    taken: taken === undefined ? '' : written(taken.amount),
  })),
  sellers: [...world.merchants.values()].map(({ merchantId, email, consent, primaryCurrency, trackingId = '' }) => ({
    ...{ id: merchantId, email, consent, primaryCurrency, tracking_id: trackingId },
  })),
  referrals: [...world.referrals.values()].map(({ id, trackingId, merchantId }) => ({
    ...{ id, tracking_id: trackingId, status: merchantId === undefined ? 'open' : 'signed up' },
    seller: merchantId ?? '',
  })),
})

const paymentsOnPage = (world: PayPalWorld) => ({
  captures: [...world.captures.values()].map(({ id, status, amount, orderId, proceeds, heldMinor, ...rest }) => ({
    ...{ id, status, order: orderId, amount: written(amount) },
    net: proceeds === undefined ? '' : written(proceeds.net),
    held: written({ currency: proceeds?.received?.amount.currency ?? amount.currency, minor: heldMinor }),
    refunded: written({ ...amount, minor: rest.refundedMinor }),
    platform_fee: rest.platformFee === undefined ? '' : written(rest.platformFee.amount),
    payee: rest.payee.merchantId,
  })),
  refunds: [...world.refunds.values()].map(({ id, status, amount, capture, platformMinor, customId = '' }) => ({
    ...{ id, status, amount: written(amount), capture: capture.id },
    platform_fee: written({ ...amount, minor: platformMinor }),
    payee: capture.payee.merchantId,
    custom_id: customId,
  })),
})
