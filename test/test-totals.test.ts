import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../scripts/test-totals.mjs', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'escrow-ledger-totals-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (status: string, ...tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((outcome) => ({ status: outcome })),
})

const totals = (report: string) => {
  const { status, stdout } = spawnSync(process.execPath, [script, report], { encoding: 'utf8' })
  return { line: stdout.trim(), exitCode: status }
}

const totalsOf = (success: boolean, ...testResults: readonly ReturnType<typeof file>[]) => {
  const report = path.join(folder, 'report.json')
  writeFileSync(report, JSON.stringify({ success, testResults }))
  return totals(report)
}

test.each([
  ['all passed', true, [file('passed', 'passed', 'passed')], '2 passed, 0 failed', 0],
  ['skipped and to do', true, [file('passed', 'passed', 'skipped', 'todo')], '1 passed, 0 failed, 2 skipped', 0],
  ['one failed', false, [file('failed', 'passed', 'failed')], '1 passed, 1 failed', 1],
  ['a file that did not load', false, [file('passed', 'passed'), file('failed')], '1 passed, 1 failed', 1],
  ['an error beside the tests', false, [file('passed', 'passed')], '1 passed, 1 failed', 1],
  ['no tests at all', true, [], '0 passed, 0 failed', 1],
])('tells of %s', (_, success, files, line, exitCode) => {
  expect(totalsOf(success, ...files)).toEqual({ line, exitCode })
})

test('counts a run without a report as a failure', () => {
  expect(totals(path.join(folder, 'none.json'))).toEqual({ line: '0 passed, 1 failed', exitCode: 1 })
})
