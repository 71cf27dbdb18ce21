import { createPostgresStorage } from '@escrow-ledger/postgres'
import { expect, test } from 'vitest'
import { openPostgres } from '../postgres/open-postgres.js'
import { createRehearsals } from './rehearsals.js'
import { scripts } from './scripts.js'
import { COMMANDS, rehearseSequences, TIMEOUT_MS } from './sequences.js'

const isLong = process.env.TEST_LONG === '1'
const SEQUENCES = isLong ? 1_000 : 12
/** Parts of the same seed that no other test takes. */
const FIRST_PART = 1_000

const openMore = {
  postgres: async () => {
    const { connectionString, schema } = await openPostgres()
    return createPostgresStorage({ connectionString, schema })
  },
}

test(`${SEQUENCES} sequences of ${COMMANDS} commands on PostgreSQL beside the others: no two systems differ`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const tally = await rehearseSequences({ part: FIRST_PART, numRuns: SEQUENCES, openMore })
  expect(tally.of('escrows.open', 'ok')).toBeGreaterThan(0)
})

test('the refusals that chance seldom brings about are the same on PostgreSQL', { timeout: TIMEOUT_MS }, async () => {
  const rehearsals = createRehearsals(openMore)
  for (const [name, steps] of Object.entries(scripts)) {
    const outcomes: string[] = []
    await rehearsals.rehearse(steps, ({ command, outcome }) => outcomes.push(`${command} ${outcome}`))
    expect(outcomes.at(-1)).toBe(name)
  }
  await rehearsals.close()
})
