/**
 * Measures the ledger beside the bare database and beside code written by hand; docs/performance.md says what and how.
 *
 *   npm run bench -- [--json] [--storage sqlite] [--workload NAME]… [--entries N]…
 */
import { type Arguments, readArguments, usage } from './arguments.js'
import { contend } from './contend.js'
import { CONTEND } from './contender-process.js'
import { type Result, race } from './race.js'
import { jsonReport, resultLine, tableReport } from './report.js'
import type { Workload } from './workload.js'

async function measure({ json, storage, chosen, sizes }: Arguments): Promise<void> {
  const results: Result[] = []
  for (const workload of chosen) {
    for (const entries of sizesOf(workload, sizes)) {
      process.stderr.write(`${workload.name}, ${entries.toLocaleString('en-US')} entries …\n`)
      const result = await race(workload, { entries })
      process.stderr.write(`  ${resultLine(result)}\n`)
      results.push(result)
    }
  }
  process.stdout.write(json ? jsonReport(results, storage) : tableReport(results))
}

function sizesOf({ entries, mostEntries = Number.POSITIVE_INFINITY }: Workload, asked: readonly number[]): Set<number> {
  return new Set((asked.length > 0 ? asked : [entries]).map((size) => Math.min(size, mostEntries)))
}

function argumentsOrUsage(args: readonly string[]): Arguments | null {
  try {
    return readArguments(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`)
    process.exitCode = 2
    return null
  }
}

const [first, kind = '', workload = '', folder = ''] = process.argv.slice(2)
if (first === CONTEND) contend({ kind, workload, folder })
else {
  const args = argumentsOrUsage(process.argv.slice(2))
  if (args) await measure(args)
}
