import { format, fromMinor, type InstructionView, type Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { all, balances, expectClean } from '../fixtures/balances.js'
import { bundle } from '../fixtures/child-process.js'
import { databases } from '../fixtures/databases.js'
import { inr, owe } from '../fixtures/deals.js'
import { DAY, HOUR, MINUTE, START } from '../fixtures/open-ledger.js'
import { coaching } from '../fixtures/sample-terms.js'
import { temporaryFile } from '../fixtures/temporary-file.js'
import { createFileGateways, type Effect, openEffects } from './effect-file.js'
import { type Chance, killAt, killOnBooks, killsOn } from './killing.js'
import { type Book, reopen } from './reopening.js'

const program = bundle('crash/dispatch.process.ts')
const GATEWAYS = ['razorpay', 'hdfc']
const EACH = 40
const MOST_STARTS = 10

interface Dispatched extends Book {
  /** Where the gateways keep what they did. */
  readonly effects: string
}

/** Deals that are cancelled, and payees that are paid out: forty refunds and forty payouts a gateway. */
async function instruct(ledger: Ledger): Promise<void> {
  const calls = GATEWAYS.flatMap((gateway) =>
    Array.from({ length: EACH }, (_, index) => {
      const id = `${gateway}-${index}`
      const amount = inr(`${100 + index}.25`)
      const party = { payer: `payer-${id}`, parties: { coach: 'priya' } }
      return [
        ledger.escrows.open({ id, ...party, amount, terms: coaching }),
        ledger.escrows.fund({ id, amount, gateway, reference: `pay-${id}` }),
        ledger.escrows.cancel({ id }),
        owe(ledger, id, amount),
        ledger.payouts.request({ id, payee: id, amount, gateway }),
      ]
    }),
  )
  await Promise.all(calls.flat())
}

const effectsOf = async (book: Dispatched): Promise<readonly Effect[]> => {
  const file = await openEffects(book.effects)
  await file.close()
  return file.effects
}

const doneOf = (effects: readonly Effect[]) => effects.filter((effect) => effect.answer !== 'refused')
const told = ({ key, amountMinor }: Effect) => `${key} ${amountMinor}`
const recorded = ({ gatewayKey, amount }: InstructionView) => `${gatewayKey} ${amount.minor}`

/** No call had two effects, and the ledger says of none that it was done, or refused, before it was. */
async function expectNothingTwice(ledger: Ledger, effects: readonly Effect[]): Promise<void> {
  const keys = effects.map((effect) => effect.key)
  expect(keys).toEqual([...new Set(keys)])
  const done = new Set(doneOf(effects).map(told))
  const processed = await all(ledger.instructions.list({ state: 'processed' }))
  expect(processed.filter((instruction) => !done.has(recorded(instruction)))).toEqual([])
  const refused = new Set(effects.filter((effect) => effect.answer === 'refused').map(told))
  const failed = await all(ledger.instructions.list({ state: 'failed' }))
  expect(failed.filter((instruction) => !refused.has(recorded(instruction)))).toEqual([])
  await expectClean(ledger)
}

/** Kills one dispatcher after the other; answers how many were killed. */
async function killDispatchers(book: Dispatched, { chance, kills }: { chance: Chance; kills: number }) {
  await reopen(book, instruct)
  let killed = 0
  for (let starts = 0; killed < kills && starts < MOST_STARTS; starts++) {
    const moment = chance.moment({ lines: 24, delayMs: 12 })
    const args = [book.place, book.effects, String(book.clock.now)]
    const ending = await killAt(await program, { args, moment })
    if (ending.killed) killed += 1
    const effects = await effectsOf(book)
    await reopen(book, (ledger) => expectNothingTwice(ledger, effects))
    // Past the lease in any case; sometimes past the time for which the gateway knows its keys.
    book.clock.now += chance.pick([2 * MINUTE, 2 * HOUR, 30 * HOUR])
  }
  return killed
}

/** Goes on until no instruction is open. */
async function finish(book: Dispatched): Promise<void> {
  const file = await openEffects(book.effects)
  const gateways = createFileGateways({ file, now: () => book.clock.now })
  const work = async (ledger: Ledger) => {
    const open = ['recorded', 'sending', 'accepted', 'unknown', 'waiting'] as const
    for (let days = 0; days < 10 && (await all(ledger.instructions.list({ state: open }))).length > 0; days++) {
      await ledger.instructions.dispatch()
      book.clock.now += DAY
    }
    await expectNothingTwice(ledger, file.effects)
    await expectNothingLost(ledger, file.effects)
  }
  await reopen(book, work, gateways)
  await file.close()
}

/** Every instruction came to what its gateway made of it, and the accounts are what the gateways' books say. */
async function expectNothingLost(ledger: Ledger, effects: readonly Effect[]): Promise<void> {
  const instructions = await all(ledger.instructions.list())
  expect(instructions).toHaveLength(2 * GATEWAYS.length * EACH)
  expect(effects.map(told).sort()).toEqual(instructions.map(recorded).sort())
  const processed = instructions.filter((instruction) => instruction.state === 'processed')
  expect(processed.map(recorded).sort()).toEqual(doneOf(effects).map(told).sort())

  const failed = instructions.filter((instruction) => instruction.state === 'failed')
  const owedAgain = failed.map(({ kind, party, amount }) => [
    `${kind === 'refund' ? `payer:${party}:refunds` : `payee:${party}:payable`} INR`,
    format(amount),
  ])
  const each = BigInt(EACH)
  const paidIn = 10_025n * each + 100n * ((each * (each - 1n)) / 2n)
  const clearing = GATEWAYS.map((gateway) => {
    const out = doneOf(effects).filter((effect) => effect.gateway === gateway)
    const paidOut = out.reduce((sum, effect) => sum + BigInt(effect.amountMinor), 0n)
    return [`gateway:${gateway}:clearing INR`, format(fromMinor(paidIn - paidOut, 'INR'))]
  })
  const promotions = ['platform:promotions INR', format(fromMinor(paidIn * BigInt(GATEWAYS.length), 'INR'))]
  expect(await balances(ledger)).toEqual(Object.fromEntries([...owedAgain, ...clearing, promotions]))
}

describe.each(databases)('on $name', ({ name, newPlace }) => {
  const kills = killsOn(name)
  const title = `dispatchers of which ${kills} are killed have each payout and refund done once`

  test(title, { timeout: kills * 60_000 }, async () => {
    await killOnBooks(kills, async (given) => {
      const book = { place: await newPlace(), effects: temporaryFile('effects'), clock: { now: START } }
      const killed = await killDispatchers(book, given)
      await finish(book)
      return killed
    })
  })
})
