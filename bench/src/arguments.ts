import { parseArgs } from 'node:util'
import { storageNamed, storages } from './storages.js'
import type { Workload } from './workload.js'
import { workloads } from './workloads/index.js'

export interface Arguments {
  readonly json: boolean
  /** Measures the ledger alone while its book grows, rather than beside the others. */
  readonly growth: boolean
  readonly storage: string
  readonly chosen: readonly Workload[]
  /** Numbers of entries at which every workload is measured; each has one of its own where this is empty. */
  readonly sizes: readonly number[]
}

export const usage = `Usage: npm run bench -- [--json] [--growth] [--storage ${Object.keys(storages).join('|')}] [--workload NAME] [--entries N]
Workloads: ${Object.keys(workloads).join(', ')}. Without a name all of them run.
--workload and --entries may be given several times: every workload is then measured at every size.
--growth measures the ledger alone, and compares its rate at several sizes of the book up to --entries.
`

/** Reads the arguments. Throws with a sentence that says what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      storage: { type: 'string', default: 'sqlite' },
      workload: { type: 'string', multiple: true, default: Object.keys(workloads) },
      entries: { type: 'string', multiple: true, default: [] },
    },
  })
  storageNamed(values.storage)
  const chosen = values.workload.flatMap((name) => {
    const found = Object.hasOwn(workloads, name) ? workloads[name] : undefined
    if (found) return found
    throw new Error(`There is no workload ${name}.`)
  })
  return {
    json: values.json,
    growth: values.growth,
    storage: values.storage,
    chosen,
    sizes: values.entries.map(readCount),
  }
}

function readCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new Error(`--entries takes a whole number above zero, not ${text}.`)
}
