import { all } from '../fixtures/balances.js'
import type { Marketplace } from './open-marketplace.js'
import { amountOf, openDeal, orderFor, paidDeal, payOrder, type Scene } from './scenes.js'

const gateway = 'paypal'

/** A deal that is sold for the seller, and paid. */
async function soldDeal(market: Marketplace, id: string): Promise<void> {
  market.sales.add(id)
  await paidDeal(market, gateway, id)
}

const twice = async (market: Marketplace) => {
  await market.round()
  await market.round()
}

async function settled(market: Marketplace): Promise<void> {
  const ledger = market.ledger()
  await ledger.escrows.complete({ id: 's', measures: {} })
  await ledger.escrows.settle({ id: 's', early: { reason: 'the sweep does not wait' } })
}

/** The id of the transfer that came with the payment. */
async function saleOf(market: Marketplace, escrow: string): Promise<string | undefined> {
  const [transfer] = await all(market.ledger().transfers.list({ escrow }))
  return transfer?.payment ?? undefined
}

/** Calls to PayPal about what is sold for a seller. */
export const sellerScenes: readonly Scene[] = [
  {
    name: 'an order for a seller',
    gateway,
    operation: 'createOrder',
    prepare: async (market) => {
      market.sales.add('s')
      await openDeal(market, gateway, 's')
    },
    act: (market) => orderFor(market, gateway, 's'),
    instruction: 'order:s',
  },
  {
    name: 'a capture for a seller',
    gateway,
    operation: 'captureOrder',
    async prepare(market) {
      market.sales.add('s')
      await openDeal(market, gateway, 's')
      await orderFor(market, gateway, 's')
      await payOrder(market, gateway, 's')
    },
    act: twice,
    instruction: 'capture:s',
  },
  {
    name: 'a refund of what was sold for a seller',
    gateway,
    operation: 'refundCapture',
    async prepare(market) {
      await soldDeal(market, 's')
      await soldDeal(market, 'other')
      await market.ledger().escrows.refund({ id: 's', amount: amountOf(gateway, '300.00') })
    },
    act: twice,
    instruction: null,
  },
  {
    name: 'a release to a seller',
    gateway,
    operation: 'createReferencedPayoutItem',
    async prepare(market) {
      await soldDeal(market, 's')
      await settled(market)
      await market.ledger().transfers.release({ id: (await saleOf(market, 's')) ?? '' })
    },
    act: twice,
    instruction: null,
  },
  {
    name: 'the release to a seller after 28 days',
    gateway,
    operation: 'createReferencedPayoutItem',
    async prepare(market) {
      await soldDeal(market, 's')
      await settled(market)
      await market.advance(28 * 86_400_000)
    },
    act: twice,
    instruction: null,
  },
]
