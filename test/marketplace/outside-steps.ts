import { money } from 'escrow-ledger'
import fc from 'fast-check'
import type { Marketplace } from './open-marketplace.js'
import type { GatewayName } from './scenes.js'

/** What happens at the gateways without our asking. `deal` counts the deals, round and round, and `nth` the disputes. */
export type OutsideStep =
  | { readonly step: 'refund by hand'; readonly deal: number; readonly amount: string | null }
  | { readonly step: 'open dispute'; readonly deal: number; readonly holdBack: boolean }
  | { readonly step: 'end dispute'; readonly nth: number; readonly won: boolean }

const deal = fc.nat({ max: 11 })

export const outsideSteps: fc.Arbitrary<OutsideStep> = fc.oneof(
  fc.record({
    step: fc.constant('refund by hand' as const),
    deal,
    amount: fc.option(fc.integer({ min: 100, max: 60_000 }).map((minor) => `${minor / 100}`)),
  }),
  fc.record({ step: fc.constant('open dispute' as const), deal, holdBack: fc.boolean() }),
  fc.record({ step: fc.constant('end dispute' as const), nth: fc.nat({ max: 5 }), won: fc.boolean() }),
)

interface Disputed {
  readonly gateway: GatewayName
  readonly id: string
}

/** Who does these things at the gateways; each throws where it makes no sense there now. */
export function createOutsiders({ sandbox: { razorpay, paypal } }: Marketplace) {
  const disputes: Disputed[] = []

  return {
    /** How many disputes there were. Each can be ended by its number. */
    disputes: () => disputes.length,
    /** `payment` is that of the step's deal. */
    act(step: OutsideStep, gateway: GatewayName, payment: string): void {
      switch (step.step) {
        case 'refund by hand': {
          const minor = step.amount === null ? undefined : money(step.amount, 'USD').minor
          const at = gateway === 'razorpay' ? razorpay : paypal
          at.refundByHand(payment, minor)
          return
        }
        case 'open dispute': {
          const { holdBack } = step
          const id = gateway === 'razorpay' ? razorpay.openDispute(payment, { holdBack }) : paypal.openDispute(payment)
          disputes.push({ gateway, id })
          return
        }
        case 'end dispute': {
          const found = disputes[step.nth % Math.max(1, disputes.length)]
          if (found) end(found, step.won)
        }
      }
    },
  }

  function end({ gateway, id }: Disputed, won: boolean): void {
    if (gateway === 'paypal') paypal.resolveDispute(id, won ? 'seller' : 'buyer')
    else if (won) razorpay.winDispute(id)
    else razorpay.loseDispute(id)
  }
}
