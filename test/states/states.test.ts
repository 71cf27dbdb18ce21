import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { statesDocument, statesFile, WRITE_COMMAND } from './states-document.js'

test('docs/states.md says what the library does in every state', async () => {
  const written = readFileSync(statesFile, 'utf8')
  expect(written, `Write it again with: ${WRITE_COMMAND}`).toBe(await statesDocument())
})
