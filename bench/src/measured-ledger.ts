import { rmSync } from 'node:fs'
import path from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import Database from 'better-sqlite3'
import { createLedger } from 'escrow-ledger'
import type { Contender, Entrant } from './contender.js'
import { sizeOf } from './database.js'
import { percentile } from './statistics.js'
import type { Slice, Timed, Workload } from './workload.js'

/** The ledger as a user opens it, with its usual settings. */
export function createMeasuredLedger({ workload, folder }: Entrant): Contender {
  const file = path.join(folder, 'ledger.db')
  const ledger = createLedger({ storage: createSqliteStorage({ filename: file }) })
  const { callers, entriesPerCall } = workload
  const latencies: number[] = []
  const prepared = { entries: 0, bytes: 0 }
  const measured = { entries: 0, bytes: 0 }
  let slice: Slice = { first: 0, count: 0 }

  const timed: Timed = async (call) => {
    const started = performance.now()
    const result = await call()
    latencies.push(performance.now() - started)
    return result
  }

  /** Does something and adds what the file grew by. */
  async function growing<Result>(total: { bytes: number }, work: () => Promise<Result>): Promise<Result> {
    const gauge = new Database(file, { readonly: true })
    const before = sizeOf(gauge)
    const result = await work()
    total.bytes += sizeOf(gauge) - before
    gauge.close()
    return result
  }

  return {
    async setUp() {
      await warmUp(workload, path.join(folder, 'warm-up.db'))
      await ledger.migrate()
      await workload.setUp(ledger)
    },
    async prepare(count) {
      slice = { first: slice.first + slice.count, count }
      prepared.entries += count * entriesPerCall
      await growing(prepared, async () => workload.prepare?.({ ledger, slice, callers }))
    },
    run: () =>
      growing(measured, async () => {
        const started = performance.now()
        const entries = await workload.run({ ledger, slice, callers }, timed)
        const ms = performance.now() - started
        measured.entries += entries
        return { entries, ms }
      }),
    async forget() {
      latencies.length = 0
      for (const total of [prepared, measured]) Object.assign(total, { entries: 0, bytes: 0 })
    },
    async finish() {
      await ledger.close()
      // Where nothing is written while it is measured, what counts is the book that was prepared.
      const { bytes, entries } = measured.bytes > 0 ? measured : prepared
      return {
        p50Ms: percentile(latencies, 0.5),
        p99Ms: percentile(latencies, 0.99),
        bytesPerEntry: bytes / entries,
        peakMemoryMb: process.resourceUsage().maxRSS / 1024,
      }
    },
  }
}

const MOST_WARMING_CALLS = 20_000

/** Does the same on a file that is thrown away, until the code is compiled as it is in a service that has run a while. */
async function warmUp(workload: Workload, filename: string): Promise<void> {
  const { callers, entries, entriesPerCall } = workload
  const ledger = createLedger({ storage: createSqliteStorage({ filename }) })
  await ledger.migrate()
  await workload.setUp(ledger)
  const count = Math.min(MOST_WARMING_CALLS, Math.ceil(entries / entriesPerCall / 2))
  const scene = { ledger, slice: { first: 0, count }, callers }
  await workload.prepare?.(scene)
  await workload.run(scene, (call) => call())
  await ledger.close()
  for (const suffix of ['', '-wal', '-shm']) rmSync(filename + suffix, { force: true })
}
