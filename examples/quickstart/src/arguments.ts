import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseInstant } from './instant.js'

/** The sessions that come with the demo, and an instant at which all of them are due. */
const sample = fileURLToPath(new URL('../sessions.csv', import.meta.url))
const sampleAsOf = '2026-11-02T00:00:00Z'

export const help = `Takes finished sessions from a CSV file through their whole life in a ledger: open, fund, fee,
complete, settle, refund and pay out. Then shows the books, checks them and writes them out.

Usage: npm run demo -- [options]

  --input FILE   the sessions (default: 200 that come with the demo). Columns, in any order:
                 session, payer, payee, amount, currency, gateway_fee, gateway_fee_tax,
                 captured_at, completed_at, satisfaction (1 to 5; empty where nobody gave a score)
  --db FILE      the SQLite database to keep the books in (default: a new one in a temporary
                 folder). Run the same file again and nothing changes; one that was interrupted
                 goes on where it stopped.
  --as-of TIME   what the clock says, such as 2026-10-31T18:30:00+05:30 (default: now; for the
                 sessions that come with the demo ${sampleAsOf}). What falls due later
                 stays held.
  --gateway NAME razorpay or paypal: sends everything through a sandbox of that gateway, which
                 this starts: orders, payments, webhooks, refunds and payouts over HTTP, each at
                 its time. Takes the sessions in currencies of that gateway, with its fees instead
                 of the file's. The clock goes on past --as-of until nothing is on its way. The
                 sandbox lasts as long as the run, so --db must name a new file.
  --export FILE  writes the whole journal in the format of hledger
  --session ID   the deal whose story is told (default: the first that had a penalty)
  --help         shows this

Exit code: 0 when all went well, 1 when it could not be done, 2 when rows were refused (the others
were taken), 3 when the check of the books found something, 4 when a session could not be settled
or a refund or payout did not arrive. Of several the first of 3, 2 and 4. A payment that the
gateway does not take is told, and its deal cancelled: that is nobody's failure.
`

export type GatewayName = 'razorpay' | 'paypal'

export interface Arguments {
  readonly input: string
  /** Null for a new file in a temporary folder. */
  readonly db: string | null
  /** The demo's clock, in milliseconds. */
  readonly asOf: number
  /** Null where people move the money by hand. */
  readonly gateway: GatewayName | null
  readonly export: string | null
  readonly session: string | null
}

/** Something about the command line that its user can put right. */
export class UsageError extends Error {}

/** Reads the command line; null when it asks for help. Throws `UsageError`. */
export function readArguments(args: readonly string[], now: number): Arguments | null {
  const values = parse(args)
  if (values.help) return null
  const { input = sample, db = null, export: exported = null, session = null } = values
  checkDifferent({ '--input': input, '--db': db, '--export': exported })
  const asOf = values['as-of'] ?? (values.input === undefined ? sampleAsOf : null)
  const gateway = values.gateway === undefined ? null : readGateway(values.gateway)
  return { input, db, asOf: asOf === null ? now : readAsOf(asOf), gateway, export: exported, session }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const options = {
    input: text,
    db: text,
    'as-of': text,
    gateway: text,
    export: text,
    session: text,
    help: { type: 'boolean' },
  } as const
  try {
    const { values } = parseArgs({ args: [...args], options })
    for (const [name, value] of Object.entries(values)) {
      if (value === '') throw new UsageError(`Option '--${name}' needs a value.`)
    }
    return values
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message)
  }
}

function readAsOf(text: string): number {
  const asOf = parseInstant(text)
  if (asOf !== null) return asOf
  throw new UsageError(`--as-of must be a time with its offset, such as ${sampleAsOf}, not '${text}'.`)
}

function readGateway(text: string): GatewayName {
  if (text === 'razorpay' || text === 'paypal') return text
  throw new UsageError(
    `--gateway must be razorpay or paypal, not '${text}'. Without it, people move the money by hand.`,
  )
}

/** Before a database is made for it. Throws `UsageError`. */
export function checkReadable(input: string): void {
  try {
    accessSync(input, constants.R_OK)
  } catch (error) {
    throw new UsageError(`--input must name a file that can be read: ${(error as Error).message}.`)
  }
  if (statSync(input).isDirectory()) throw new UsageError(`--input must name a file; ${input} is a folder.`)
}

/** Before a long run whose journal could not be written. Throws `UsageError`. */
export function checkWritable(exported: string): void {
  const there = existsSync(exported)
  if (there && statSync(exported).isDirectory()) {
    throw new UsageError(`--export must name a file; ${exported} is a folder.`)
  }
  try {
    accessSync(there ? exported : path.dirname(path.resolve(exported)), constants.W_OK)
  } catch (error) {
    throw new UsageError(`--export must name a file that can be written: ${(error as Error).message}.`)
  }
}

/** One file for two purposes would overwrite what it was meant to read. */
function checkDifferent(files: Readonly<Record<string, string | null>>): void {
  const seen = new Map<string, string>()
  for (const [option, file] of Object.entries(files)) {
    if (file === null) continue
    const name = existsSync(file) ? realpathSync(file) : path.resolve(file)
    const other = seen.get(name)
    if (other !== undefined) throw new UsageError(`${other} and ${option} must name different files.`)
    seen.set(name, option)
  }
}
