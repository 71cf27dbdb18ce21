import type { EntryInput } from 'escrow-ledger'
import { callAll } from '../callers.js'
import { postByHand } from '../postgres/post-by-hand.js'
import { createPostByHand } from '../sqlite/post-by-hand.js'
import type { Workload } from '../workload.js'
import { ACCOUNTS, keyOf, sampleAccount, sampleEntry } from './sample-entry.js'

/** Entries of two postings among 1,000 accounts. */
export const post = posting({ name: 'post', callers: 1_024, entries: 100_000 })

/** The same with fewer callers, for their latency. */
export const postByMany = posting({ name: 'post-256', callers: 256, entries: 20_000, mostEntries: 20_000 })
export const postByOne = posting({ name: 'post-1', callers: 1, entries: 4_000, mostEntries: 4_000 })

/** Every entry has one account in common. */
export const postHot = posting({ name: 'post-hot', callers: 1_024, entries: 100_000, hot: true })

interface Posting extends Pick<Workload, 'name' | 'callers' | 'entries' | 'mostEntries'> {
  readonly hot?: boolean
}

interface Input {
  readonly entry: EntryInput
  readonly idempotencyKey: string
}

/** Inputs are made before they are posted: making them is no work of whoever is measured. */
function posting({ hot = false, ...measured }: Posting): Workload {
  const { name, callers } = measured
  let inputs: readonly Input[] = []
  return {
    ...measured,
    floorCallers: 1_024,
    entriesPerCall: 1,
    handShare: 1,
    async setUp(ledger) {
      await callAll({ count: ACCOUNTS, callers }, (index) => ledger.accounts.open(sampleAccount(index)))
    },
    async prepare({ slice }) {
      inputs = Array.from({ length: slice.count }, (_, nth) => {
        const index = slice.first + nth
        return { entry: sampleEntry(index, { hot }), idempotencyKey: keyOf(name, index) }
      })
    },
    async run({ ledger, callers: atOnce }, timed) {
      await callAll({ count: inputs.length, callers: atOnce }, (nth) => {
        const { entry, idempotencyKey } = inputs[nth] as Input
        return timed(() => ledger.journal.post(entry, { idempotencyKey }))
      })
      return inputs.length
    },
    byHand: {
      sqlite(database) {
        const post = createPostByHand(database)
        for (const { entry, idempotencyKey } of inputs) post(entry, idempotencyKey)
        return inputs.length
      },
      async postgres(database) {
        await callAll({ count: inputs.length, callers: database.connections }, (nth) =>
          postByHand(database, inputs[nth] as Input),
        )
        return inputs.length
      },
    },
  }
}
