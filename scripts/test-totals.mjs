/**
 * Prints the totals of a test run from vitest's JSON report as one line, and exits with 1 unless the run passed.
 * A file that could not even be loaded counts as one failure, and so does a run that left no report.
 *
 *   node scripts/test-totals.mjs REPORT
 */
import { existsSync, readFileSync } from 'node:fs'

const totalsOf = (report) => {
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length
  const failed = count('failed')
  const passed = count('passed')
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length
  // The run as a whole can fail beside its tests, by an error that no test caught.
  const unexplained = !report.success && failed + brokenFiles === 0 ? 1 : 0
  return { passed, failed: failed + brokenFiles + unexplained, skipped: tests.length - passed - failed }
}

const [file] = process.argv.slice(2)
const reported = file !== undefined && existsSync(file)
const { passed, failed, skipped } = reported
  ? totalsOf(JSON.parse(readFileSync(file, 'utf8')))
  : { passed: 0, failed: 1, skipped: 0 }

process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
