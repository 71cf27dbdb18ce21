import { accountCodeLimits, descriptionLimits, idLimits, textProblem } from '../accounts/text.js'
import { LedgerError } from '../errors/index.js'
import { isPositive, type Money, parseMoney } from '../money/index.js'
import type { EntryInput } from './post-entries.js'
import { MAX_POSTINGS } from './post-entry.js'
import { METADATA_NAMES, metadataNameLimits, metadataValueLimits } from './schema.js'

type PostingInput = EntryInput['postings'][number]

/**
 * Reads an entry that has nothing unusual about it, as `entrySchema` would read it; null where it has, and then the
 * schema reads it and says what is wrong. Every posting of a busy marketplace comes by here, and the schema takes
 * several times as long.
 */
export function readUsualEntry(input: unknown): EntryInput | null {
  if (!isPlainObject(input)) return null
  let postings: PostingInput[] | null = null
  let description: string | undefined
  let reference: string | undefined
  let metadata: Record<string, string> | undefined
  for (const name in input) {
    const value = input[name]
    if (name === 'postings') postings = readPostings(value)
    else if (value === undefined) continue
    else if (name === 'description' && textProblem(value, descriptionLimits) === null) description = value as string
    else if (name === 'reference' && textProblem(value, idLimits) === null) reference = value as string
    else if (name === 'metadata' && isPlainObject(value)) {
      const texts = readMetadata(value)
      if (texts === null) return null
      metadata = texts
    } else return null
  }
  return postings && { postings, description, reference, metadata }
}

function readPostings(input: unknown): PostingInput[] | null {
  if (!Array.isArray(input) || input.length === 0 || input.length > MAX_POSTINGS) return null
  const postings: PostingInput[] = []
  for (const each of input) {
    const posting = readPosting(each)
    if (posting === null) return null
    postings.push(posting)
  }
  return postings
}

function readPosting(input: unknown): PostingInput | null {
  if (!isPlainObject(input)) return null
  for (const name in input) if (name !== 'account' && name !== 'debit' && name !== 'credit') return null
  const { account, debit, credit } = input
  if ((debit === undefined) === (credit === undefined) || textProblem(account, accountCodeLimits) !== null) return null
  const amount = readAmount(debit ?? credit)
  if (amount === null) return null
  const code = account as string
  return debit === undefined ? { account: code, credit: amount } : { account: code, debit: amount }
}

function readAmount(input: unknown): Money | null {
  try {
    const amount = parseMoney(input)
    return isPositive(amount) ? amount : null
  } catch (error) {
    if (error instanceof LedgerError) return null
    throw error
  }
}

/** A copy, since the caller may change it later. */
function readMetadata(input: Readonly<Record<string, unknown>>): Record<string, string> | null {
  const metadata = { ...input }
  let count = 0
  for (const name in metadata) {
    count += 1
    if (textProblem(name, metadataNameLimits) !== null) return null
    if (textProblem(metadata[name], metadataValueLimits) !== null) return null
  }
  return count <= METADATA_NAMES ? (metadata as Record<string, string>) : null
}

function isPlainObject(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && Object.getPrototypeOf(input) === Object.prototype
}
