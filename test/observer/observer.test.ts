import { createModelStorage, createTestRuntime } from '@escrow-ledger/testkit'
import {
  type BatchTold,
  type CommandTold,
  createLedger,
  type Gateway,
  type GatewayCallTold,
  type Ledger,
  type LedgerObserver,
  type QueueTold,
} from 'escrow-ledger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fatefulModel, fatefulSqlite } from '../fixtures/answers-lost.js'
import { inr, owe } from '../fixtures/deals.js'
import { START } from '../fixtures/open-ledger.js'
import { codeOf } from '../fixtures/outcomes.js'
import { scriptedGateway } from '../fixtures/scripted-gateway.js'

const tenRupees = {
  postings: [
    { account: 'bank:hdfc', debit: inr('10.00') },
    { account: 'opening-balances', credit: inr('10.00') },
  ],
}

interface Heard {
  readonly commands: CommandTold[]
  readonly batches: BatchTold[]
  readonly queues: QueueTold[]
  readonly calls: GatewayCallTold[]
}

function createListener(): { readonly heard: Heard; readonly observer: LedgerObserver } {
  const heard: Heard = { commands: [], batches: [], queues: [], calls: [] }
  const observer: LedgerObserver = {
    command: (told) => void heard.commands.push(told),
    batch: (told) => void heard.batches.push(told),
    queue: (told) => void heard.queues.push(told),
    gatewayCall: (told) => void heard.calls.push(told),
  }
  return { heard, observer }
}

type Fates = ('committed' | 'lost' | 'unanswered')[]

/** A ledger whose clock for measuring goes on by a millisecond each time that it is read. */
async function open(
  storageOf: typeof fatefulSqlite,
  given: { observer?: LedgerObserver; fates?: Fates; gateways?: Readonly<Record<string, Gateway>> } = {},
): Promise<{ ledger: Ledger }> {
  const { fates = [], observer, gateways } = given
  const storage = await storageOf(() => fates.shift() ?? 'committed')
  let ms = 0
  const elapsed = () => {
    ms += 1
    return ms
  }
  const ledger = createLedger({ storage, observer, gateways, runtime: { now: () => START, elapsed } })
  await ledger.migrate()
  onTestFinished(() => ledger.close())
  return { ledger }
}

describe('an observer', () => {
  test('is told of each command, with its outcome and its times', async () => {
    const { heard, observer } = createListener()
    const { ledger } = await open(fatefulSqlite, { observer })
    await ledger.journal.post(tenRupees, { idempotencyKey: 'k' })
    await ledger.journal.post(tenRupees, { idempotencyKey: 'k' })
    expect(await codeOf(ledger.escrows.settle({ id: 'nobody' }))).toBe('escrow_not_found')
    expect(await codeOf(ledger.escrows.settle({ id: '' }))).toBe('invalid_input')
    const told = heard.commands.map(({ command, outcome, code }) => `${command} ${outcome} ${code ?? ''}`.trim())
    expect(told).toEqual([
      'journal.post done',
      'journal.post replayed',
      'escrows.settle refused escrow_not_found',
      'escrows.settle refused invalid_input',
    ])
    const [first, , , unread] = heard.commands
    expect(first?.book).toBe('main')
    expect(first?.waitedMs).toBeGreaterThan(0)
    expect(first?.ms).toBeGreaterThan(first?.waitedMs ?? 0)
    expect(unread?.waitedMs).toBe(0)
  })

  test('is told of each batch and of the queue before and after it', async () => {
    const { heard, observer } = createListener()
    const { ledger } = await open(fatefulSqlite, { observer })
    await Promise.all([1, 2, 3].map((each) => ledger.journal.post({ ...tenRupees, reference: `r${each}` })))
    const told = { book: 'main', commands: 3, path: 'locked', outcome: 'committed' }
    expect(heard.batches).toEqual([expect.objectContaining(told)])
    expect(heard.batches[0]?.size).toBeGreaterThan(3 * 100)
    expect(heard.batches[0]?.ms).toBeGreaterThan(0)
    expect(heard.queues.map(({ length }) => length)).toEqual([1, 2, 3, 0])
  })

  test('is told of a batch whose answer was lost, and of its recovery', async () => {
    const { heard, observer } = createListener()
    const { ledger } = await open(fatefulSqlite, { observer, fates: ['unanswered'] })
    await ledger.journal.post(tenRupees)
    expect(heard.batches.map(({ path, outcome }) => `${path} ${outcome}`)).toEqual([
      'locked lost',
      'recovery committed',
    ])
    expect(heard.commands).toEqual([expect.objectContaining({ outcome: 'done' })])
  })

  test('is told of batches that are decided ahead', async () => {
    const { heard, observer } = createListener()
    const { ledger } = await open(fatefulModel, { observer })
    await ledger.journal.post(tenRupees)
    await ledger.journal.post(tenRupees)
    expect(heard.batches.map(({ path, outcome }) => `${path} ${outcome}`)).toContain('ahead committed')
  })

  test('is told when what a batch was decided on had changed', async () => {
    const { heard, observer } = createListener()
    const storage = createModelStorage({ runtime: createTestRuntime({ start: START }), overlap: {} })
    const ledger = createLedger({ storage, observer })
    const foreign = createLedger({ storage })
    await ledger.migrate()
    onTestFinished(() => ledger.close())
    await ledger.journal.post(tenRupees)
    await ledger.journal.post(tenRupees)
    await foreign.journal.post(tenRupees)
    await ledger.journal.post(tenRupees)
    expect(heard.batches.map(({ path, outcome }) => `${path} ${outcome}`)).toContain('ahead redecided')
  })

  test('is told of calls of gateways, by what they came to', async () => {
    const { heard, observer } = createListener()
    const { gateway, script } = scriptedGateway()
    const { ledger } = await open(fatefulSqlite, { observer, gateways: { razorpay: gateway } })
    await owe(ledger, 'priya', inr('600.00'))
    await ledger.payouts.request({ id: 'p', payee: 'priya', amount: inr('600.00'), gateway: 'razorpay' })
    script.send = { outcome: 'processed', reference: 'pout_1' }
    await ledger.instructions.dispatch()
    await ledger.payouts.request({ id: 'q', payee: 'priya', amount: inr('1.00'), gateway: 'razorpay' }).catch(() => {})
    expect(heard.calls).toEqual([
      {
        gateway: 'razorpay',
        kind: 'payout',
        call: 'send',
        outcome: 'processed',
        heldBack: false,
        ms: expect.any(Number),
      },
    ])
  })

  test('that throws, or rejects, stops nothing', async () => {
    const bad = () => {
      throw new Error('a bug of the observer')
    }
    const worse = () => Promise.reject(new Error('another')) as unknown as undefined
    const observer = { command: bad, batch: bad, queue: worse, gatewayCall: bad }
    const { ledger } = await open(fatefulSqlite, { observer })
    await expect(ledger.journal.post(tenRupees)).resolves.toMatchObject({ replayed: false })
  })
})
