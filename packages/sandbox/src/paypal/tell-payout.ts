import { itemOnWire, type PayoutItem } from './payout.js'
import type { PayPalWorld } from './paypal-world.js'

const words: Readonly<Record<Exclude<PayoutItem['status'], 'PENDING' | 'REVERSED'>, string>> = {
  SUCCESS: 'SUCCEEDED',
  FAILED: 'FAILED',
  UNCLAIMED: 'UNCLAIMED',
  RETURNED: 'RETURNED',
  ONHOLD: 'HELD',
  BLOCKED: 'BLOCKED',
  REFUNDED: 'REFUNDED',
}

/** Tells what has become of an item. PayPal has no event for one that is reversed: it tells a return. */
export function tellItem(world: PayPalWorld, item: PayoutItem, word?: 'CANCELED'): void {
  if (item.status === 'PENDING') return
  const what = word ?? words[item.status === 'REVERSED' ? 'RETURNED' : item.status]
  world.tell({
    type: `PAYMENT.PAYOUTS-ITEM.${what}`,
    resourceType: 'payouts_item',
    resource: itemOnWire(world, item),
    summary: `A payout item was ${what.toLowerCase()}`,
  })
}
