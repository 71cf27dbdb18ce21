import type { DeliveryFault, Fault } from '@escrow-ledger/sandbox'
import { type Ledger, LedgerError, money } from 'escrow-ledger'
import fc from 'fast-check'
import { all } from '../fixtures/balances.js'
import { DAY, HOUR, MINUTE } from '../fixtures/open-ledger.js'
import type { CallCrash, Marketplace } from './open-marketplace.js'
import { createOutsiders, type OutsideStep, outsideSteps } from './outside-steps.js'
import { amountOf, type GatewayName, openDeal, orderFor, payOrder } from './scenes.js'
import { letHoldsEnd, releaseSale, type SellerStep, sellerSteps } from './seller-steps.js'

/** One thing that happens in a marketplace. `deal` counts its deals, round and round. */
export type Step =
  | SellerStep
  | OutsideStep
  | { readonly step: 'order'; readonly gateway: GatewayName; readonly amount: string }
  | { readonly step: 'pay'; readonly deal: number; readonly authorizeOnly: boolean; readonly fail: boolean }
  | { readonly step: 'complete'; readonly deal: number; readonly satisfaction: string }
  | { readonly step: 'cancel'; readonly deal: number }
  | { readonly step: 'refund'; readonly deal: number; readonly amount: string }
  | { readonly step: 'transfer' | 'release'; readonly deal: number }
  | { readonly step: 'reverse'; readonly deal: number; readonly amount: string }
  | { readonly step: 'pay out'; readonly gateway: GatewayName }
  | { readonly step: 'fail refund' | 'send payout back'; readonly nth: number }
  | { readonly step: 'round' }
  | { readonly step: 'advance'; readonly ms: number }
  | { readonly step: 'fault'; readonly gateway: GatewayName; readonly fault: Fault }
  | { readonly step: 'delivery fault'; readonly fault: DeliveryFault }
  | { readonly step: 'die beside'; readonly crash: CallCrash }
  | { readonly step: 'die at'; readonly unit: number }

const gateway = fc.constantFrom<GatewayName>('razorpay', 'paypal')
const deal = fc.nat({ max: 11 })
const amount = fc
  .integer({ min: 100, max: 200_000 })
  .map((minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`)

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>(
    { kind: 'resetBefore' },
    { kind: 'resetAfter' },
    { kind: 'unreadable' },
    { kind: 'errorBefore', status: 502 },
    { kind: 'errorAfter', status: 500 },
    { kind: 'rateLimited', retryAfterS: 30 },
  ),
)
const deliveryFault = fc.constantFrom<DeliveryFault>(
  { kind: 'duplicate' },
  { kind: 'delay', ms: 3 * HOUR },
  { kind: 'reorder' },
  { kind: 'lose' },
)

const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })

/** Deals most of all, and everything that can come in between. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    ...sellerSteps(amount),
    weighted(5, fc.record({ step: fc.constant('order' as const), gateway, amount })),
    weighted(
      6,
      fc.record({
        step: fc.constant('pay' as const),
        deal,
        authorizeOnly: fc.boolean(),
        fail: fc.nat({ max: 9 }).map((n) => n === 0),
      }),
    ),
    weighted(
      5,
      fc.record({ step: fc.constant('complete' as const), deal, satisfaction: fc.constantFrom('1', '2', '4') }),
    ),
    weighted(2, fc.record({ step: fc.constant('cancel' as const), deal })),
    weighted(2, fc.record({ step: fc.constant('refund' as const), deal, amount })),
    weighted(4, fc.record({ step: fc.constantFrom('transfer' as const, 'release' as const), deal })),
    weighted(2, fc.record({ step: fc.constant('reverse' as const), deal, amount })),
    weighted(2, fc.record({ step: fc.constant('pay out' as const), gateway })),
    weighted(
      3,
      fc.record({
        step: fc.constantFrom('fail refund' as const, 'send payout back' as const),
        nth: fc.nat({ max: 5 }),
      }),
    ),
    weighted(5, outsideSteps),
    weighted(6, fc.record({ step: fc.constant('round' as const) })),
    weighted(
      5,
      fc.record({
        step: fc.constant('advance' as const),
        ms: fc.constantFrom(MINUTE, 10 * MINUTE, 2 * HOUR, DAY, 3 * DAY),
      }),
    ),
    weighted(4, fc.record({ step: fc.constant('fault' as const), gateway, fault })),
    weighted(3, fc.record({ step: fc.constant('delivery fault' as const), fault: deliveryFault })),
    weighted(
      2,
      fc.record({
        step: fc.constant('die beside' as const),
        crash: fc.constantFrom<CallCrash>('before the call', 'after the call'),
      }),
    ),
    weighted(2, fc.record({ step: fc.constant('die at' as const), unit: fc.integer({ min: 1, max: 6 }) })),
  ),
  { minLength: 20, maxLength: 60, size: 'max' },
)

/** A deal of the marketplace, by its number. */
interface Deal {
  readonly id: string
  readonly gateway: GatewayName
}

export function createPlay(market: Marketplace) {
  const deals: Deal[] = []
  const dealOf = (number: number): Deal | undefined => deals[number % Math.max(1, deals.length)]
  const outsiders = createOutsiders(market)
  let names = 0

  /** What the rules refuse is refused, and whoever dies is started again. */
  async function attempt(work: (ledger: Ledger) => Promise<unknown>): Promise<void> {
    await market.survive(work).catch((error: unknown) => {
      if (!(error instanceof LedgerError) || error.kind === 'internal') throw error
    })
  }

  /** What makes no sense at the gateway now does not happen there. */
  async function act(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      // A gateway's refusals bear the status of their answer, or the answer.
      const isRefusal = error instanceof Error && ('status' in error || 'answer' in error)
      if (!(error instanceof RangeError) && !isRefusal) throw error
    }
    await market.sandbox.webhooks.idle()
  }

  async function order(
    { gateway, amount }: Omit<Extract<Step, { step: 'order' }>, 'step'>,
    sold = false,
  ): Promise<void> {
    const id = `deal-${deals.length + 1}`
    deals.push({ id, gateway })
    if (sold) market.sales.add(id)
    await openDeal(market, gateway, id, amount)
    await attempt(async () => orderFor(market, gateway, id))
  }

  async function paymentOf(ledger: Ledger, { id }: Deal): Promise<string | undefined> {
    const payments = await all(ledger.payments.list())
    return payments.find(({ allocations }) => allocations.some(({ escrow }) => escrow === id))?.reference
  }

  async function transfer(of: Deal): Promise<void> {
    const payment = await paymentOf(market.ledger(), of)
    if (payment === undefined || of.gateway !== 'razorpay') return
    const { held } = await market.ledger().escrows.get(of.id)
    if (held.minor < 100n) return
    const given = { id: of.id, payee: 'priya', amount: held, gateway: 'razorpay', payment, escrow: of.id }
    // The platform's share stays here.
    const amount = money('1.00', 'INR')
    await attempt((ledger) =>
      ledger.transfers.create({ ...given, amount: held.minor > 1_000n ? money('10.00', 'INR') : amount }),
    )
  }

  /** The gateway's reference of one of our instructions of a kind in a state. */
  async function nth(kind: 'refund' | 'payout', state: 'accepted' | 'processed', number: number): Promise<string> {
    const listed = await all(market.ledger().instructions.list({ kind, state, gateway: 'razorpay' }))
    // What banks send back they send back within days, while the payout is still looked at.
    const found = kind === 'payout' ? listed.filter(({ nextAt }) => nextAt !== null) : listed
    return found[number % Math.max(1, found.length)]?.gatewayReference ?? 'none'
  }

  /** Deals that are paid, some of them settled, so that there is something to give back, to send on and to pay out. */
  async function begin(): Promise<void> {
    for (const gateway of ['razorpay', 'razorpay', 'razorpay', 'paypal', 'paypal'] as const) {
      await order({ gateway, amount: '500.00' })
      await payOrder(market, gateway, `deal-${deals.length}`)
    }
    for (const amount of ['400.00', '300.00']) {
      await order({ gateway: 'paypal', amount }, true)
      await payOrder(market, 'paypal', `deal-${deals.length}`)
    }
    await market.round()
    await market.advance(MINUTE)
    for (const each of deals.slice(0, 2)) await transfer(each)
    await market.round()
    await market.advance(MINUTE)
    await market.round()
    for (const id of ['deal-1', 'deal-4', 'deal-6']) {
      await market.ledger().escrows.complete({ id, measures: { satisfaction: '4' } })
    }
    await market.advance(DAY)
    await market.round()
  }

  /** Banks and gateways decide all disputes in the end: while one is open, PayPal lets its payment not be refunded. */
  async function endDisputes(): Promise<void> {
    for (let nth = 0; nth < outsiders.disputes(); nth += 1) {
      await play({ step: 'end dispute', nth, won: nth % 2 === 0 })
    }
  }

  return { begin, play, endDisputes }

  async function play(step: Step): Promise<void> {
    // A delivery may have killed it.
    await market.survive(async () => {})
    const { sandbox } = market
    const { razorpay } = sandbox
    const of = 'deal' in step ? dealOf(step.deal) : undefined
    if ('deal' in step && !of) return
    const id = of?.id ?? ''
    switch (step.step) {
      case 'order':
        return order(step)
      case 'sell':
        return order({ gateway: 'paypal', amount: step.amount }, true)
      case 'release sale':
        return attempt((ledger) => releaseSale(ledger, step.nth))
      case 'let holds end':
        return letHoldsEnd(market)
      case 'pay':
        return act(() => payIfThere(market, of as Deal, step))
      case 'complete':
        return attempt((ledger) => ledger.escrows.complete({ id, measures: { satisfaction: step.satisfaction } }))
      case 'cancel':
        return attempt((ledger) => ledger.escrows.cancel({ id }))
      case 'refund':
        return attempt((ledger) =>
          ledger.escrows.refund({ id, amount: amountOf(of?.gateway ?? 'razorpay', step.amount) }),
        )
      case 'transfer':
        return transfer(of as Deal)
      case 'release':
        return attempt((ledger) => ledger.transfers.release({ id }))
      case 'reverse': {
        names += 1
        const reversal = { id: `reversal-${names}`, transfer: id, amount: money('1.00', 'INR') }
        return attempt((ledger) => ledger.transfers.reverse(reversal))
      }
      case 'pay out': {
        const minimum = amountOf(step.gateway, '1.00')
        return attempt((ledger) => ledger.payouts.run({ gateway: step.gateway, minimum }))
      }
      case 'fail refund': {
        const reference = await nth('refund', 'accepted', step.nth)
        return act(() => razorpay.failRefund(reference))
      }
      case 'send payout back': {
        const reference = await nth('payout', 'processed', step.nth)
        return act(() => razorpay.reversePayout(reference))
      }
      case 'refund by hand':
      case 'open dispute':
      case 'end dispute': {
        // What a seller's account gives of them is looked at by tests of its own.
        if (market.sales.has(id)) return
        const payment = of && (await paymentOf(market.ledger(), of))
        return act(() => outsiders.act(step, of?.gateway ?? 'razorpay', payment ?? 'none'))
      }
      case 'round':
        return market.round()
      case 'advance':
        return market.advance(step.ms)
      case 'fault':
        return sandbox.faults.plan({ gateway: step.gateway, operation: '*', fault: step.fault })
      case 'delivery fault':
        return sandbox.webhooks.plan({ fault: step.fault })
      case 'die beside':
        return market.dieBeside(step.crash)
      case 'die at':
        return market.dieAt(step.unit)
    }
  }
}

async function payIfThere(market: Marketplace, { id, gateway }: Deal, step: Extract<Step, { step: 'pay' }>) {
  const order = await market
    .ledger()
    .orders.get(id)
    .catch(() => null)
  if (order) await payOrder(market, gateway, id, step)
}
