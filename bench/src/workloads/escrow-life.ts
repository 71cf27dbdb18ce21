import { callAll } from '../callers.js'
import type { Workload } from '../workload.js'
import { ENTRIES_OF_A_LIFE, stepsOf } from './deal.js'

/** Deals from opening to settlement, each caller taking one through all of its steps. What is timed is a step. */
export const escrowLife: Workload = {
  name: 'escrow-life',
  callers: 1_024,
  floorCallers: 1_024,
  entries: 30_000,
  entriesPerCall: ENTRIES_OF_A_LIFE,
  handShare: 0.1,
  async setUp() {},
  async run({ ledger, slice, callers }, timed) {
    await callAll({ count: slice.count, callers }, async (nth) => {
      const { open, fund, fee, complete, settle } = stepsOf(ledger, slice.first + nth)
      for (const step of [open, fund, fee, complete, settle]) await timed(step)
    })
    return slice.count * ENTRIES_OF_A_LIFE
  },
}
