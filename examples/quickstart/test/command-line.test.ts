import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { demoFolder, header, line } from './demo-run.js'

const folder = demoFolder()
afterAll(folder.remove)

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const node = ['--import', 'tsx', '--conditions=@escrow-ledger/source', main]

/** Runs the demo in a process of its own. */
function commandLine(...args: readonly string[]) {
  return spawnSync(process.execPath, [...node, ...args], { encoding: 'utf8' })
}

test('says how it is used', () => {
  const { status, stdout, stderr } = commandLine('--help')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('Usage: npm run demo -- [options]')
})

test('refuses an option that it does not know', () => {
  const { status, stdout, stderr } = commandLine('--imput', 'sessions.csv')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^Unknown option '--imput'.*\nRun with --help to see all options\.\n$/)
})

test('says in a line why a file cannot be read, or a database not be opened', () => {
  const absent = commandLine('--input', folder.file('absent.csv'), '--db', folder.file('a.db'))
  expect(absent.status).toBe(1)
  expect(absent.stderr).toMatch(/^--input must name a file that can be read: ENOENT: no such file.*absent\.csv'\./)
  expect(existsSync(folder.file('a.db'))).toBe(false)
  const input = folder.write('text.csv', `${header}\n${line()}\n`)
  const noDatabase = commandLine('--input', input, '--db', folder.write('text.db', 'this is no database'.repeat(100)))
  expect(noDatabase.status).toBe(1)
  expect(noDatabase.stderr.trim().split('\n')).toHaveLength(1)
  expect(noDatabase.stderr).not.toContain('    at ')
})

test('says by its exit code that rows were refused, and still does everything else', () => {
  const input = folder.write('some.csv', `${header}\n${line()}\n${line({ session: 's2', amount: '-1' })}\n`)
  const journal = folder.file('some.journal')
  const { status, stdout } = commandLine('--input', input, '--db', folder.file('some.db'), '--export', journal)
  expect(status).toBe(2)
  expect(stdout).toContain('Line 3 refused: amount must be more than zero')
  expect(stdout).toContain('nothing deviates')
  expect(existsSync(journal)).toBe(true)
})

test('does the rest quietly when nobody reads any more what it says', async () => {
  const input = folder.write('unread.csv', `${header}\n${line()}\n`)
  const journal = folder.file('unread.journal')
  const args = ['--input', input, '--db', folder.file('unread.db'), '--export', journal]
  const child = spawn(process.execPath, [...node, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdout.destroy()
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect({ code, trace: errors.includes('    at '), exported: existsSync(journal) }).toEqual({
    code: 0,
    trace: false,
    exported: true,
  })
})
