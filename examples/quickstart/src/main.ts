import { setFlagsFromString } from 'node:v8'
import { LedgerError } from 'escrow-ledger'
import { checkReadable, checkWritable, help, readArguments, UsageError } from './arguments.js'
import { runDemo } from './demo.js'
import { exitCodes } from './exit-codes.js'
import { createScreen } from './screen.js'
import { SessionsFileError } from './sessions-csv.js'

// V8 would rather let garbage fill some hundred megabytes than collect it. A file of any length should take little memory.
setFlagsFromString('--heap-growing-percent=60')

async function main(): Promise<number> {
  try {
    const options = readArguments(process.argv.slice(2), Date.now())
    if (!options) {
      process.stdout.write(help)
      return exitCodes.done
    }
    checkReadable(options.input)
    if (options.export !== null) checkWritable(options.export)
    return await runDemo(options, createScreen({ results: process.stdout, progress: process.stderr }))
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    return exitCodes.failed
  }
}

/** What the user can act on is said in a line; anything else is a bug and keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nRun with --help to see all options.`
  const hasCode = error instanceof Error && 'code' in error && 'syscall' in error
  if (error instanceof LedgerError || error instanceof SessionsFileError || hasCode) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

// Whoever reads may have had enough, as `head` has. The rest is done all the same, and written to nobody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await main()
