import { expect, test } from 'vitest'
import { documentedRefusals, inputCodes } from './refusal-table.js'
import { COMMANDS, rehearseSequences, SEQUENCES, TIMEOUT_MS } from './sequences.js'

const SEED = 20_261_102

test(`${SEQUENCES} sequences of ${COMMANDS} commands reach every documented refusal, and no two systems differ`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const tally = await rehearseSequences({ seed: SEED })
  console.log(`${tally.table()}\n\nDifferent outcomes by the status of the deal:\n${tally.grid()}`)

  const refusals = [...documentedRefusals()]
  const missing = refusals.flatMap(([command, codes]) =>
    [...codes, 'ok'].filter((code) => tally.of(command, code) === 0).map((code) => `${command} ${code}`),
  )
  expect(missing).toEqual([])
  const anywhere = [...inputCodes, 'idempotency_key_reused']
  const unseen = anywhere.filter((code) => refusals.every(([command]) => tally.of(command, code) === 0))
  expect(unseen).toEqual([])
})
