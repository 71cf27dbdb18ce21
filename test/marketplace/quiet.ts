import type { InstructionView, Ledger } from 'escrow-ledger'
import { all } from '../fixtures/balances.js'
import { HOUR, MINUTE } from '../fixtures/open-ledger.js'
import type { Marketplace } from './open-marketplace.js'

const open = ['recorded', 'sending', 'accepted', 'unknown', 'waiting'] as const

/**
 * Instructions of which it is not known yet what becomes of them. An order that nobody has paid is none, nor is what is too
 * small for its gateway: that stays owed, and is listed.
 */
async function inFlight(ledger: Ledger): Promise<Pick<InstructionView, 'id' | 'state' | 'reason'>[]> {
  const found = await all(ledger.instructions.list({ state: open }))
  const isUnpaid = ({ kind, state }: InstructionView) => kind === 'order' && state === 'accepted'
  const isTooSmall = ({ state, reason }: InstructionView) =>
    state === 'waiting' && reason?.startsWith('below the minimum')
  // A refund that was made by hand takes its time as well.
  const refunds = await all(ledger.clawbacks.list({ kind: 'refund', state: 'open' }))
  return [
    ...found.filter((each) => !isUnpaid(each) && !isTooSmall(each)),
    ...refunds.map(({ reference }) => ({ id: reference, state: 'accepted' as const, reason: 'made by hand' })),
  ]
}

/** Lets rounds and hours go by until nothing is in flight any more. Answers what still is, after some weeks. */
export async function untilQuiet(market: Marketplace): ReturnType<typeof inFlight> {
  const { sandbox } = market
  sandbox.faults.clear()
  await sandbox.webhooks.deliverAll()
  let quiet = 0
  for (let round = 0; round < 400; round += 1) {
    const deaths = market.deaths()
    await market.round()
    await market.survive(async () => {})
    for (const account of market.linked.keys()) settleLinked(market, account)
    const left = await inFlight(market.ledger())
    // A round in which the process died did not look at everything.
    quiet = left.length === 0 && market.deaths() === deaths ? quiet + 1 : 0
    // Three times in a row with hours between: refunds, payouts and transfers of the gateways are done as well.
    if (quiet === 3) return []
    await market.advance(quiet > 0 ? 2 * HOUR : round < 10 ? 5 * MINUTE : HOUR)
  }
  return inFlight(market.ledger())
}

/** What is not held any more goes on to the payee's bank. */
function settleLinked({ sandbox }: Marketplace, account: string): void {
  try {
    sandbox.razorpay.settle(account)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}
