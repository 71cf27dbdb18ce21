import { createTally, intents, type Tally } from '@escrow-ledger/testkit'
import fc from 'fast-check'
import { createRehearsals } from './rehearsals.js'
import { scripts } from './scripts.js'

const isLong = process.env.TEST_LONG === '1'

/** Sequences in one file of tests: two of them make 500, or 20,000 in the long run. */
export const SEQUENCES = isLong ? 10_000 : 250
export const COMMANDS = 50

/** A sequence that fails is shrunk, which takes far longer than all the sequences that do not. */
export const TIMEOUT_MS = isLong ? 6 * 3_600_000 : 600_000

/**
 * Takes random sequences with the oracle, the model and SQLite. A failure names the seed and path that lead to it, and
 * tells the shrunk sequence command by command; with both in REHEARSAL_SEED and REHEARSAL_PATH only that one is taken.
 */
export async function rehearseSequences({ seed }: { seed: number }): Promise<Tally> {
  const rehearsals = createRehearsals()
  const tally = createTally()
  const property = fc.asyncProperty(intents(COMMANDS), (steps) => rehearsals.rehearse(steps, tally.count))
  const { REHEARSAL_PATH: path, REHEARSAL_SEED: given } = process.env
  try {
    await fc.assert(property, {
      seed: given === undefined ? seed : Number(given),
      numRuns: SEQUENCES,
      ...(path === undefined ? {} : { path }),
    })
    for (const steps of Object.values(scripts)) await rehearsals.rehearse(steps, tally.count)
  } finally {
    await rehearsals.close()
  }
  return tally
}
