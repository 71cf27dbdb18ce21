import { z } from 'zod'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import type { Command } from '../journal/command.js'
import { instantSchema, postingInstant } from '../journal/instant.js'
import { idSchema, metadataSchema, parserOf, positiveAmountSchema } from '../journal/schema.js'
import { assertOnStep } from '../money/index.js'
import { type EscrowAnswer, escrowAnswer } from './answer.js'
import { type Escrow, escrows } from './escrow.js'
import { keepEscrow } from './life.js'
import { parseTerms, termsSchema } from './parse-terms.js'
import { totalsBeforeRelease } from './release.js'
import type { Terms } from './terms.js'

const schema = z.strictObject({
  id: idSchema,
  payer: idSchema,
  parties: z.record(z.string(), idSchema).optional(),
  amount: positiveAmountSchema,
  terms: termsSchema,
  metadata: metadataSchema.optional(),
  at: instantSchema.optional(),
})
type Input = Omit<z.output<typeof schema>, 'terms'> & { readonly terms: Terms }

/**
 * Opens an escrow: a deal with its parties, amount and terms, which never change under it. Posts nothing. Refused:
 * `invalid_terms`, `amount_off_step`, `escrow_exists`, `time_in_future`.
 */
export const openEscrowCommand: Command<Input, EscrowAnswer> = {
  name: 'escrows.open',
  parse: (input) => {
    const parsed = parserOf(schema)(input)
    const parties = parsed.parties ?? {}
    if (Object.keys(parties).length > 100) throw invalidInput([{ path: 'parties', message: 'must be at most 100' }])
    const terms = parseTerms(parsed.terms, { amount: parsed.amount, parties })
    return { ...parsed, parties, terms }
  },
  direct: (input) => ({ records: { escrows: [input.id] } }),
  decide(input, draft) {
    assertOnStep(input.amount, input.terms.stepMinor, "The escrow's amount")
    if (draft.get(escrows, input.id)) {
      throw ledgerError('escrow_exists', `There is an escrow ${input.id} already. Give each its own id.`)
    }
    const openedAt = input.at ? postingInstant(input.at, draft.book.timeZone) : draft.now
    if (openedAt > draft.now) {
      throw ledgerError(
        'time_in_future',
        `${new Date(openedAt).toISOString()} lies in the future, and an escrow is not opened there. Give a time that has come, or none.`,
        { at: openedAt, now: draft.now },
      )
    }
    const opened = newEscrow(input, openedAt)
    return escrowAnswer(keepEscrow(draft, opened, { command: 'open', at: openedAt, detail: { amount: input.amount } }))
  },
}

function newEscrow(input: Input, openedAt: number): Escrow {
  return {
    id: input.id,
    payer: input.payer,
    parties: input.parties ?? {},
    currency: input.amount.currency,
    amountMinor: input.amount.minor,
    terms: input.terms,
    metadata: input.metadata ?? {},
    fundedMinor: 0n,
    heldMinor: 0n,
    frozenMinor: 0n,
    releasedMinor: 0n,
    refundedMinor: 0n,
    chargedBackMinor: 0n,
    openedAt,
    fundedAt: null,
    deliveredAt: null,
    completedAt: null,
    resolvedAt: null,
    settledAt: null,
    cancelledAt: null,
    lastAt: null,
    measures: {},
    fundings: [],
    disputes: [],
    releases: 0,
    ...totalsBeforeRelease(input.terms),
    fallsDueAt: null,
    nextAt: null,
    failedAttempt: null,
    steps: 0,
    revision: 0,
  }
}
