import {
  add,
  type CallContext,
  fromMinor,
  type GatewaySettlement,
  type Money,
  type SettlementLine,
  zero,
} from 'escrow-ledger'
import type { PayPalApi } from './api.js'
import { instantAt, requiredText, textAt } from './json-path.js'
import { resourceId } from './resource-id.js'
import { isAboutAnother, kindOfTransaction } from './transaction-kind.js'
import { searchTransactions, type TimeRange } from './transaction-search.js'
import { moneyAt, requiredMoney } from './wire-money.js'

/** How far back a settlement is looked for by its id alone. */
const LOOKED_BACK_MS = 93 * 86_400_000

/** What went into and out of the balance. Transactions that were denied moved nothing. */
export async function* settlementLines(
  api: PayPalApi,
  range: TimeRange,
  context: CallContext,
): AsyncGenerator<SettlementLine> {
  for await (const info of searchTransactions(api, range, context)) {
    if (textAt(info, 'transaction_status') !== 'D') yield lineOf(info)
  }
}

function lineOf(info: unknown): SettlementLine {
  const amount = requiredMoney(info, 'transaction_amount')
  const none = zero(amount.currency)
  // PayPal writes a fee below zero: it is on top of the amount.
  const fee = moneyAt(info, 'fee_amount') ?? none
  const kind = kindOfTransaction(requiredText(info, 'transaction_event_code'), amount.minor < 0n)
  const own = requiredText(info, 'transaction_id')
  const about = textAt(info, 'paypal_reference_id')
  return {
    kind,
    reference: isAboutAnother(kind) && about !== null ? about : own,
    net: add(amount, fee),
    fee: negated(fee),
    tax: none,
    settlement: kind === 'settlement' ? own : null,
    utr: textAt(info, 'bank_reference_id'),
    at: timeOf(info),
  }
}

const negated = ({ minor, currency }: Money): Money => fromMinor(-minor, currency)

/** PayPal settles by transfers to the bank, which are transactions among others. */
export async function* listSettlements(
  api: PayPalApi,
  range: TimeRange,
  context: CallContext,
): AsyncGenerator<GatewaySettlement> {
  for await (const info of searchTransactions(api, range, context)) {
    if (isSettlement(info)) yield settlementOf(info)
  }
}

/** Null where there is none by that id in the last 93 days, which is as far as it is looked for. */
export async function fetchSettlement(
  api: PayPalApi,
  reference: string,
  context: CallContext,
): Promise<GatewaySettlement | null> {
  const now = context.now()
  const range = { from: now - LOOKED_BACK_MS, through: now }
  const filter = { transactionId: resourceId(reference, 'reference') }
  for await (const info of searchTransactions(api, range, context, filter)) {
    if (isSettlement(info) && textAt(info, 'transaction_id') === reference) return settlementOf(info)
  }
  return null
}

const isSettlement = (info: unknown): boolean => textAt(info, 'transaction_event_code')?.startsWith('T04') ?? false

const states: Readonly<Record<string, GatewaySettlement['state']>> = {
  P: 'created',
  S: 'processed',
  D: 'failed',
  V: 'failed',
}

function settlementOf(info: unknown): GatewaySettlement {
  const reference = requiredText(info, 'transaction_id')
  const state = states[requiredText(info, 'transaction_status')]
  if (state === undefined) throw new Error(`the status of transaction ${reference} is not known`)
  const amount = negated(requiredMoney(info, 'transaction_amount'))
  const fee = moneyAt(info, 'fee_amount')
  const none = zero(amount.currency)
  const utr = textAt(info, 'bank_reference_id')
  return { reference, state, amount, fee: fee === null ? none : negated(fee), tax: none, utr, at: timeOf(info) }
}

function timeOf(info: unknown): number {
  const at = instantAt(info, 'transaction_initiation_date')
  if (at === undefined) throw new Error('the answer of PayPal has a transaction without a time')
  return at
}
