import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { readArguments } from '../src/arguments.js'
import { runDemo } from '../src/demo.js'
import { createScreen } from '../src/screen.js'

const NOW = Date.parse('2026-11-20T00:00:00Z')

/** A folder of its own for a test file, and what a test does in it. */
export function demoFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'escrow-ledger-demo-'))
  const file = (name: string) => path.join(folder, name)
  return {
    file,
    write(name: string, text: string | Uint8Array): string {
      writeFileSync(file(name), text)
      return file(name)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Runs the demo as the command line would, in this process. */
export async function demo(...args: readonly string[]): Promise<{ code: number; results: string; progress: string }> {
  const written = { results: '', progress: '' }
  const options = readArguments(args, NOW)
  if (options === null) throw new Error('These arguments ask for help.')
  const screen = createScreen({
    results: { write: (text) => (written.results += text) },
    progress: { write: (text) => (written.progress += text) },
  })
  const code = await runDemo(options, screen)
  return { code, ...written }
}

export const header =
  'session,payer,payee,amount,currency,gateway_fee,gateway_fee_tax,captured_at,completed_at,satisfaction'

const row = {
  session: 's1',
  payer: 'chen',
  payee: 'priya',
  amount: '1000.00',
  currency: 'INR',
  gateway_fee: '23.60',
  gateway_fee_tax: '3.60',
  captured_at: '2026-10-01T09:00:00Z',
  completed_at: '2026-10-01T10:00:00Z',
  satisfaction: '2',
}

/** A line of the file that is right but for what is given. */
export function line(differences: Partial<typeof row> = {}): string {
  return Object.values({ ...row, ...differences })
    .map((text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(',')
}

/** All that a database holds, table by table. */
export function dump(filename: string): Record<string, unknown[]> {
  const database = new Database(filename, { readonly: true })
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all()
    return Object.fromEntries(
      tables.map((table) => [String(table), database.prepare(`SELECT * FROM "${table}"`).safeIntegers().raw().all()]),
    )
  } finally {
    database.close()
  }
}
