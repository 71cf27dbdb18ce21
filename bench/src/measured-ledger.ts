import path from 'node:path'
import { createSqliteStorage } from '@escrow-ledger/sqlite'
import Database from 'better-sqlite3'
import { createLedger } from 'escrow-ledger'
import type { Contender, Entrant } from './contender.js'
import { sizeOf } from './database.js'
import { percentile } from './statistics.js'
import type { Slice, Timed } from './workload.js'

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
