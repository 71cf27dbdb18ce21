import { z } from 'zod'
import { type AccountRef, balanceOf } from '../accounts/account.js'
import { chartRule, checkNotReserved } from '../accounts/chart.js'
import { invalidInput } from '../accounts/text.js'
import { ledgerError } from '../errors/index.js'
import { compare, format, type Money, zero } from '../money/index.js'
import type { Command } from './command.js'
import type { Draft } from './draft.js'
import { effectiveOfRequest } from './effective.js'
import { credit, debit, type Line } from './entry.js'
import { instantSchema } from './instant.js'
import { MAX_POSTINGS, postEntry } from './post-entry.js'
import { readUsualEntry } from './read-entry.js'
import {
  accountCodeSchema,
  amountSchema,
  descriptionSchema,
  idSchema,
  metadataSchema,
  parserOf,
  positiveAmountSchema,
} from './schema.js'

const postingSchema = z.strictObject({
  account: accountCodeSchema,
  debit: positiveAmountSchema.optional(),
  credit: positiveAmountSchema.optional(),
})

const expectationSchema = z.strictObject({
  account: accountCodeSchema,
  currency: z.string(),
  version: z.int().min(0).optional(),
  atLeast: amountSchema.optional(),
  atMost: amountSchema.optional(),
})
type Expectation = z.output<typeof expectationSchema>

export const entrySchema = z.strictObject({
  // A few too many are told as `entry_too_large`; many too many are not even read.
  postings: z
    .array(postingSchema)
    .min(1)
    .max(10 * MAX_POSTINGS),
  effectiveAt: instantSchema.optional(),
  description: descriptionSchema.optional(),
  metadata: metadataSchema.optional(),
  reference: idSchema.optional(),
  expect: z.array(expectationSchema).max(MAX_POSTINGS).optional(),
})
export type EntryInput = z.output<typeof entrySchema>

/** Entries in one call. */
const MAX_ENTRIES = 100
const listSchema = z.array(entrySchema).min(1).max(MAX_ENTRIES)

/**
 * Posts plain entries, all of them or none. For each in turn: `account_reserved`, its time, its expectations, and then
 * whatever `postEntry` refuses.
 *
 * | debit | credit |
 * | --- | --- |
 * | platform:promotions 10.00 | payee:priya:payable 10.00 |
 */
export const postEntriesCommand: Command<readonly EntryInput[], void> = {
  name: 'journal.post',
  parse: (input) => {
    const usual = readUsualEntry(input)
    if (usual) return [usual]
    const entries = Array.isArray(input) ? parserOf(listSchema)(input) : [parserOf(entrySchema)(input)]
    checkSides(entries)
    return entries
  },
  direct(entries) {
    const accounts: AccountRef[] = []
    for (const { postings, expect } of entries) {
      for (const posting of postings) accounts.push({ code: posting.account, currency: amountOf(posting).currency })
      if (expect) for (const { account, currency } of expect) accounts.push({ code: account, currency })
    }
    return { accounts }
  },
  decide(entries, draft) {
    for (const entry of entries) {
      for (const posting of entry.postings) checkNotReserved(posting.account)
      const { effectiveAt } = effectiveOfRequest(draft, { at: entry.effectiveAt, now: draft.now, last: null })
      for (const expected of entry.expect ?? []) checkExpectation(draft, expected)
      const { description = '', metadata = {}, reference = null } = entry
      postEntry(draft, {
        kind: 'journal',
        lines: entry.postings.map(lineOf),
        effectiveAt,
        description,
        metadata,
        reference,
      })
    }
  },
}

type PostingInput = z.output<typeof postingSchema>

function lineOf(posting: PostingInput): Line {
  return posting.debit ? debit(posting.account, posting.debit) : credit(posting.account, amountOf(posting))
}

/** The amount of whichever side is given; parsing has made sure that there is one. */
function amountOf(posting: PostingInput): Money {
  return (posting.debit ?? posting.credit) as Money
}

function checkSides(entries: readonly EntryInput[]): void {
  const issues = entries.flatMap((entry, which) =>
    entry.postings.flatMap((posting, index) => {
      if ((posting.debit === undefined) !== (posting.credit === undefined)) return []
      const path = `${entries.length > 1 ? `${which}.` : ''}postings.${index}`
      return [{ path, message: 'must have either a debit or a credit' }]
    }),
  )
  if (issues.length > 0) throw invalidInput(issues)
}

/** Throws `expectation_failed`, with what is there instead. */
function checkExpectation(draft: Draft, expected: Expectation): void {
  const account = draft.account(expected.account, expected.currency)
  if (!account && !chartRule(expected.account)) {
    throw ledgerError(
      'account_not_found',
      `There is no account ${expected.account} in ${expected.currency} to expect anything of. Open it first with accounts.open.`,
      { account: expected.account },
    )
  }
  const version = account?.version ?? 0
  const balance = account ? balanceOf(account) : zero(expected.currency)
  const failed =
    (expected.version !== undefined && expected.version !== version && `version ${expected.version}`) ||
    (expected.atLeast && compare(balance, expected.atLeast) < 0 && `at least ${format(expected.atLeast)}`) ||
    (expected.atMost && compare(balance, expected.atMost) > 0 && `at most ${format(expected.atMost)}`)
  if (!failed) return
  throw ledgerError(
    'expectation_failed',
    `Account ${expected.account} was expected to have ${failed}; it is at version ${version} with ${format(balance)} ${expected.currency}. Decide again on that.`,
    { account: expected.account, expected: failed, actualVersion: version, actualBalance: balance },
  )
}
