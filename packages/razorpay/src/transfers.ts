import type { CallContext, CallOutcome, TransferCall, TransferHold } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { everyPage, findIn } from './every-page.js'
import { idOf } from './ids.js'
import { keyIn, notesOf } from './notes.js'
import { isNotFound } from './outcome.js'
import { fromWire, toWire } from './wire-money.js'

/** Moves money to a linked account (Route), out of a payment or out of the balance. */
export function createTransfers(client: RazorpayClient): CallKind<TransferCall> {
  return {
    async send(call, context) {
      const transfer = requestOf(call)
      if (call.payment === null) {
        const headers = { 'X-Transfer-Idempotency': call.key }
        return transferOutcome(await client.call(context, (sdk) => sdk.transfers.create(transfer), headers))
      }
      const id = idOf('payment', call.payment)
      const answer = await client.call(context, (sdk) => sdk.payments.transfer(id, { transfers: [transfer] }))
      const made = answer.items().find((each) => keyIn(each) === call.key)
      if (!made) throw new Error(`Razorpay did not tell which transfer was made of ${id}.`)
      return transferOutcome(made)
    },
    async ask(call, context) {
      const transfer = await findTransfer(client, call, context)
      return transfer === null ? { outcome: 'absent' } : transferOutcome(transfer)
    },
  }
}

function requestOf(call: TransferCall) {
  const { amount, destination, hold } = call
  return {
    account: idOf('linkedAccount', destination),
    amount: toWire(amount),
    currency: amount.currency,
    notes: notesOf(call),
    ...holdOf(hold),
  }
}

/** Whole seconds, not before the instant that was asked for. */
function holdOf(hold: TransferHold) {
  if (hold === 'none') return { on_hold: false }
  return hold === 'indefinite' ? { on_hold: true } : { on_hold: true, on_hold_until: Math.ceil(hold.until / 1000) }
}

async function findTransfer(client: RazorpayClient, call: TransferCall, context: CallContext): Promise<Answer | null> {
  const { reference, payment, key } = call
  if (reference !== null) return fetchTransfer(client, reference, context)
  const isOurs = (transfer: Answer) => keyIn(transfer) === key
  if (payment === null) return findIn(transfersSince(client, call, context), isOurs)
  const id = idOf('payment', payment)
  try {
    const transfers = await client.call(context, (sdk) => sdk.payments.fetchTransfer(id))
    return transfers.items().find(isOurs) ?? null
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

const CLOCK_DIFFERENCE_S = 600

/** What was transferred since a call was first sent, by either clock. */
function transfersSince(client: RazorpayClient, { firstSentAt }: TransferCall, context: CallContext) {
  const from = Math.max(1, Math.floor((firstSentAt ?? context.now()) / 1000) - CLOCK_DIFFERENCE_S)
  return everyPage((page) => client.call(context, (sdk) => sdk.transfers.all({ from, ...page })))
}

/** Null where there is no transfer by that id. */
export async function fetchTransfer(
  client: RazorpayClient,
  reference: string,
  context: CallContext,
): Promise<Answer | null> {
  const id = idOf('transfer', reference)
  try {
    return await client.call(context, (sdk) => sdk.transfers.fetch(id))
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** What was reversed later had been processed before. Transfers made before Razorpay told a status have a time only. */
function transferOutcome(transfer: Answer): CallOutcome {
  const reference = transfer.text('id')
  const at = transfer.optionalAt('processed_at')
  const status = transfer.optionalText('status') ?? (at === null ? 'pending' : 'processed')
  switch (status) {
    case 'created':
    case 'pending':
      return { outcome: 'accepted', reference }
    case 'processed':
    case 'partially_reversed':
    case 'reversed': {
      const fee = feeOf(transfer)
      return { outcome: 'processed', reference, ...(at === null ? {} : { at }), ...(fee === null ? {} : { fee }) }
    }
    case 'failed': {
      const error = transfer.part('error')
      const reason = error.optionalText('description') ?? error.optionalText('reason') ?? `${reference} failed`
      return { outcome: 'refused', code: error.optionalText('code') ?? 'transfer_failed', reason }
    }
    default:
      throw new Error(`Razorpay gave a transfer the status ${status}.`)
  }
}

/** The fee includes the tax on it. */
function feeOf(transfer: Answer) {
  const currency = transfer.text('currency')
  const fee = transfer.optionalInteger('fees') ?? 0n
  if (fee === 0n) return null
  return { fee: fromWire(fee, currency), tax: fromWire(transfer.optionalInteger('tax') ?? 0n, currency) }
}
