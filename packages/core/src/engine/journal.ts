import { z } from 'zod'
import { invariant, ledgerError } from '../errors/index.js'
import type { Entry } from '../journal/entry.js'
import { type InstantInput, instantSchema, postingInstant, readingInstant } from '../journal/instant.js'
import { postEntriesCommand } from '../journal/post-entries.js'
import { reverseEntryCommand } from '../journal/reverse-entry.js'
import {
  accountCodeSchema,
  idSchema,
  metadataNameLimits,
  metadataValueLimits,
  nameSchema,
  parserOf,
  textSchema,
} from '../journal/schema.js'
import type { MoneyInput } from '../money/index.js'
import { instructionIdSchema } from '../payouts/instruction-commands.js'
import type { BookContext } from './context.js'
import { type EntryView, entryView } from './entry-view.js'
import { createListing, cursorParts, type Listing } from './listing.js'
import { readerOf, soughtCurrency } from './read-options.js'
import type { CallOptions, Outcome } from './request.js'

/** One line: an account and either a debit or a credit, above zero. */
export interface PostingInput {
  readonly account: string
  readonly debit?: MoneyInput | undefined
  readonly credit?: MoneyInput | undefined
}

/** What an account must have for an entry to be posted, else `expectation_failed`. */
export interface Expectation {
  readonly account: string
  readonly currency: string
  readonly version?: number | undefined
  readonly atLeast?: MoneyInput | undefined
  readonly atMost?: MoneyInput | undefined
}

export interface EntryInput {
  /** At least two, at most 1,000; debits equal credits in each currency. */
  readonly postings: readonly PostingInput[]
  /** When it counts; now, unless it is given. Never in the future, nor in a closed period. */
  readonly effectiveAt?: InstantInput | undefined
  readonly description?: string | undefined
  /** A flat map of texts: at most 50, names to 40 characters, values to 500. No personal data: entries last for ever. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** The host's own reference, 1 to 128 characters. */
  readonly reference?: string | undefined
  readonly expect?: readonly Expectation[] | undefined
}

export interface EntryFilter {
  readonly account?: string | undefined
  readonly currency?: string | undefined
  readonly kind?: string | undefined
  readonly escrow?: string | undefined
  readonly payment?: { readonly gateway: string; readonly reference: string } | undefined
  readonly instruction?: string | undefined
  readonly reference?: string | undefined
  /** Entries that have this name in their metadata, with this value where one is given. */
  readonly metadata?: { readonly name: string; readonly value?: string | undefined } | undefined
  /** By effective time, both ends inclusive; a bare date means its start or its end. */
  readonly from?: InstantInput | undefined
  readonly through?: InstantInput | undefined
}

export interface Posted {
  readonly entry: EntryView
  readonly replayed: boolean
}

export interface PostedAll {
  readonly entries: readonly EntryView[]
  readonly replayed: boolean
}

export interface Journal {
  /** Posts one entry, or a list of up to 100 of which all are posted or none. */
  post(entry: EntryInput, options?: CallOptions): Promise<Posted>
  post(entries: readonly EntryInput[], options?: CallOptions): Promise<PostedAll>
  /** Undoes a plain entry by another. `entry_not_found`, `entry_owned`, `entry_already_reversed`, and the rules of posting. */
  reverse(
    input: { readonly entry: string; readonly effectiveAt: InstantInput; readonly reason: string },
    options?: CallOptions,
  ): Promise<Posted>
  /** Throws `entry_not_found`. */
  get(id: string): Promise<EntryView>
  /** In the order in which they were written. */
  list(filter?: EntryFilter): Listing<EntryView>
}

export function createJournal(context: BookContext): Journal {
  function post(input: EntryInput, options?: CallOptions): Promise<Posted>
  function post(input: readonly EntryInput[], options?: CallOptions): Promise<PostedAll>
  function post(input: EntryInput | readonly EntryInput[], options?: CallOptions): Promise<Posted | PostedAll> {
    const posted = context.run(postEntriesCommand, input, options)
    return Array.isArray(input) ? posted.then(postedAll) : posted.then(postedOne)
  }
  return {
    post,
    async reverse(input, options) {
      const { entries, replayed } = await context.run(reverseEntryCommand, input, options)
      return { entry: only(entries.map(entryView)), replayed }
    },
    async get(id) {
      const [entry] = await context.reads.entries(context.book, [parserOf(idSchema)(id)])
      if (entry) return entryView(entry)
      throw ledgerError('entry_not_found', `There is no entry ${id} in this book. journal.list shows the entries.`)
    },
    list: (filter) => listEntries(context, filter),
  }
}

function postedOne({ entries, replayed }: Outcome<void>): Posted {
  return { entry: only(entries.map(entryView)), replayed }
}

function postedAll({ entries, replayed }: Outcome<void>): PostedAll {
  return { entries: entries.map(entryView), replayed }
}

function only(views: readonly EntryView[]): EntryView {
  const [view] = views
  invariant(view, 'a posted entry is answered')
  return view
}

const readFilter = readerOf({
  account: accountCodeSchema.optional(),
  currency: soughtCurrency.optional(),
  kind: nameSchema.optional(),
  escrow: idSchema.optional(),
  payment: z.strictObject({ gateway: nameSchema, reference: idSchema }).optional(),
  instruction: instructionIdSchema.optional(),
  reference: idSchema.optional(),
  metadata: z
    .strictObject({ name: textSchema(metadataNameLimits), value: textSchema(metadataValueLimits).optional() })
    .optional(),
  from: instantSchema.optional(),
  through: instantSchema.optional(),
})

function listEntries({ reads, book }: BookContext, given: EntryFilter | undefined): Listing<EntryView> {
  const { from, through, ...filter } = readFilter(given)
  return createListing<Entry, EntryView>({
    async fetch(after, limit) {
      const { timeZone } = await reads.book(book)
      return reads.entryPage(book, {
        ...filter,
        effectiveFrom: from && postingInstant(from, timeZone),
        effectiveThrough: through && readingInstant(through, timeZone),
        after: after ? { recordedAt: after[0] as number, id: after[1] as string } : null,
        limit,
      })
    },
    cursorOf: (entry) => [entry.recordedAt, entry.id],
    cursor: z.tuple([cursorParts.integer, cursorParts.text]),
    view: entryView,
  })
}
