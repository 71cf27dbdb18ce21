import { z } from 'zod'
import { exchanges, type KeptExchange } from '../instructions/exchange-record.js'
import type { Command } from '../journal/command.js'
import type { Draft } from '../journal/draft.js'
import { parserOf } from '../journal/schema.js'

/** What went over the wire in one attempt, redacted. */
export const exchangesSchema = z.array(
  z.custom<Omit<KeptExchange, 'revision'>>((value) => typeof value === 'object' && value !== null),
)

/** The keys of exchanges, for a command that keeps them. */
export function exchangeKeys(list: readonly Omit<KeptExchange, 'revision'>[]): readonly string[] {
  return list.map((exchange) => exchanges.keyOf({ ...exchange, revision: 1 }))
}

export function keepExchanges(draft: Draft, list: readonly Omit<KeptExchange, 'revision'>[]): void {
  for (const exchange of list) {
    const record: KeptExchange = { ...exchange, revision: 1 }
    if (draft.get(exchanges, exchanges.keyOf(record)) === null) draft.put(exchanges, record)
  }
}

const schema = z.strictObject({ exchanges: exchangesSchema })

/** Keeps what was said in an attempt whose outcome counts no more. */
export const keepExchangesCommand: Command<z.output<typeof schema>, { kept: number }> = {
  name: 'instructions.keep-exchanges',
  parse: parserOf(schema),
  direct: (input) => ({ records: { exchanges: exchangeKeys(input.exchanges) } }),
  decide(input, draft) {
    keepExchanges(draft, input.exchanges)
    return { kept: input.exchanges.length }
  },
}
