import fc from 'fast-check'
import { expect, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { expectAgreement } from './compare-balances.js'
import { expectPayPalDifference } from './in-flight-paypal.js'
import { expectRazorpayDifference } from './in-flight-razorpay.js'
import { type Marketplace, openMarketplace } from './open-marketplace.js'
import { expectSellersAgreement } from './paypal-sales.js'
import { untilQuiet } from './quiet.js'
import { paidDeal } from './scenes.js'
import { LONGEST_HOLD } from './seller-steps.js'
import { createPlay, type Step, steps } from './steps.js'

const long = process.env.TEST_LONG === '1'
const numRuns = Number(process.env.MARKETPLACE_RUNS ?? (long ? 500 : 50))
/** The same marketplaces every time, but in the long run new ones, like all properties. */
const seed = Number(process.env.MARKETPLACE_SEED ?? (long ? process.env.PROPERTY_SEED : 20_261_128))

/** What came about in all marketplaces together, so that a run in which nothing happened does not count. */
const cameAbout = new Map<string, number>()
const note = (what: string) => cameAbout.set(what, (cameAbout.get(what) ?? 0) + 1)

/** One marketplace: whatever happens in it, all of the money is where the books say once nothing is in flight. */
async function live(given: readonly Step[], worldSeed: number): Promise<void> {
  const market = await openMarketplace(worldSeed)
  try {
    // Enough of our own that no refund waits for money.
    await paidDeal(market, 'razorpay', 'float-inr', '100000.00')
    await paidDeal(market, 'paypal', 'float-usd', '100000.00')
    const { begin, play, endDisputes } = createPlay(market)
    await begin()
    for (const [index, step] of given.entries()) {
      await play(step)
      if (index % (long ? 1 : 12) > 0) continue
      await market.survive(async () => {})
      await expectRazorpayDifference(market.sandbox, market.ledger())
      await expectPayPalDifference(market.sandbox, market.ledger())
    }
    await endDisputes()
    await endQuietly(market)
    // What PayPal holds for its sellers it lets go of then.
    await market.advance(LONGEST_HOLD)
    await endQuietly(market)
    for (const { kind, gateway, state } of await all(market.ledger().instructions.list()))
      note(`${kind} ${gateway} ${state}`)
    for (const { kind, gateway, taken, escrow, suspense } of await all(market.ledger().clawbacks.list())) {
      if (taken.minor > 0n) note(`${kind} by others ${gateway}${escrow === null ? '' : ' from its escrow'}`)
      else if (suspense !== null) note(`${kind} by others ${gateway} given back`)
    }
    if (market.deaths() > 0) note('died')
  } finally {
    await market.close()
  }
}

/** Nothing is in flight any more, and every balance is equal. */
async function endQuietly(market: Marketplace): Promise<void> {
  expect((await untilQuiet(market)).map(({ id, state, reason }) => ({ id, state, reason }))).toEqual([])
  await expectAgreement(market.sandbox, market.ledger(), market.linked)
  await expectSellersAgreement(market.sandbox, market.sales, market.ledger())
}

test(`${numRuns} random marketplaces end with every balance equal`, {
  timeout: long ? 7_200_000 : 600_000,
}, async () => {
  await fc.assert(fc.asyncProperty(steps, fc.nat(), live), {
    numRuns,
    seed,
    // Repeats one of them alone, by the path that its failure was told with.
    ...(process.env.MARKETPLACE_PATH && { path: process.env.MARKETPLACE_PATH }),
    endOnFailure: process.env.MARKETPLACE_SHRINK !== '1',
    markInterruptAsFailure: true,
  })
  if (numRuns >= 50) expect(everything.filter((what) => !cameAbout.has(what))).toEqual([])
})

/** Each of these came about at least once. */
const everything = [
  ...['order razorpay processed', 'order paypal processed', 'capture razorpay processed', 'capture paypal processed'],
  ...['refund razorpay processed', 'refund razorpay failed', 'refund paypal processed'],
  ...['payout razorpay processed', 'payout razorpay reversed', 'payout paypal processed'],
  ...['refund by others razorpay', 'refund by others razorpay from its escrow', 'refund by others paypal'],
  ...['refund by others paypal from its escrow', 'dispute by others razorpay', 'dispute by others razorpay given back'],
  'dispute by others paypal',
  ...['transfer razorpay processed', 'release razorpay processed', 'reversal razorpay processed', 'died'],
  ...['transfer paypal processed', 'release paypal processed', 'reversal paypal processed'],
]
