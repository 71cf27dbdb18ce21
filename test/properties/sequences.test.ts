import { test } from 'vitest'
import { COMMANDS, rehearseSequences, SEQUENCES, TIMEOUT_MS } from './sequences.js'

test(`${SEQUENCES} more sequences of ${COMMANDS} commands: no two systems differ`, {
  timeout: TIMEOUT_MS,
}, async () => {
  await rehearseSequences({ part: 1 })
})
