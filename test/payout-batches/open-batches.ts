import type { Gateway, Ledger } from 'escrow-ledger'
import { inr, owe } from '../fixtures/deals.js'
import type { OpenOptions } from '../fixtures/open-ledger.js'
import { batchGateway } from './batch-gateway.js'

type Open<Opened extends { readonly ledger: Ledger }> = (options: OpenOptions) => Promise<Opened>

/** A ledger at a gateway that takes payouts in batches, and payees that are to be paid INR 100.00 each. */
export async function openBatches<Opened extends { readonly ledger: Ledger }>(
  openLedger: Open<Opened>,
  options: Parameters<typeof batchGateway>[0] = {},
  own: Partial<Gateway> = {},
) {
  const gateway = batchGateway(options, own)
  const opened = await openLedger({ gateways: { razorpay: gateway.gateway } })
  const pay = async (...payees: readonly string[]) => {
    for (const payee of payees) {
      await owe(opened.ledger, payee, inr('100.00'))
      await opened.ledger.payouts.request({ id: payee, payee, amount: inr('100.00'), gateway: 'razorpay' })
    }
  }
  /** The state of each payout, by its payee. */
  const states = async () => {
    const found: Record<string, string> = {}
    for await (const { party, state } of opened.ledger.payouts.list()) found[party] = state
    return found
  }
  return { ...opened, ...gateway, pay, states }
}
