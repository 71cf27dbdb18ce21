import { createRazorpayGateway } from '@escrow-ledger/razorpay'
import { accountCodes } from 'escrow-ledger'
import { addressName, type CreateSandboxGateway, type Position } from './sandbox-gateway.js'

/** Razorpay would change other currencies into rupees, but RazorpayX pays out rupees only. */
export const razorpayCurrencies: ReadonlySet<string> = new Set(['INR'])

/** Razorpay, with RazorpayX for payouts. */
export const razorpayAtSandbox: CreateSandboxGateway = ({ razorpay }) => {
  const adapter = createRazorpayGateway({
    environment: 'test',
    keyId: razorpay.keyId,
    keySecret: razorpay.keySecret,
    webhookSecrets: [razorpay.webhookSecret],
    payouts: { accountNumber: razorpay.accountNumber },
    destinationOf: (payee) => fundAccountOf(payee),
    baseUrl: razorpay.url,
  })
  const fundAccounts = new Map<string, string>()

  /** A marketplace asks its payees for their accounts, and keeps the ids of what it made of them in a table of its own. */
  async function fundAccountOf(payee: string): Promise<string> {
    const known = fundAccounts.get(payee)
    if (known !== undefined) return known
    const name = addressName(payee)
    const contact = await adapter.fundAccounts.createContact({ payee, name })
    const bankAccount = { name, ifsc: 'HDFC0000317', accountNumber: name.replace('-', '') }
    const { reference } = await adapter.fundAccounts.create(contact.reference, { bankAccount })
    fundAccounts.set(payee, reference)
    return reference
  }

  const payoutsFrom = accountCodes.gatewayPayouts('razorpay')
  return {
    adapter,
    pay: (order) => void razorpay.pay(order),
    payoutsFrom,
    topUp: ({ minor }) => razorpay.topUp(minor),
    positions() {
      const { clearing, payouts, charged } = razorpay.balances()
      const inRupees = (title: string, account: string, minor: bigint): Position => ({
        ...{ title, account, minor, currency: 'INR' },
      })
      return [
        inRupees('Balance', accountCodes.clearing('razorpay'), clearing),
        inRupees('RazorpayX', payoutsFrom, payouts),
        inRupees('Fees taken', accountCodes.gatewayFees('razorpay'), charged.fees),
        inRupees('Tax on fees', accountCodes.gatewayFeeTax('razorpay'), charged.taxes),
      ]
    },
  }
}
