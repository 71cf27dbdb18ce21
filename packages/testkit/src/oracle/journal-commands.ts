import { accountKey, type Books, balanceOf, type Entry, type Line, linesOf, post } from './books.js'
import { endOfDay, isZone, readDay } from './calendar.js'
import { chartRule, isReserved } from './chart.js'
import { type Command, readAnyAmount, readAt, readPositiveAmount } from './command.js'
import { type Fields, optional, readCode, readCurrency, readFields, readReason } from './read-input.js'
import { Refusal, refuseIf } from './refusal.js'
import { requestTime } from './times.js'

interface Expectation {
  readonly code: string
  readonly currency: string
  readonly version: number | undefined
  readonly atLeast: bigint | undefined
  readonly atMost: bigint | undefined
}

export const postEntries: Command = (input, books) => {
  const listed = Array.isArray(input) ? input : Array.isArray(input.entries) ? input.entries : [input]
  refuseIf(listed.length === 0 || listed.length > 100, 'invalid_input')
  const drafts = listed.map((each) => readDraft(readFields(each), books))
  return () => {
    const entries: Entry[] = []
    for (const { lines, at, expectations } of drafts) {
      refuseIf(
        lines.some(([code]) => isReserved(code)),
        'account_reserved',
      )
      const effectiveAt = requestTime(books, { at, notBefore: Number.NEGATIVE_INFINITY, posts: true })
      for (const expectation of expectations) refuseUnexpected(books, expectation)
      entries.push(post(books, { kind: 'journal', effectiveAt, lines }))
    }
    return { entries }
  }
}

function readDraft(fields: Fields, books: Books) {
  const { postings, expect } = fields
  if (!Array.isArray(postings) || postings.length === 0) throw new Refusal('invalid_input')
  if (expect !== undefined && !Array.isArray(expect)) throw new Refusal('invalid_input')
  const lines = postings.map((posting) => readLine(readFields(posting), books))
  const at = readAt(books, fields.effectiveAt)
  const expectations = (expect ?? []).map((each) => readExpectation(readFields(each), books))
  return { lines, at, expectations }
}

function readLine({ account, debit, credit }: Fields, books: Books): Line {
  const code = readCode(account)
  refuseIf((debit === undefined) === (credit === undefined), 'invalid_input')
  const { minor, currency } = readPositiveAmount(books, debit ?? credit)
  return [code, currency, debit === undefined ? -minor : minor]
}

function readExpectation(fields: Fields, books: Books): Expectation {
  const { version } = fields
  const currency = readCurrency(books.settings.exponents, fields.currency)
  if (version !== undefined && typeof version !== 'number') throw new Refusal('invalid_input')
  const amount = (value: unknown): bigint => {
    const read = readAnyAmount(books, value)
    refuseIf(read.currency !== currency, 'invalid_input')
    return read.minor
  }
  const atLeast = optional(fields.atLeast, amount)
  const atMost = optional(fields.atMost, amount)
  return { code: readCode(fields.account), currency, version, atLeast, atMost }
}

/** An account's version is the number of its postings. */
function refuseUnexpected(books: Books, { code, currency, version, atLeast, atMost }: Expectation): void {
  const exists = books.accounts.has(accountKey(code, currency))
  refuseIf(!exists && chartRule(code) === undefined, 'account_not_found')
  const balance = balanceOf(books, code, currency)
  refuseIf(version !== undefined && linesOf(books, code, currency).length !== version, 'expectation_failed')
  refuseIf(atLeast !== undefined && balance < atLeast, 'expectation_failed')
  refuseIf(atMost !== undefined && balance > atMost, 'expectation_failed')
}

/** `entry` is the index of an entry in `entries()`, since the library makes up the ids of entries. */
export const reverse: Command = (input, books) => {
  const { entry: name } = input
  refuseIf(typeof name !== 'number' && typeof name !== 'string', 'invalid_input')
  refuseIf(input.effectiveAt === undefined, 'invalid_input')
  const at = readAt(books, input.effectiveAt)
  readReason(input.reason)
  return () => {
    const original = typeof name === 'number' ? books.entries[name] : undefined
    if (!original) throw new Refusal('entry_not_found')
    refuseIf(original.kind !== 'journal' && original.kind !== 'reversal', 'entry_owned')
    refuseIf(
      books.entries.some((each) => each.reverses === original.index),
      'entry_already_reversed',
    )
    const effectiveAt = requestTime(books, { at, notBefore: original.effectiveAt, posts: true })
    const lines = original.lines.map(([code, currency, signed]): Line => [code, currency, -signed])
    return { entries: [post(books, { kind: 'reversal', effectiveAt, reverses: original.index, lines })] }
  }
}

export const openBook: Command = (input, books) => {
  const { timeZone } = input
  if (!isZone(timeZone)) throw new Refusal('invalid_input')
  return () => {
    refuseIf(books.entries.length > 0 && books.zone !== timeZone, 'book_zone_fixed')
    books.zone = timeZone
    return { entries: [] }
  }
}

export const closeBook: Command = (input, books) => {
  const through = readDay(input.through)
  return () => {
    refuseIf(books.now < endOfDay(books.zone, through), 'time_in_future')
    refuseIf(books.closedThrough !== undefined && through <= books.closedThrough, 'period_closed')
    books.closedThrough = through
    return { entries: [] }
  }
}
