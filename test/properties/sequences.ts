import { createTally, intents, type Tally } from '@escrow-ledger/testkit'
import fc from 'fast-check'
import { escrowStates } from './escrow-states.js'
import { createRehearsals } from './rehearsals.js'
import { scripts } from './scripts.js'

const isLong = process.env.TEST_LONG === '1'

/** Sequences whose outcomes are counted, and parts of more that only must agree: 500 in all, or 20,000 in the long run. */
export const COUNTED = isLong ? 5_000 : 250
export const MORE = isLong ? { parts: 15, sequences: 1_000 } : { parts: 1, sequences: 250 }
export const COMMANDS = 50

/** A sequence that fails is shrunk, which takes far longer than all the sequences that do not. */
export const TIMEOUT_MS = isLong ? 6 * 3_600_000 : 600_000

/** The seed that the whole run starts from. */
const wholeSeed = () => Number(process.env.PROPERTY_SEED)

/**
 * Takes random sequences with the oracle, the model and SQLite: from nothing, or from one escrow in any of its states.
 * A failure names the seed and path that lead to it, and tells the shrunk sequence command by command; with PROPERTY_SEED
 * and PROPERTY_PATH only that one is taken.
 */
export async function rehearseSequences({ part, numRuns }: { part: number; numRuns: number }): Promise<Tally> {
  const rehearsals = createRehearsals()
  const tally = createTally()
  const start = fc.constantFrom('not opened', 'not opened', ...escrowStates.keys())
  const property = fc.asyncProperty(start, intents(COMMANDS), (state, steps) =>
    rehearsals.rehearse([...(escrowStates.get(state) ?? []), ...steps], tally.count),
  )
  const { PROPERTY_PATH: path } = process.env
  const seed = path === undefined ? wholeSeed() + part : wholeSeed()
  try {
    await fc.assert(property, { seed, numRuns, ...(path === undefined ? {} : { path }) })
  } finally {
    await rehearsals.close()
  }
  return tally
}

/** Takes the scripts of refusals that chance seldom brings about. */
export async function rehearseScripts(): Promise<Tally> {
  const rehearsals = createRehearsals()
  const tally = createTally()
  for (const steps of Object.values(scripts)) await rehearsals.rehearse(steps, tally.count)
  await rehearsals.close()
  return tally
}
