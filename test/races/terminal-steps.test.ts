import type { Ledger } from 'escrow-ledger'
import { describe, expect, test } from 'vitest'
import { balances, expectClean } from '../fixtures/balances.js'
import { databases } from '../fixtures/databases.js'
import { type Clock, openLedger } from '../fixtures/open-ledger.js'
import { openShared } from '../fixtures/open-shared.js'
import { codeOf } from '../fixtures/outcomes.js'
import { type TerminalStep, terminalSteps } from './terminal-steps.js'

const CALLERS = 32

interface Racing {
  readonly ledgers: readonly Ledger[]
  readonly clock: Clock
  /** Which of the step's attempts the first caller makes. */
  readonly first: number
}

/** Lets all callers go at once, spread over the ledgers, and checks that as many won as may. */
async function race(step: TerminalStep, { ledgers, clock, first }: Racing) {
  const [ledger] = ledgers
  if (!ledger) throw new Error('A race needs a ledger.')
  await step.given(ledger, clock)
  const calls = Array.from({ length: CALLERS }, async (_, caller) => {
    // Every connection has callers of each attempt.
    const attempt = step.attempts[(first + Math.floor(caller / ledgers.length)) % step.attempts.length]
    return attempt?.(ledgers[caller % ledgers.length] ?? ledger, caller)
  })
  const codes = await Promise.all(calls.map(outcomeOf))
  expect(codes.filter((code) => code === 'ok')).toHaveLength(step.winners ?? 1)
  expect(step.refusals).toEqual(expect.arrayContaining([...new Set(codes)].filter((code) => code !== 'ok')))
  expect(step.outcomes).toContainEqual(await balances(ledger))
  for (const each of ledgers) await expectClean(each)
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return codeOf(call).catch((error: unknown) => {
    if (error instanceof Error && 'isReplay' in error) return 'replayed'
    throw error
  })
}

const starts = terminalSteps.flatMap((step) => step.attempts.map((_, first) => ({ name: step.name, step, first })))

describe(`${CALLERS} callers of one ledger`, () => {
  test.each(starts)('$name (from $first)', async ({ step, first }) => {
    const { ledger, clock } = await openLedger()
    await race(step, { ledgers: [ledger], clock, first })
  })
})

describe.each(databases)(`${CALLERS} callers over four storages on $name`, (database) => {
  test.each(terminalSteps)('$name', async (step) => {
    const { ledgers, clock } = await openShared(database, { storages: 4 })
    await race(step, { ledgers, clock, first: 0 })
  })
})
