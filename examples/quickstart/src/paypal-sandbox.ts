import { createPayPalGateway } from '@escrow-ledger/paypal'
import { accountCodes } from 'escrow-ledger'
import { addressName, type CreateSandboxGateway } from './sandbox-gateway.js'

/** What a PayPal account outside of India holds and sends: https://developer.paypal.com/reference/currency-codes/ */
export const payPalCurrencies: ReadonlySet<string> = new Set(
  'AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD'.split(' '),
)

/** PayPal, which pays out of the balance that payments arrive in. */
export const payPalAtSandbox: CreateSandboxGateway = ({ paypal, clock }) => {
  const { webhookId, fetchCertificate, trustedRoots } = paypal
  const adapter = createPayPalGateway({
    environment: 'sandbox',
    clientId: paypal.clientId,
    clientSecret: paypal.clientSecret,
    webhooks: { webhookId, fetchCertificate, trustedRoots, now: clock.now },
    // A marketplace keeps its payees' addresses in a table of its own.
    destinationOf: async (payee) => `${addressName(payee)}@example.com`,
    baseUrl: paypal.url,
  })
  const clearing = accountCodes.clearing('paypal')
  const pockets = [
    { title: 'Balance', account: clearing, pocket: `balance:${paypal.merchantId}` },
    { title: 'Fees taken', account: accountCodes.gatewayFees('paypal'), pocket: 'outside:paypal-fees' },
  ]
  return {
    adapter,
    pay: (order) => paypal.approve(order),
    payoutsFrom: clearing,
    topUp: ({ currency, minor }) => paypal.topUp({ currency, amountMinor: minor }),
    positions() {
      const balances = paypal.balances()
      return pockets.flatMap(({ title, account, pocket }) =>
        Object.entries(balances[pocket] ?? {}).map(([currency, minor]) => ({ title, account, currency, minor })),
      )
    },
  }
}
