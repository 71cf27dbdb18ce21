import type { Tally } from '@escrow-ledger/testkit'
import { expect, test } from 'vitest'
import { documentedSteps } from './documented-states.js'
import { documentedRefusals, inputCodes } from './refusal-table.js'
import { COMMANDS, COUNTED, rehearseScripts, rehearseSequences, TIMEOUT_MS } from './sequences.js'

/** What was never met, of what must be. */
function missing<Wanted>(wanted: readonly Wanted[], times: (each: Wanted) => number): readonly Wanted[] {
  expect(wanted.length).toBeGreaterThan(0)
  return wanted.filter((each) => times(each) === 0)
}

/** What is about no one thing, or about nothing that is there. */
const stateless = ['-', 'no such instruction']

function show(random: Tally): void {
  const listing = random.listing()
  console.log(`${random.table()}\n\nDifferent outcomes of each command in each state:\n\n${random.grid()}\n`)
  const cells = documentedSteps()
  const unseen = cells.filter(({ command, state, outcome }) => random.of(command, outcome, state) === 0)
  console.log(`${listing.length} pairs of a command and a state were met at random; of ${cells.length} cells of`)
  console.log(
    `docs/states.md ${unseen.length} were not: ${unseen.map((cell) => Object.values(cell).join(' | ')).join('; ')}`,
  )
  if (process.env.TEST_LONG === '1') console.log(listing.join('\n'))
}

test(`${COUNTED} sequences of ${COMMANDS} commands reach every documented refusal, and no two systems differ`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const random = await rehearseSequences({ part: 0, numRuns: COUNTED })
  show(random)
  const scripted = await rehearseScripts()

  const refusals = [...documentedRefusals()].flatMap(([command, codes]) =>
    [...codes, 'ok'].map((code) => ({ command, code })),
  )
  const timesOf = ({ command, code }: (typeof refusals)[number]) => {
    const names = command === 'escrows.settle' ? [command, 'escrows.settle early'] : [command]
    return names.reduce((sum, name) => sum + random.of(name, code) + scripted.of(name, code), 0)
  }
  expect(missing(refusals, timesOf)).toEqual([])

  const documented = new Set(documentedSteps().map(({ command, state }) => `${command.split('.')[0]} ${state}`))
  const met = [...random.states(), ...scripted.states()].filter(({ state }) => !stateless.includes(state))
  expect(met.length).toBeGreaterThan(0)
  expect(met.map(({ noun, state }) => `${noun} ${state}`).filter((each) => !documented.has(each))).toEqual([])

  const anywhere = [...inputCodes, 'idempotency_key_reused']
  const commands = [...documentedRefusals().keys()]
  expect(missing(anywhere, (code) => commands.reduce((sum, name) => sum + random.of(name, code), 0))).toEqual([])
})
