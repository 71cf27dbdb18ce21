import { createPayPalGateway } from '@escrow-ledger/paypal'
import { createSandbox, type LoggedExchange } from '@escrow-ledger/sandbox'
import type { GatewayHarness, OpenHarness } from '@escrow-ledger/testkit'
import { add, type CallContext, fromMinor, type InstructionKind, money } from 'escrow-ledger'
import { effectLists, inPocket, type PayPalRecord, wordsAsMoney } from './paypal-effects.js'
import { payPalSteps } from './paypal-steps.js'
import { sandboxGateway, withoutBugs } from './sandbox-gateway.js'

/** The operation of the sandbox that does what a kind asks for. */
const operations: Readonly<Partial<Record<InstructionKind, string>>> = {
  order: 'createOrder',
  capture: 'captureOrder',
  refund: 'refundCapture',
  payout: 'createPayout',
  release: 'createReferencedPayoutItem',
}

const HOUR_MS = 3_600_000
const notThere = '0NOTTHERE0'

/** PayPal of the sandbox with the adapter at it. `check` is given everything that passed, at the end. */
export const openPayPal =
  (check: (passed: readonly LoggedExchange[]) => void): OpenHarness =>
  async (record) => {
    const sandbox = await createSandbox({
      paypal: {
        openingBalances: { USD: 100_000n, EUR: 100_000n },
        exchangeRates: [{ from: 'GBP', to: 'USD', value: '1.2534' }],
      },
    })
    const { paypal, clock } = sandbox
    let seller: string | null = null
    const gateway = createPayPalGateway({
      environment: 'sandbox',
      clientId: paypal.clientId,
      clientSecret: paypal.clientSecret,
      partnerId: paypal.merchantId,
      baseUrl: paypal.url,
      orderDetails: () => (seller === null ? {} : { payee: seller, disbursement: 'DELAYED' }),
      webhooks: {
        webhookId: paypal.webhookId,
        fetchCertificate: paypal.fetchCertificate,
        trustedRoots: paypal.trustedRoots,
        now: clock.now,
      },
    })
    const { plan, passed, records, deliveries, ...shared } = sandboxGateway(sandbox, 'paypal')
    const context: CallContext = { signal: new AbortController().signal, now: shared.now, record }
    const steps = payPalSteps({ sandbox, gateway, context })

    const harness: GatewayHarness = {
      ...shared,
      gateway,
      secrets: [paypal.clientSecret, Buffer.from(`${paypal.clientId}:${paypal.clientSecret}`).toString('base64')],
      async ready(kind, amount) {
        if (kind === 'release') seller ??= paypal.onboardSeller()
        return steps.ready(kind, amount)
      },
      async refusable(kind, amount) {
        if (kind === 'order') return { amount: money('1.00', 'KWD') }
        if (kind === 'capture') return { payment: notThere, order: notThere }
        if (kind === 'payout') return { destination: 'nobody' }
        if (kind === 'release') return { transfer: notThere }
        return { ...(await steps.ready(kind, amount)), amount: add(amount, fromMinor(1n, amount.currency)) }
      },
      async complete({ kind, reference, amount }) {
        if (kind === 'order') await steps.pay(reference ?? '', amount)
        if (kind === 'payout') await clock.advance(HOUR_MS)
      },
      plan: (fault, { kind, verb }) => plan(fault, verb === 'send' ? operations[kind] : '*'),
      async effects(kind) {
        const { list, counts } = effectLists[kind] ?? effectLists.order
        const found = (await records<PayPalRecord>(list)).filter(counts)
        return { count: found.length, sumMinor: found.reduce((sum, each) => sum + wordsAsMoney(each.amount).minor, 0n) }
      },
      chargedMinor: async (currency) => inPocket(paypal, 'outside:paypal-fees')[currency] ?? 0n,
      balances: async () => inPocket(paypal, `balance:${paypal.merchantId}`),
      async deliveries() {
        const { order, payment, refund, payout } = await steps.tellMuch()
        return deliveries({
          'CHECKOUT.ORDER.APPROVED': { kind: 'order', reference: order },
          'PAYMENT.CAPTURE.COMPLETED': { kind: 'payment', reference: payment },
          'PAYMENT.CAPTURE.REFUNDED': { kind: 'refund', reference: refund },
          'PAYMENT.PAYOUTS-ITEM.SUCCEEDED': { kind: 'payout', reference: payout },
        })
      },
      async close() {
        await sandbox.close()
        check(withoutBugs(passed()))
      },
    }
    return harness
  }
