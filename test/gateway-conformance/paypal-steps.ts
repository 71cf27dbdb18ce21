import type { PayPalGateway } from '@escrow-ledger/paypal'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { CallDetails } from '@escrow-ledger/testkit'
import { type CallContext, type InstructionKind, type Money, money } from 'escrow-ledger'
import { createCaller } from './create-caller.js'

interface Opened {
  readonly sandbox: Sandbox
  readonly gateway: PayPalGateway
  readonly context: CallContext
}

const HOUR_MS = 3_600_000

/** The steps at PayPal that come before a call. */
export function payPalSteps({ sandbox, gateway, context }: Opened) {
  const { paypal, clock } = sandbox
  const { send } = createCaller(gateway, context)

  async function approved(amount: Money): Promise<string> {
    const order = await send('order', amount)
    paypal.approve(order)
    return order
  }

  const capture = (order: string, amount: Money) => send('capture', amount, { payment: order, order })

  async function ready(kind: InstructionKind, amount: Money): Promise<CallDetails> {
    switch (kind) {
      case 'capture': {
        const order = await approved(amount)
        return { payment: order, order }
      }
      case 'refund':
        return { payment: await capture(await approved(amount), amount) }
      case 'release':
        return { transfer: await capture(await approved(amount), amount) }
      case 'payout':
        return { destination: 'coach@example.com' }
      default:
        return {}
    }
  }

  return {
    ready,
    /** The payer approves an order, and it is captured. */
    async pay(order: string, amount: Money): Promise<void> {
      paypal.approve(order)
      await capture(order, amount)
    },
    /** A payment, a refund of it and a payout, each told by webhooks; gives what PayPal calls them. */
    async tellMuch() {
      const amount = money('100.00', 'USD')
      const order = await approved(amount)
      const payment = await capture(order, amount)
      const refund = await send('refund', money('10.00', 'USD'), { payment })
      const payout = await send('payout', amount, await ready('payout', amount))
      await clock.advance(HOUR_MS)
      return { order, payment, refund, payout }
    },
  }
}
