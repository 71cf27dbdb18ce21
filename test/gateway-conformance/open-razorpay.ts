import { createRazorpayGateway } from '@escrow-ledger/razorpay'
import { createSandbox, type LoggedExchange } from '@escrow-ledger/sandbox'
import type { Effects, GatewayHarness, OpenHarness } from '@escrow-ledger/testkit'
import { add, type CallContext, fromMinor, type InstructionKind } from 'escrow-ledger'
import { effectLists, type RazorpayRecord } from './razorpay-effects.js'
import { razorpaySteps } from './razorpay-steps.js'
import { sandboxGateway, withoutBugs } from './sandbox-gateway.js'

/** The operation of the sandbox that does what a kind asks for. */
const operations = {
  order: 'createOrder',
  capture: 'capturePayment',
  refund: 'createRefund',
  payout: 'createPayout',
  transfer: 'createPaymentTransfers',
  release: 'updateTransfer',
  reversal: 'createReversal',
} as const satisfies Record<InstructionKind, string>

const SECOND_MS = 1000
const HOUR_MS = 3_600_000
/** How long what was accepted takes, by the times of the sandbox; a release until its linked account is settled. */
const takesMs: Partial<Record<InstructionKind, number>> = {
  refund: HOUR_MS,
  payout: 60 * SECOND_MS,
  transfer: SECOND_MS,
  release: 72 * HOUR_MS,
}

/** Razorpay of the sandbox with the adapter at it. `check` is given everything that passed, at the end. */
export const openRazorpay =
  (check: (passed: readonly LoggedExchange[]) => void): OpenHarness =>
  async (record) => {
    const sandbox = await createSandbox({ razorpay: { rates: { USD: '83.25', JPY: '0.55', KWD: '270' } } })
    const { razorpay } = sandbox
    const gateway = createRazorpayGateway({
      environment: 'test',
      keyId: razorpay.keyId,
      keySecret: razorpay.keySecret,
      webhookSecrets: [razorpay.webhookSecret],
      payouts: { accountNumber: razorpay.accountNumber },
      baseUrl: razorpay.url,
    })
    const { plan, passed, records, deliveries, ...shared } = sandboxGateway(sandbox, 'razorpay')
    const context: CallContext = { signal: new AbortController().signal, now: shared.now, record }
    const steps = razorpaySteps({ sandbox, gateway, context })
    const nobody = { destination: 'fa_00000000000000' }

    const harness: GatewayHarness = {
      ...shared,
      gateway,
      secrets: [razorpay.keySecret, Buffer.from(`${razorpay.keyId}:${razorpay.keySecret}`).toString('base64')],
      ready: steps.ready,
      async refusable(kind, amount) {
        const more = add(amount, fromMinor(1n, amount.currency))
        if (kind === 'order') return { amount: fromMinor(99n, amount.currency) }
        if (kind === 'payout') return nobody
        if (kind === 'transfer') return { ...(await steps.ready(kind, amount)), destination: 'acc_00000000000000' }
        if (kind === 'release') return { transfer: 'trf_00000000000000' }
        return { ...(await steps.ready(kind, amount)), amount: more }
      },
      async complete({ kind, reference }) {
        if (kind === 'order') razorpay.pay(reference ?? '')
        else await sandbox.clock.advance(takesMs[kind] ?? 0)
      },
      plan: (fault, { kind, verb }) => plan(fault, verb === 'send' ? operations[kind] : '*'),
      async effects(kind): Promise<Effects> {
        const { list, counts } = effectLists[kind]
        const found = (await records<RazorpayRecord>(list)).filter(counts)
        return { count: found.length, sumMinor: found.reduce((sum, { amount }) => sum + BigInt(amount), 0n) }
      },
      async chargedMinor(currency) {
        const { fees, taxes } = razorpay.balances().charged
        return currency === 'INR' ? fees + taxes : 0n
      },
      balances: async () => ({ INR: razorpay.balances().clearing }),
      async deliveries() {
        const { order, payment, refund, payout } = await steps.tellMuch()
        return deliveries({
          'payment.captured': { kind: 'payment', reference: payment },
          'order.paid': { kind: 'order', reference: order },
          'refund.processed': { kind: 'refund', reference: refund },
          'payout.processed': { kind: 'payout', reference: payout },
        })
      },
      async close() {
        await sandbox.close()
        check(withoutBugs(passed()))
      },
    }
    return harness
  }
