import type { Fault } from '@escrow-ledger/sandbox'
import { describe, expect, onTestFinished, test } from 'vitest'
import { all } from '../fixtures/balances.js'
import { expectAgreement } from './compare-balances.js'
import { type CallCrash, type Marketplace, openMarketplace } from './open-marketplace.js'
import { expectSellersAgreement } from './paypal-sales.js'
import { untilQuiet } from './quiet.js'
import { payOrder, scenes } from './scenes.js'
import { sellerScenes } from './seller-scenes.js'

const faults: readonly (Fault | null)[] = [
  null,
  { kind: 'resetBefore' },
  { kind: 'resetAfter' },
  { kind: 'rateLimited', retryAfterS: 60 },
  { kind: 'errorBefore', status: 502 },
  { kind: 'errorAfter', status: 500 },
  { kind: 'unreadable' },
]

/** Where the process dies: beside the call, or in place of the nth unit of work from the act on. */
const crashes: readonly (CallCrash | number | null)[] = [null, 'before the call', 'after the call', 1, 2, 3, 4]

const usual = new Set<unknown>([
  null,
  'before the call',
  'after the call',
  3,
  'resetBefore',
  'resetAfter',
  'errorAfter',
])

const long = process.env.TEST_LONG === '1'

const everyScene = [...scenes, ...sellerScenes].map((scene) => [`${scene.name} at ${scene.gateway}`, scene] as const)

describe.each(everyScene)('%s', (_, scene) => {
  const cells = faults.flatMap((fault) => crashes.map((crash) => ({ fault, crash })))
  // Outside the long run the faults and the crashes that differ most, each by itself.
  const some = cells.filter(({ fault, crash }) =>
    fault === null ? usual.has(crash) : crash === null && usual.has(fault.kind),
  )

  const told = (long ? cells : some).map((cell) => [cell.fault?.kind ?? 'nothing', cell.crash ?? 'none', cell] as const)
  test.each(told)('has one effect when %s goes wrong, with a crash: %s', async (_fault, _crash, { fault, crash }) => {
    const market = await openMarketplace(1)
    onTestFinished(() => market.close())
    await scene.prepare(market)
    const { gateway, operation } = scene
    if (fault) market.sandbox.faults.plan({ gateway, operation, fault })
    if (typeof crash === 'number') market.dieAt(crash)
    else if (crash !== null) market.dieBeside(crash)
    await scene.act(market)
    if (operation === 'createOrder') await completeOrder(market, gateway)
    expect((await untilQuiet(market)).map(({ id, state, reason }) => ({ id, state, reason }))).toEqual([])
    await expectAgreement(market.sandbox, market.ledger(), market.linked)
    await expectSellersAgreement(market.sandbox, market.sales, market.ledger())
    const states = (await all(market.ledger().instructions.list())).map(({ id, state }) => `${id} ${state}`)
    expect(states.filter((each) => !each.endsWith(' processed'))).toEqual([])
    if (scene.instruction !== null) expect(states).toContain(`${scene.instruction} processed`)
  })
})

/** Whatever happened to the order: it is asked for again if it was not recorded, and then paid. */
async function completeOrder(market: Marketplace, gateway: 'razorpay' | 'paypal'): Promise<void> {
  market.sandbox.faults.clear()
  const ledger = market.ledger()
  const orders = await all(ledger.orders.list())
  if (orders.length === 0) await ledger.orders.create({ id: 's', escrow: 's', gateway })
  for (let round = 0; round < 12; round += 1) {
    if (await payOrder(market, gateway, 's')) return
    await market.round()
    await market.advance(300_000)
  }
  expect.unreachable('the order was never made at the gateway')
}
