import { randomInt } from 'node:crypto'
import { test } from 'vitest'
import { COMMANDS, rehearseSequences, SEQUENCES, TIMEOUT_MS } from './sequences.js'

const seed = randomInt(2 ** 31)

test(`${SEQUENCES} sequences of ${COMMANDS} commands from a new seed: no two systems differ`, {
  timeout: TIMEOUT_MS,
}, async () => {
  console.log(`The seed of these sequences is ${seed}.`)
  await rehearseSequences({ seed })
})
