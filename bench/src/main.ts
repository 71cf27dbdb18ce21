/**
 * Measures the ledger beside the bare database and beside code written by hand; docs/performance.md says what and how.
 *
 *   npm run bench -- [--json] [--growth] [--storage sqlite|postgres] [--workload NAME]… [--entries N]…
 */
import { type Arguments, readArguments, usage } from './arguments.js'
import { contend } from './contend.js'
import { CONTEND } from './contender-process.js'
import { type Growth, grow } from './growth.js'
import { type Result, race } from './race.js'
import { growthReport, jsonReport, resultLine, tableReport } from './report.js'
import { type Course, storageNamed } from './storages.js'
import type { Workload } from './workload.js'

/** What a shell says of a program that ctrl-C ended. */
const INTERRUPTED = 130

async function measure(asked: Arguments, interrupt: AbortSignal): Promise<void> {
  const { json, storage, chosen, sizes } = asked
  const course = await storageNamed(storage).openCourse()
  try {
    if (asked.growth) return await measureGrowth(asked, { course, interrupt })
    const results: Result[] = []
    for (const workload of chosen) {
      for (const entries of sizesOf(workload, sizes)) {
        process.stderr.write(`${workload.name}, ${entries.toLocaleString('en-US')} entries …\n`)
        const result = await race(workload, { entries, storage, course, interrupt })
        process.stderr.write(`  ${resultLine(result)}\n`)
        results.push(result)
      }
    }
    process.stdout.write(json ? jsonReport(results, storage) : tableReport(results))
  } finally {
    await course.close()
  }
}

/** The ledger alone, up to the largest of the sizes asked for. */
async function measureGrowth(
  { json, storage, chosen, sizes }: Arguments,
  { course, interrupt }: { course: Course; interrupt: AbortSignal },
): Promise<void> {
  const grown: Growth[] = []
  for (const workload of chosen) {
    const entries = Math.max(...sizesOf(workload, sizes))
    process.stderr.write(`${workload.name}, up to ${entries.toLocaleString('en-US')} entries …\n`)
    grown.push(await grow(workload, { entries, storage, course, interrupt }))
  }
  process.stdout.write(growthReport(grown, { json, storage }))
}

function sizesOf({ entries, mostEntries = Number.POSITIVE_INFINITY }: Workload, asked: readonly number[]): Set<number> {
  return new Set((asked.length > 0 ? asked : [entries]).map((size) => Math.min(size, mostEntries)))
}

/** The first signal ends the race in order, so that nothing of it stays behind; the second ends this process at once. */
function interruptible(): AbortSignal {
  const interrupting = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupting.abort())
  return interrupting.signal
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

if (process.argv[2] === CONTEND) contend()
else {
  const args = argumentsOrUsage(process.argv.slice(2))
  const interrupt = interruptible()
  if (args) {
    await measure(args, interrupt).catch((error: unknown) => {
      if (!interrupt.aborted) throw error
      process.exitCode = INTERRUPTED
    })
  }
}
