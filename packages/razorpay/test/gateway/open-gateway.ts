import { createSandbox, type SandboxOptions } from '@escrow-ledger/sandbox'
import type { CallContext, Exchange, GatewayCall } from 'escrow-ledger'
import { money } from 'escrow-ledger'
import { onTestFinished } from 'vitest'
import { createRazorpayGateway, type RazorpayOptions } from '../../src/index.js'

type Kind = GatewayCall['kind']
type CallOf<K extends Kind> = Extract<GatewayCall, { kind: K }>
type Given<K extends Kind> = { amount: string; currency?: string } & Partial<Omit<CallOf<K>, 'amount' | 'kind'>>

/** A sandbox for one test, the gateway on it, and the first steps that many tests take. */
export async function openGateway({
  sandbox: of = {},
  ...options
}: Partial<RazorpayOptions> & { sandbox?: SandboxOptions } = {}) {
  const sandbox = await createSandbox(of)
  onTestFinished(() => sandbox.close())
  const { razorpay, clock } = sandbox
  const gateway = createRazorpayGateway({
    environment: 'test',
    keyId: razorpay.keyId,
    keySecret: razorpay.keySecret,
    webhookSecrets: [razorpay.webhookSecret],
    payouts: { accountNumber: razorpay.accountNumber },
    baseUrl: razorpay.url,
    timeoutMs: 5000,
    ...options,
  })
  const exchanges: Exchange[] = []
  const context: CallContext = {
    signal: new AbortController().signal,
    now: clock.now,
    record: (exchange) => exchanges.push(exchange),
  }
  let calls = 0

  /** A call as the ledger makes it. */
  function callOf<K extends Kind>(kind: K, { amount, currency = 'INR', ...more }: Given<K>): CallOf<K> {
    calls += 1
    const call = {
      ...{ kind, instruction: `${kind}:${calls}`, key: keyOf(calls), amount: money(amount, currency) },
      ...{ party: 'p1', escrow: 's1', reference: null, firstSentAt: clock.now(), payment: null, destination: null },
      ...{ hold: 'none', transfer: '', order: null },
      ...more,
    }
    return call as unknown as CallOf<K>
  }

  return {
    ...{ sandbox, razorpay, clock, gateway, context, exchanges, callOf },
    send: (call: GatewayCall) => gateway.send(call, context),
    ask: (call: GatewayCall) => gateway.ask(call, context),
    /** The requests that the sandbox took for an operation. */
    requests: (operation: string) => sandbox.log.all().filter((each) => each.operation === operation),
    /** An order and the payment for it; it is captured unless it is only to be authorised. */
    async paid(amount: string, { authorizeOnly = false, currency = 'INR' } = {}) {
      const order = callOf('order', { amount, currency })
      const accepted = await gateway.send(order, context)
      if (accepted.outcome !== 'accepted' || accepted.reference === null) throw new Error(JSON.stringify(accepted))
      const { paymentId } = razorpay.pay(accepted.reference, { authorizeOnly })
      return { order: { ...order, reference: accepted.reference }, payment: paymentId }
    },
    /** A linked account that can take transfers. */
    async linkedAccount(payee = 'p1'): Promise<string> {
      const { reference } = await gateway.payees.onboard(payeeDetails(payee), context)
      razorpay.activateAccount(reference)
      return reference
    },
    /** A fund account of type vpa. */
    async fundAccount(payee = 'p1'): Promise<string> {
      const contact = await gateway.fundAccounts.createContact({ payee, name: 'Priya' }, context)
      return (await gateway.fundAccounts.create(contact.reference, { vpa: 'priya@exampleupi' }, context)).reference
    },
  }
}

/** Such as the ledger's: 36 characters. */
const keyOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

export const payeeDetails = (payee: string) => ({
  ...{ payee, name: 'Priya Coaching', email: `${payee}@example.com`, phone: '9000090000', country: 'IN' },
  details: { account: { profile: { category: 'education', subcategory: 'coaching' } } },
})
