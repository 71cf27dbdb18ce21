import { type Money, money } from 'escrow-ledger'
import { coaching } from '../fixtures/sample-terms.js'
import type { Marketplace } from './open-marketplace.js'

export type GatewayName = 'razorpay' | 'paypal'

const currencyOf = { razorpay: 'INR', paypal: 'USD' } as const
export const amountOf = (gateway: GatewayName, text: string): Money => money(text, currencyOf[gateway])

export async function openDeal(market: Marketplace, gateway: GatewayName, id: string, amount = '1000.00') {
  const deal = { id, payer: 'chen', parties: { coach: 'priya' }, amount: amountOf(gateway, amount), terms: coaching }
  await market.survive((ledger) => ledger.escrows.open(deal))
}

export async function orderFor(market: Marketplace, gateway: GatewayName, id: string) {
  await market.survive((ledger) => ledger.orders.create({ id, escrow: id, gateway }))
}

/** Asks for the money of a new deal. */
async function orderDeal(market: Marketplace, gateway: GatewayName, id: string, amount = '1000.00') {
  await openDeal(market, gateway, id, amount)
  await orderFor(market, gateway, id)
}

/** What the payer does, once there is an order: `false` while there is none. */
export async function payOrder(
  market: Marketplace,
  gateway: GatewayName,
  id: string,
  { authorizeOnly = false, fail = false } = {},
): Promise<boolean> {
  const { gatewayReference } = await market.ledger().orders.get(id)
  if (gatewayReference === null) return false
  const { razorpay, paypal } = market.sandbox
  if (gateway === 'paypal') paypal.approve(gatewayReference)
  else razorpay.pay(gatewayReference, { authorizeOnly, fail })
  await market.sandbox.webhooks.idle()
  return true
}

/** A deal whose money is here. */
export async function paidDeal(market: Marketplace, gateway: GatewayName, id: string, amount = '1000.00') {
  await orderDeal(market, gateway, id, amount)
  await payOrder(market, gateway, id)
  for (let round = 0; round < 5; round += 1) {
    await market.round()
    await market.advance(60_000)
  }
  const { status } = await market.ledger().escrows.get(id)
  if (status !== 'funded') throw new Error(`The deal ${id} is ${status} after its payer has paid.`)
  const [payment] = (await market.ledger().payments.list({ gateway }).page()).items
  return payment?.reference ?? ''
}

/** A kind of call at a gateway: what comes before it, and what makes it. */
export interface Scene {
  readonly name: string
  readonly gateway: GatewayName
  /** The sandbox's names of the requests that make it. */
  readonly operation: string
  prepare(market: Marketplace): Promise<void>
  act(market: Marketplace): Promise<void>
  /** The instruction that the call is for. */
  readonly instruction: string | null
}

const hold = 'indefinite'

function transferred(from: 'payment' | 'balance'): Scene['prepare'] {
  return async (market) => {
    const payment = await paidDeal(market, 'razorpay', 's')
    const transfer = {
      id: 't',
      payee: 'priya',
      amount: amountOf('razorpay', '800.00'),
      gateway: 'razorpay',
      hold,
    } as const
    const of = from === 'payment' ? { ...transfer, payment } : transfer
    await market.ledger().transfers.create(of)
    for (let round = 0; round < 3; round += 1) {
      await market.round()
      await market.advance(60_000)
    }
  }
}

const twice = async (market: Marketplace) => {
  await market.round()
  await market.round()
}

const scenesOf = (gateway: GatewayName): Scene[] => [
  {
    name: 'an order',
    gateway,
    operation: 'createOrder',
    prepare: (market) => openDeal(market, gateway, 's'),
    act: (market) => orderFor(market, gateway, 's'),
    instruction: 'order:s',
  },
  {
    name: 'a capture',
    gateway,
    operation: gateway === 'razorpay' ? 'capturePayment' : 'captureOrder',
    async prepare(market) {
      await orderDeal(market, gateway, 's')
      await payOrder(market, gateway, 's', { authorizeOnly: true })
    },
    act: twice,
    instruction: 'capture:s',
  },
  {
    name: 'a refund',
    gateway,
    operation: gateway === 'razorpay' ? 'createRefund' : 'refundCapture',
    async prepare(market) {
      await paidDeal(market, gateway, 's')
      // So that there is enough to give all of it back.
      await paidDeal(market, gateway, 'other')
      await market.ledger().escrows.cancel({ id: 's' })
    },
    act: twice,
    instruction: null,
  },
  {
    name: 'a payout',
    gateway,
    operation: 'createPayout',
    async prepare(market) {
      await paidDeal(market, gateway, 's')
      const ledger = market.ledger()
      await ledger.escrows.complete({ id: 's', measures: {} })
      await ledger.escrows.settle({ id: 's', early: { reason: 'the sweep does not wait' } })
      const payout = { id: 'p', payee: 'priya', amount: amountOf(gateway, '600.00'), gateway }
      await ledger.payouts.request(payout)
    },
    act: twice,
    instruction: 'payout:p',
  },
]

/** Every operation of both gateways that the ledger asks for. */
export const scenes: readonly Scene[] = [
  ...scenesOf('razorpay'),
  {
    name: 'a transfer out of a payment',
    gateway: 'razorpay',
    operation: 'createPaymentTransfers',
    async prepare(market) {
      const payment = await paidDeal(market, 'razorpay', 's')
      const amount = amountOf('razorpay', '800.00')
      await market.ledger().transfers.create({ id: 't', payee: 'priya', amount, gateway: 'razorpay', payment, hold })
    },
    act: twice,
    instruction: 'transfer:t',
  },
  {
    name: 'a transfer out of the balance',
    gateway: 'razorpay',
    operation: 'createTransfer',
    async prepare(market) {
      await paidDeal(market, 'razorpay', 's')
      const amount = amountOf('razorpay', '800.00')
      await market.ledger().transfers.create({ id: 't', payee: 'priya', amount, gateway: 'razorpay', hold })
    },
    act: twice,
    instruction: 'transfer:t',
  },
  {
    name: 'a reversal',
    gateway: 'razorpay',
    operation: 'createReversal',
    async prepare(market) {
      await transferred('payment')(market)
      await market.ledger().transfers.reverse({ id: 'r', transfer: 't', amount: amountOf('razorpay', '200.00') })
    },
    act: twice,
    instruction: 'reversal:r',
  },
  {
    name: 'a release',
    gateway: 'razorpay',
    operation: 'updateTransfer',
    async prepare(market) {
      await transferred('balance')(market)
      const ledger = market.ledger()
      await ledger.escrows.complete({ id: 's', measures: {} })
      await ledger.escrows.settle({ id: 's', early: { reason: 'the sweep does not wait' } })
      await ledger.transfers.release({ id: 't' })
    },
    act: twice,
    instruction: 'release:t',
  },
  ...scenesOf('paypal'),
  {
    name: 'a batch of payouts',
    gateway: 'paypal',
    operation: 'createPayout',
    async prepare(market) {
      await paidDeal(market, 'paypal', 's')
      const ledger = market.ledger()
      await ledger.escrows.complete({ id: 's', measures: {} })
      await ledger.escrows.settle({ id: 's', early: { reason: 'the sweep does not wait' } })
      for (const [id, text] of [
        ['p1', '100.00'],
        ['p2', '200.00'],
        ['p3', '300.00'],
      ] as const) {
        await ledger.payouts.request({ id, payee: 'priya', amount: amountOf('paypal', text), gateway: 'paypal' })
      }
    },
    async act(market) {
      await market.round()
      // What is asked for meanwhile is in no batch that may have been sent.
      const late = { id: 'p', payee: 'priya', amount: amountOf('paypal', '50.00'), gateway: 'paypal' }
      const asked = await market.survive((ledger) => ledger.payouts.request(late))
      if (asked === 'died') await market.ledger().payouts.request(late)
      await market.round()
    },
    instruction: 'payout:p',
  },
]
