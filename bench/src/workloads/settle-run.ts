import { callAll } from '../callers.js'
import type { Workload } from '../workload.js'
import { stepsOf } from './deal.js'

const BUILDERS = 1_024

/** Pages of one run. */
const PAGES = 8

/** A settlement run over escrows that are due, in pages of the usual size. What is timed is a run of so many pages. */
export const settleRun: Workload = {
  name: 'settle-run',
  callers: 250,
  floorCallers: 500,
  entries: 20_000,
  entriesPerCall: 1,
  handShare: 0.1,
  growsBy: 'backlog',
  async setUp() {},
  prepare: ({ ledger, slice, callers }) =>
    callAll({ count: slice.count, callers: callers === 1 ? 1 : BUILDERS }, async (nth) => {
      const { open, fund, complete } = stepsOf(ledger, slice.first + nth)
      for (const step of [open, fund, complete]) await step()
    }),
  async run({ ledger, slice, callers }, timed) {
    for (let left = slice.count; left > 0; ) {
      const limit = Math.min(left, PAGES * callers)
      const { settled } = await timed(() => ledger.settlements.run({ limit, pageSize: callers }))
      if (settled !== limit) throw new Error(`${settled} of ${limit} escrows that are due were settled.`)
      left -= settled
    }
    return slice.count
  },
}
