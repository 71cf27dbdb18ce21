import { accountEntity } from './accounts.js'
import type { Desk } from './desk.js'
import { disputeEntity } from './dispute-entity.js'
import { orderEntity } from './orders.js'
import { paymentEntity } from './payment-entity.js'
import { payoutEntity } from './payout-entity.js'
import { productEntity } from './product-entity.js'
import { refundEntity } from './refund-entity.js'
import { settlementEntity } from './settlement-entity.js'
import { reversalEntity, transferEntity } from './transfer-entity.js'

/** All that the stand-in holds, as its API would give it, oldest first. */
export function stateOf({ store, settings }: Desk) {
  return {
    orders: store.orders.all().map(orderEntity),
    payments: store.payments.all().map(paymentEntity),
    refunds: store.refunds.all().map(refundEntity),
    transfers: store.transfers.all().map(transferEntity),
    reversals: store.reversals.all().map((reversal) => reversalEntity(reversal, settings.accountId)),
    accounts: store.accounts.all().map(accountEntity),
    products: store.products.all().map((product) => productEntity(store, product)),
    payouts: store.payouts.all().map(payoutEntity),
    disputes: store.disputes.all().map(disputeEntity),
    settlements: store.settlements.all().map(settlementEntity),
  }
}
