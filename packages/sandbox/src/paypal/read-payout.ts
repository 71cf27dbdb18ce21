import { type Money, parseAmount } from './money.js'
import type { PayoutItem } from './payout.js'
import { payoutRefusal, Refusal, type RefusalDetail } from './refusal.js'

const MOST_ITEMS = 15_000

type ReadItem = Pick<PayoutItem, 'recipientType' | 'receiver' | 'amount' | 'note' | 'senderItemId' | 'purpose'>

type Given = Readonly<Record<string, unknown>>

/**
 * Reads the body of a payout, or refuses it with 400 VALIDATION_ERROR, which names a field of each item that is wrong, as
 * `items[0].receiver`. https://github.com/paypal/Payouts-Java-SDK/issues/7
 */
export function readPayout(body: unknown) {
  const given = isRecord(body) ? body : {}
  if (!isRecord(given.sender_batch_header)) throw invalid('sender_batch_header', 'Required field is missing')
  const header = given.sender_batch_header
  const senderBatchId = optionalText(header, 'sender_batch_header', 'sender_batch_id', 256)
  optionalText(header, 'sender_batch_header', 'email_subject', 255)
  optionalText(header, 'sender_batch_header', 'email_message', 1000)
  const defaultType = optionalText(header, 'sender_batch_header', 'recipient_type', 13)
  if (!Array.isArray(given.items) || given.items.length === 0) throw invalid('items', 'Required field is missing')
  if (given.items.length > MOST_ITEMS) throw invalid('items', `At most ${MOST_ITEMS} items are allowed`)
  const items = readItems(given.items, defaultType)
  const [first] = items
  const currency = first?.amount.currency ?? ''
  const other = items.findIndex(({ amount }) => amount.currency !== currency)
  if (other >= 0) throw invalid(`items[${other}].amount.currency`, 'All items must have the same currency')
  return { header, senderBatchId, items, currency }
}

function readItems(given: readonly unknown[], defaultType: string | undefined): readonly ReadItem[] {
  const wrong: RefusalDetail[] = []
  const items = given.flatMap((item, index) => {
    try {
      return [readItem(item, `items[${index}]`, defaultType)]
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      wrong.push(...(error.details ?? []))
      return []
    }
  })
  if (wrong.length > 0) throw invalidDetails(wrong)
  return items
}

function readItem(given: unknown, at: string, defaultType: string | undefined): ReadItem {
  if (!isRecord(given)) throw invalid(at, 'Item is invalid')
  const receiver = optionalText(given, at, 'receiver', 127)
  if (receiver === undefined || receiver === '') throw invalid(`${at}.receiver`, 'Required field is missing')
  const recipientType = optionalText(given, at, 'recipient_type', 13) ?? defaultType ?? typeOf(receiver)
  if (!receiverPatterns[recipientType]?.test(receiver)) {
    throw invalid(`${at}.receiver`, 'Receiver is invalid or does not match with type')
  }
  return {
    ...{ recipientType, receiver },
    amount: readAmount(given.amount, `${at}.amount`),
    note: optionalText(given, at, 'note', 4000),
    senderItemId: optionalText(given, at, 'sender_item_id', 63),
    purpose: optionalText(given, at, 'purpose', 40),
  }
}

const receiverPatterns: Readonly<Record<string, RegExp>> = {
  EMAIL: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  PHONE: /^\+?[0-9 ().-]{5,20}$/,
  PAYPAL_ID: /^[0-9A-Z]{13}$/,
  USER_HANDLE: /^@?[\w-]{3,}$/,
}

const typeOf = (receiver: string): string => (receiver.includes('@') ? 'EMAIL' : 'PAYPAL_ID')

function readAmount(given: unknown, at: string): Money {
  if (!isRecord(given)) throw invalid(at, 'Required field is missing')
  const { currency, value } = given
  if (typeof currency !== 'string') throw invalid(`${at}.currency`, 'Required field is missing')
  if (typeof value !== 'string') throw invalid(`${at}.value`, 'Required field is missing')
  const amount = parseAmount(currency, value)
  if (amount === 'INVALID_CURRENCY_CODE') throw invalid(`${at}.currency`, 'Currency is invalid or not supported')
  if (typeof amount === 'string') throw invalid(`${at}.value`, 'Amount is invalid or not supported in this currency')
  if (amount.minor <= 0n) throw invalid(`${at}.value`, 'Amount must be greater than zero')
  return amount
}

function optionalText(given: Given, at: string, name: string, max: number): string | undefined {
  const value = given[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(`${at}.${name}`, 'Value is invalid')
  if (value.length > max) throw invalid(`${at}.${name}`, `Value exceeds max length of ${max}`)
  return value
}

const invalid = (field: string, issue: string) => invalidDetails([{ field, location: 'body', issue }])

const invalidDetails = (details: readonly RefusalDetail[]) =>
  payoutRefusal(400, 'VALIDATION_ERROR', 'Invalid request - see details', details)

const isRecord = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
