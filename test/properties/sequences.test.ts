import { expect, test } from 'vitest'
import { COMMANDS, MORE, rehearseSequences, TIMEOUT_MS } from './sequences.js'

const parts = Array.from({ length: MORE.parts }, (_, index) => index + 1)
const what = `${MORE.sequences} sequences of ${COMMANDS} commands: no two systems differ`

test.each(parts)(`part %i: ${what}`, { timeout: TIMEOUT_MS }, async (part) => {
  const tally = await rehearseSequences({ part, numRuns: MORE.sequences })
  expect(tally.of('escrows.open', 'ok')).toBeGreaterThan(0)
})
