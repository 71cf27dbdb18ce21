import { createLedger, type Storage } from 'escrow-ledger'
import type { Contender } from './contender.js'
import { percentile } from './statistics.js'
import type { Slice, Timed, Workload } from './workload.js'

interface MeasuredStorage {
  readonly storage: Storage
  /** Bytes that the ledger's tables and indexes take by now. */
  size(): Promise<number>
}

/** The ledger as a user opens it, with its usual settings. */
export function createMeasuredLedger(workload: Workload, { storage, size }: MeasuredStorage): Contender {
  const ledger = createLedger({ storage })
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

  /** Does something and adds what the tables grew by. */
  async function growing<Result>(total: { bytes: number }, work: () => Promise<Result>): Promise<Result> {
    const before = await size()
    const result = await work()
    total.bytes += (await size()) - before
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
