import { createLedger, type Storage } from 'escrow-ledger'
import type { Contender } from './contender.js'
import { percentile } from './statistics.js'
import type { Slice, Timed, Workload } from './workload.js'

export interface MeasuredStorage {
  readonly storage: Storage
  /** Bytes that the ledger's tables and indexes take by now. */
  size(): Promise<number>
  /** Removes what was stored, once the storage is closed. */
  remove(): Promise<void>
}

/** Opens a storage by its name among those of one contender. */
export type OpenStorage = (name: 'ledger' | 'warm_up') => MeasuredStorage

/** The ledger as a user opens it, with its usual settings. */
export function createMeasuredLedger(workload: Workload, open: OpenStorage): Contender {
  const { storage, size } = open('ledger')
  const ledger = createLedger({ storage })
  const { callers, entriesPerCall } = workload
  const latencies: number[] = []
  const prepared = { entries: 0, bytes: 0 }
  const measured = { entries: 0, bytes: 0 }
  let slice: Slice = { first: 0, count: 0 }

  // One promise more and no other: what it takes to measure counts as the ledger's own.
  const timed: Timed = (call) => {
    const started = performance.now()
    return call().then((result) => {
      latencies.push(performance.now() - started)
      return result
    })
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
      await warmUp(workload, open('warm_up'))
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

/** Does the same where it is thrown away, until the code is compiled as it is in a service that has run a while. */
async function warmUp(workload: Workload, { storage, remove }: MeasuredStorage): Promise<void> {
  const { callers, entries, entriesPerCall } = workload
  const ledger = createLedger({ storage })
  await ledger.migrate()
  await workload.setUp(ledger)
  const count = Math.min(MOST_WARMING_CALLS, Math.ceil(entries / entriesPerCall / 2))
  const scene = { ledger, slice: { first: 0, count }, callers }
  await workload.prepare?.(scene)
  await workload.run(scene, (call) => call())
  await ledger.close()
  await remove()
}
