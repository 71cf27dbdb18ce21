import type { Operation } from '../http/operation.js'
import { actingFor } from './acting-for.js'
import type { JournalRow } from './journal.js'
import { decimalText, onWire } from './money.js'
import { instant, link, type PayPalWorld } from './paypal-world.js'
import { malformed, Refusal } from './refusal.js'
import { DAY_MS } from './settings.js'

const WIDEST_MS = 31 * DAY_MS
const MOST_ROWS = 10_000

/** Lists what happened on an account, as late as the settings say. */
export const searchTransactions = (world: PayPalWorld): Operation => ({
  name: 'searchTransactions',
  method: 'GET',
  path: '/v1/reporting/transactions',
  handle(request) {
    const { query } = request
    const { merchantId } = actingFor(world, request)
    const [start, end] = readWindow(query)
    const known = world.now() - world.settings.reportingDelayMs
    const found = world.journal
      .of(merchantId)
      .filter((row) => row.at >= start && row.at <= end && row.at <= known)
      .filter(filterOf(query))
    if (found.length > MOST_ROWS) throw tooLarge()
    const page = readCount(query, 'page', 1, 2_147_483_647)
    const size = readCount(query, 'page_size', 100, 500)
    const pages = Math.max(1, Math.ceil(found.length / size))
    const body = {
      transaction_details: found.slice((page - 1) * size, page * size).map((row) => detailOf(row, query)),
      account_number: merchantId,
      start_date: zoned(start),
      // What is not known yet is not in the answer, which says so by ending earlier than was asked for.
      end_date: zoned(Math.max(start, Math.min(end, known))),
      last_refreshed_datetime: zoned(known),
      ...{ page, total_items: found.length, total_pages: pages },
      links: pageLinks(world, query, { page, pages }),
    }
    return { status: 200, body }
  },
})

function readWindow(query: URLSearchParams): [start: number, end: number] {
  const [start, end] = [readInstant(query, 'start_date'), readInstant(query, 'end_date')]
  if (end < start) throw malformed('INVALID_PARAMETER_VALUE', { field: 'end_date', location: 'query' })
  if (end - start > WIDEST_MS) throw tooWide()
  return [start, end]
}

const pattern = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/

function readInstant(query: URLSearchParams, field: string): number {
  // A plus sign in a query is a space to whoever forgot to encode it, and to PayPal.
  const value = query.get(field)
  if (value === null) throw malformed('MISSING_REQUIRED_PARAMETER', { field, location: 'query' })
  const at = pattern.test(value) ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN
  if (Number.isNaN(at)) throw malformed('INVALID_PARAMETER_SYNTAX', { field, value, location: 'query' })
  return at
}

function readCount(query: URLSearchParams, field: string, otherwise: number, most: number): number {
  const value = query.get(field)
  if (value === null) return otherwise
  const count = /^\d{1,10}$/.test(value) ? Number.parseInt(value, 10) : 0
  if (count < 1 || count > most) throw malformed('INVALID_PARAMETER_VALUE', { field, value, location: 'query' })
  return count
}

const tooWide = () =>
  new Refusal(400, 'INVALID_REQUEST', 'Request is not well-formed, syntactically incorrect, or violates schema.', [
    { field: 'end_date', location: 'query', issue: 'Date range is greater than 31 days' },
  ])

const tooLarge = () =>
  new Refusal(
    400,
    'RESULTSET_TOO_LARGE',
    'Result set size is greater than the maximum limit. Change the filter criteria and try again.',
  )

function filterOf(query: URLSearchParams): (row: JournalRow) => boolean {
  const [id, code, status] = ['transaction_id', 'transaction_type', 'transaction_status'].map((name) => query.get(name))
  const currency = query.get('transaction_currency')
  return (row) =>
    (id === null || row.transactionId === id || row.reference?.id === id) &&
    (code === null || row.code === code) &&
    (status === null || row.status === status) &&
    (currency === null || row.amount.currency === currency)
}

function detailOf(row: JournalRow, query: URLSearchParams) {
  const { amount, feeMinor, reference } = row
  const { currency } = amount
  return {
    transaction_info: {
      paypal_account_id: row.merchantId,
      transaction_id: row.transactionId,
      ...(reference === undefined
        ? {}
        : { paypal_reference_id: reference.id, paypal_reference_id_type: reference.type }),
      transaction_event_code: row.code,
      transaction_initiation_date: zoned(row.at),
      transaction_updated_date: zoned(row.updatedAt),
      transaction_amount: onWire(amount),
      ...(feeMinor === 0n ? {} : { fee_amount: onWire({ currency, minor: feeMinor }) }),
      transaction_status: row.status,
      ...(row.subject === undefined ? {} : { transaction_subject: row.subject }),
      ...(isFiltered(query) ? {} : { ending_balance: onWire({ currency, minor: row.endingMinor }) }),
      ...(row.invoiceId === undefined ? {} : { invoice_id: row.invoiceId }),
      ...(row.customField === undefined ? {} : { custom_field: row.customField }),
      protection_eligibility: '01',
    },
  }
}

/** "If you specify one or more optional query parameters, the ending_balance response field is empty." */
const isFiltered = (query: URLSearchParams): boolean =>
  ['transaction_id', 'transaction_type', 'transaction_status', 'transaction_currency'].some((name) => query.has(name))

/** This API writes the zone as `+0000`; its document asks for a colon or Z, and so does this. */
const zoned = instant

function pageLinks(world: PayPalWorld, query: URLSearchParams, { page, pages }: { page: number; pages: number }) {
  const at = (rel: string, number: number) => {
    const other = new URLSearchParams(query)
    other.set('page', String(number))
    return link(world, rel, `/v1/reporting/transactions?${other}`)
  }
  return [
    at('self', page),
    ...(page > 1 ? [at('first', 1), at('prev', page - 1)] : []),
    ...(page < pages ? [at('next', page + 1), at('last', pages)] : []),
  ]
}

/** The balances of an account, as its last transaction before an instant left them. */
export const getBalances = (world: PayPalWorld): Operation => ({
  name: 'getBalances',
  method: 'GET',
  path: '/v1/reporting/balances',
  handle(request) {
    const { query } = request
    const merchant = actingFor(world, request)
    const known = world.now() - world.settings.reportingDelayMs
    const asOf = query.has('as_of_time') ? Math.min(readInstant(query, 'as_of_time'), known) : known
    const wanted = query.get('currency_code')
    const totals = new Map([[merchant.primaryCurrency, 0n]])
    for (const { at, amount, endingMinor } of world.journal.of(merchant.merchantId)) {
      if (at <= asOf) totals.set(amount.currency, endingMinor)
    }
    const balances = [...totals]
      .filter(([currency]) => wanted === null || wanted === 'ALL' || wanted === currency)
      .map(([currency, minor]) => {
        const amount = { currency_code: currency, value: decimalText({ currency, minor }) }
        return { currency, primary: currency === merchant.primaryCurrency, total_balance: amount }
      })
    const body = {
      balances,
      account_id: merchant.merchantId,
      as_of_time: zoned(asOf),
      last_refresh_time: zoned(known),
    }
    return { status: 200, body }
  },
})
