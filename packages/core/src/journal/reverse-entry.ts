import { z } from 'zod'
import { invariant, ledgerError } from '../errors/index.js'
import type { Command } from './command.js'
import { effectiveOfRequest } from './effective.js'
import type { Entry } from './entry.js'
import { instantSchema } from './instant.js'
import { postEntry } from './post-entry.js'
import { reversalKey, reversals } from './reversals.js'
import { parserOf, textSchema } from './schema.js'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const schema = z.strictObject({
  entry: z.string().regex(uuid, 'must be the id of an entry'),
  effectiveAt: instantSchema,
  reason: textSchema({ min: 1, max: 500, lines: true }),
})
type Input = z.output<typeof schema>

/** What the host posted itself, and so may take back itself. */
const reversibleKinds: ReadonlySet<string> = new Set(['journal', 'reversal'])

/**
 * Undoes a plain entry by another one with the sides exchanged, under today's limits. Refused: `entry_not_found`,
 * `entry_owned`, `entry_already_reversed`, its time, and whatever `postEntry` refuses.
 *
 * | | debit | credit |
 * | --- | --- | --- |
 * | original | platform:promotions 10.00 | payee:priya:payable 10.00 |
 * | reversal | payee:priya:payable 10.00 | platform:promotions 10.00 |
 */
export const reverseEntryCommand: Command<Input, void> = {
  name: 'journal.reverse',
  parse: parserOf(schema),
  direct: (input) => ({ entries: [input.entry], records: { reversals: [reversalKey(input.entry, 1)] } }),
  further: (input, view) => ({ accounts: view.entry(input.entry)?.postings ?? [] }),
  decide(input, draft) {
    const original = draft.entry(input.entry)
    if (!original) {
      throw ledgerError(
        'entry_not_found',
        `There is no entry ${input.entry} in this book. journal.list shows the entries.`,
      )
    }
    checkReversible(original)
    invariant(original.unreadable === undefined, `what entry ${original.id} says can be read`)
    if (draft.get(reversals, reversalKey(original.id, 1))) {
      throw ledgerError(
        'entry_already_reversed',
        `Entry ${original.id} was reversed already. To undo the reversal, reverse that.`,
      )
    }
    const timing = { at: input.effectiveAt, now: draft.now, last: original.effectiveAt }
    const { effectiveAt } = effectiveOfRequest(draft, timing)
    const lines = original.postings.map(({ code, currency, amount }) => ({ code, currency, amount: -amount }))
    const { description, metadata, reference } = original
    const kept = { description, metadata, reference, reason: input.reason, reverses: original.id }
    const reversal = postEntry(draft, { kind: 'reversal', lines, effectiveAt, ...kept })
    draft.put(reversals, { entry: original.id, sequence: 1, reversal: reversal.id, revision: 1 })
  },
}

function checkReversible(entry: Entry): void {
  if (reversibleKinds.has(entry.kind)) return
  throw ledgerError(
    'entry_owned',
    `Entry ${entry.id} was made by a rule (${entry.kind}). Use the command that undoes what happened, such as a refund.`,
  )
}
