import type { Ledger } from 'escrow-ledger'
import fc from 'fast-check'
import { all } from '../fixtures/balances.js'
import { DAY } from '../fixtures/open-ledger.js'
import type { Marketplace } from './open-marketplace.js'

/** What happens to deals that are sold for a seller at PayPal, beside what happens to every deal. */
export type SellerStep =
  | { readonly step: 'sell'; readonly amount: string }
  | { readonly step: 'release sale'; readonly nth: number }
  | { readonly step: 'let holds end' }

/** How long PayPal holds a seller's money at most. */
export const LONGEST_HOLD = 28 * DAY

export const sellerSteps = (amount: fc.Arbitrary<string>) => [
  { weight: 4, arbitrary: fc.record({ step: fc.constant('sell' as const), amount }) },
  {
    weight: 3,
    arbitrary: fc.record({ step: fc.constant('release sale' as const), nth: fc.nat({ max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('let holds end' as const) }) },
]

/** Releases one of the transfers that came with payments. */
export async function releaseSale(ledger: Ledger, nth: number): Promise<void> {
  const sales = await all(ledger.transfers.list({ gateway: 'paypal' }))
  const payment = sales[nth % Math.max(1, sales.length)]?.payment
  if (payment) await ledger.transfers.release({ id: payment })
}

/** A worker is at work meanwhile: what was sent once is asked about before its key runs out. */
export async function letHoldsEnd(market: Marketplace): Promise<void> {
  for (let week = 0; week < 4; week += 1) {
    await market.advance(LONGEST_HOLD / 4)
    await market.round()
  }
}
