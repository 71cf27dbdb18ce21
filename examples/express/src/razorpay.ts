import { createRazorpayGateway, type RazorpayGateway, verifyRazorpayCheckout } from '@escrow-ledger/razorpay'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Pool } from 'pg'
import { z } from 'zod'

export const GATEWAY = 'razorpay'

/** Razorpay for payments and RazorpayX for payouts. With an account of yours, keys and secrets come from the environment. */
export function openRazorpay({ razorpay }: Pick<Sandbox, 'razorpay'>, pool: Pool): RazorpayGateway {
  const gateway = createRazorpayGateway({
    environment: 'test',
    keyId: razorpay.keyId,
    keySecret: razorpay.keySecret,
    webhookSecrets: [razorpay.webhookSecret],
    payouts: { accountNumber: razorpay.accountNumber },
    destinationOf: (payee) => fundAccountOf(payee),
    baseUrl: razorpay.url,
    capture: 'automatic',
  })

  /** RazorpayX pays to fund accounts. One is made of a coach's bank account when it is first needed, and kept. */
  async function fundAccountOf(payee: string): Promise<string | null> {
    const { rows } = await pool.query<{
      name: string
      ifsc: string
      account_number: string
      fund_account: string | null
    }>('select name, ifsc, account_number, fund_account from coaches where id = $1', [payee])
    const [coach] = rows
    if (!coach) return null
    if (coach.fund_account !== null) return coach.fund_account
    const { name, ifsc, account_number: accountNumber } = coach
    const contact = await gateway.fundAccounts.createContact({ payee, name })
    const { reference } = await gateway.fundAccounts.create(contact.reference, {
      bankAccount: { name, ifsc, accountNumber },
    })
    await pool.query('update coaches set fund_account = $2 where id = $1', [payee, reference])
    return reference
  }

  return gateway
}

const paidSchema = z.object({ paymentId: z.string(), status: z.string(), signature: z.string().nullable() })

type PaymentMethod = 'upi' | 'card' | 'netbanking'

/** What the payer's browser does at Razorpay's checkout. */
export interface Checkout {
  /** Pays an order, or has the payer's bank refuse it. Says whether the payment went through; throws `not_authentic`. */
  pay(order: string, how: { readonly method: PaymentMethod; readonly fail: boolean }): Promise<boolean>
}

/**
 * Razorpay's checkout is a script that runs in the payer's browser and brings back a payment and a signature. Here the
 * server asks the sandbox for the same, and verifies it as it would verify what a browser brings.
 */
export function createCheckout({ razorpay }: Pick<Sandbox, 'razorpay'>): Checkout {
  return {
    async pay(orderId, { method, fail }) {
      const response = await fetch(`${razorpay.url}/sandbox/acts/razorpay/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: orderId, method, fail }),
      })
      if (!response.ok) throw new Error(`The sandbox's checkout answered ${response.status}.`)
      const { paymentId, signature } = paidSchema.parse(await response.json())
      if (signature === null) return false
      verifyRazorpayCheckout({ orderId, paymentId, signature }, { keySecrets: [razorpay.keySecret] })
      return true
    },
  }
}
