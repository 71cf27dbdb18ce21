import type { RazorpayGateway } from '@escrow-ledger/razorpay'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { CallDetails } from '@escrow-ledger/testkit'
import type { CallContext, InstructionKind, Money } from 'escrow-ledger'
import { money } from 'escrow-ledger'
import { createCaller } from './create-caller.js'

interface Opened {
  readonly sandbox: Sandbox
  readonly gateway: RazorpayGateway
  readonly context: CallContext
}

const SECOND_MS = 1000

/** The steps at Razorpay that come before a call. */
export function razorpaySteps({ sandbox, gateway, context }: Opened) {
  const { razorpay, clock } = sandbox
  const { send } = createCaller(gateway, context)
  let linked: Promise<string> | undefined

  async function linkedAccount(): Promise<string> {
    const details = { account: { profile: { category: 'education', subcategory: 'coaching' } } }
    const payee = { payee: 'p-1', name: 'Priya Coaching', email: 'p-1@example.com', phone: '9000090000', country: 'IN' }
    const { reference } = await gateway.payees.onboard({ ...payee, details }, context)
    razorpay.activateAccount(reference)
    return reference
  }

  async function fundAccount(): Promise<string> {
    const contact = await gateway.fundAccounts.createContact({ payee: 'p-1', name: 'Priya' }, context)
    return (await gateway.fundAccounts.create(contact.reference, { vpa: 'priya@exampleupi' }, context)).reference
  }

  async function paid(amount: Money, options = {}): Promise<{ order: string; payment: string }> {
    const order = await send('order', amount)
    return { order, payment: razorpay.pay(order, options).paymentId }
  }

  /** A payment, and a balance that carries its amount once more with all fees. */
  async function paidTwice(amount: Money) {
    await paid(amount)
    return paid(amount)
  }

  async function held(amount: Money): Promise<string> {
    const details = await ready('transfer', amount)
    const transfer = await send('transfer', amount, { ...details, hold: 'indefinite' })
    await clock.advance(SECOND_MS)
    return transfer
  }

  async function ready(kind: InstructionKind, amount: Money): Promise<CallDetails> {
    switch (kind) {
      case 'order':
        return {}
      case 'capture':
        return paid(amount, { authorizeOnly: true })
      case 'refund':
        return { payment: (await paidTwice(amount)).payment }
      case 'payout':
        razorpay.topUp(2n * amount.minor)
        return { destination: await fundAccount() }
      case 'transfer': {
        linked ??= linkedAccount()
        return { payment: (await paidTwice(amount)).payment, destination: await linked }
      }
      case 'release':
      case 'reversal':
        return { transfer: await held(amount) }
    }
  }

  return {
    ready,
    /** A payment, a refund of it and a payout, each told by webhooks; gives what Razorpay calls them. */
    async tellMuch() {
      const amount = money('100.00', 'INR')
      const { order, payment } = await paid(amount)
      const refund = await send('refund', money('10.00', 'INR'), { payment })
      const payout = await send('payout', amount, await ready('payout', amount))
      await clock.advance(3600 * SECOND_MS)
      return { order, payment, refund, payout }
    },
  }
}
