import type { Config } from '@escrow-ledger/http/config'
import { createRazorpayGateway, type RazorpayGateway, verifyRazorpayCheckout } from '@escrow-ledger/razorpay'
import type { Sandbox } from '@escrow-ledger/sandbox'
import type { Pool } from 'pg'
import { z } from 'zod'
import { PageProblem } from './page-problem.js'

export const GATEWAY = 'razorpay'

/** Razorpay for payments and RazorpayX for payouts, as the environment says. */
export function openRazorpay({ razorpay }: Pick<Config, 'razorpay'>, pool: Pool): RazorpayGateway {
  if (razorpay === null) throw new Error('This example is paid through Razorpay.')
  const destinationOf = (payee: string) => fundAccountOf(payee)
  const gateway = createRazorpayGateway({ ...razorpay, destinationOf, capture: 'automatic' })

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
      if (response.status === 400) {
        throw new PageProblem(
          409,
          'Razorpay takes no payment for this any more. If you have paid, it is being confirmed.',
        )
      }
      if (!response.ok) throw new Error(`The sandbox's checkout answered ${response.status}.`)
      const { paymentId, signature } = paidSchema.parse(await response.json())
      if (signature === null) return false
      verifyRazorpayCheckout({ orderId, paymentId, signature }, { keySecrets: [razorpay.keySecret] })
      return true
    },
  }
}
