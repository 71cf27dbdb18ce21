import { createRazorpayGateway } from '@escrow-ledger/razorpay'
import { createSandbox } from '@escrow-ledger/sandbox'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import { createLedger, format, fromMinor, type Ledger, money } from 'escrow-ledger'
import { onTestFinished } from 'vitest'
import { coaching } from '../fixtures/sample-terms.js'

/**
 * A ledger whose gateway `razorpay` is the adapter on a sandbox, on the sandbox's clock, and a deal of INR 1,000.00 that
 * its payer has paid.
 */
export async function openDeal() {
  const sandbox = await createSandbox({ razorpay: { settlements: 'manual' } })
  const { razorpay, clock } = sandbox
  const destinations = new Map<string, string>()
  const gateway = createRazorpayGateway({
    ...{ environment: 'test', keyId: razorpay.keyId, keySecret: razorpay.keySecret, baseUrl: razorpay.url },
    ...{ webhookSecrets: [razorpay.webhookSecret], accountId: razorpay.accountId },
    payouts: { accountNumber: razorpay.accountNumber },
    destinationOf: async (party, kind) => destinations.get(`${kind} ${party}`) ?? null,
  })
  const storage = createSqliteStorage({ filename: ':memory:' })
  const ledger = createLedger({ storage, gateways: { razorpay: gateway }, runtime: { now: clock.now } })
  await ledger.migrate()
  onTestFinished(async () => {
    await ledger.close()
    await sandbox.close()
  })

  const amount = money('1000.00', 'INR')
  await ledger.escrows.open({ id: 's1', payer: 'c1', parties: { coach: 'p1' }, amount, terms: coaching })
  const order = await ledger.orders.create({ id: 'o1', escrow: 's1', gateway: 'razorpay' })
  const { paymentId } = razorpay.pay(order.gatewayReference ?? '')
  return { ledger, gateway, sandbox, razorpay, clock, destinations, paymentId }
}

/** Goes on until nothing is due: each time the clock has moved so far, whatever is due is carried out or asked about. */
export async function goOn(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: { advance(ms: number): Promise<void> } },
  { hours = 2 } = {},
): Promise<void> {
  for (let quarter = 0; quarter < 4 * hours; quarter += 1) {
    await ledger.instructions.dispatch()
    await clock.advance(900_000)
  }
  await ledger.instructions.dispatch()
}

/** Paise as the books write them. */
export const rupees = (paise: bigint | undefined): string => format(fromMinor(paise ?? 0n, 'INR'))
