import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const readme = new URL('../../README.md', import.meta.url)
/** Inside this package, so that the imports resolve as they do for a user who has installed both. */
const program = new URL(`readme-${process.pid}.process.ts`, import.meta.url)

/** The text of the nth fenced block. */
function block(text: string, index: number): string {
  return [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')[index] ?? ''
}

test('the code in the README runs and prints what the README says', async () => {
  const text = await readFile(readme, 'utf8')
  await writeFile(program, block(text, 0))
  try {
    const run = promisify(execFile)
    const flags = ['--import', 'tsx', '--conditions=@escrow-ledger/source']
    const { stdout } = await run(process.execPath, [...flags, program.pathname])
    expect(stdout).toBe(block(text, 1))
  } finally {
    await rm(program)
  }
}, 60_000)

test('the README is short', async () => {
  const text = await readFile(readme, 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(120)
})
