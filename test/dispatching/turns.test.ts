import { expect, test } from 'vitest'
import { databases } from '../fixtures/databases.js'
import { inr, owe } from '../fixtures/deals.js'
import { MINUTE } from '../fixtures/open-ledger.js'
import { openShared } from '../fixtures/open-shared.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'
import { until } from '../fixtures/until.js'

/** As many calls as a process makes at a time. */
const AT_ONCE = 8

test.each(databases)('$name: a call whose turn comes when another worker has gone on is not made', async (database) => {
  const { gateway, script, sent } = scriptedGateway({ resendWindowMs: null })
  const { ledgers, clock } = await openShared(database, { storages: 2, gateways: { razorpay: gateway } })
  const [slow, other] = ledgers
  if (!slow || !other) throw new Error('two ledgers are needed')
  await owe(slow, 'priya', inr('100.00'))
  for (let each = 0; each <= AT_ONCE; each += 1) {
    const request = { id: `p${each}`, payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' }
    await slow.payouts.request(request)
    clock.now += 1
  }
  const last = `payout:p${AT_ONCE}`
  let free = () => {}
  const freed = new Promise<void>((resolve) => {
    free = resolve
  })
  const done = new Map<string, number>()
  const held = new Set<string>()
  script.send = async ({ instruction }) => {
    const again = held.has(instruction)
    held.add(instruction)
    if (instruction !== last && !again) await freed
    done.set(instruction, (done.get(instruction) ?? 0) + 1)
    return { outcome: 'processed', reference: instruction }
  }
  script.ask = ({ instruction }) =>
    done.has(instruction) ? { outcome: 'processed', reference: instruction } : { outcome: 'absent' }

  const run = slow.instructions.dispatch({ concurrency: AT_ONCE + 1 })
  await until('all but one are under way', () => sent.length === AT_ONCE)
  await until('the last one waits', async () => (await slow.instructions.get(last)).state === 'sending')
  clock.now += 10 * MINUTE
  // Another worker finds that it never arrived, and sends it.
  await other.instructions.dispatch()
  await other.instructions.dispatch()
  expect(done.get(last)).toBe(1)
  free()
  await run
  expect(done.get(last)).toBe(1)
  expect(await other.instructions.get(last)).toMatchObject({ state: 'processed' })
})
