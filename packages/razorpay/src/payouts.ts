import type { CallContext, CallOutcome, PayoutCall, RefundCall } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { CallKind } from './call-kind.js'
import type { RazorpayClient } from './client.js'
import { idOf } from './ids.js'
import { keyIn, notesOf } from './notes.js'
import type { RazorpayPayoutOptions } from './options.js'
import { isNotFound } from './outcome.js'
import type { ModeOf } from './payout-mode.js'
import { fromWire, toWire } from './wire-money.js'

/** Pays from the account at RazorpayX to a fund account. The SDK has no method for it. */
export function createPayouts(
  client: RazorpayClient,
  options: RazorpayPayoutOptions,
  modeOf: ModeOf,
): CallKind<PayoutCall | RefundCall> {
  return {
    async send(call, context) {
      const { amount, key } = call
      const fundAccount = idOf('fundAccount', call.destination)
      const body = {
        account_number: options.accountNumber,
        fund_account_id: fundAccount,
        amount: toWire(amount),
        currency: amount.currency,
        mode: await modeOf(call, { fundAccount, context }),
        purpose: options.purpose ?? (call.kind === 'refund' ? 'refund' : 'payout'),
        queue_if_low_balance: options.queueIfLowBalance ?? true,
        reference_id: key,
        ...(options.narration === undefined ? {} : { narration: options.narration }),
        notes: notesOf(call),
      }
      const headers = { 'X-Payout-Idempotency': key }
      return payoutOutcome(await client.request(context, { method: 'POST', path: '/v1/payouts', body, headers }))
    },
    async ask(call, context) {
      const payout = await findPayout(client, { call, accountNumber: options.accountNumber }, context)
      return payout === null ? { outcome: 'absent' } : payoutOutcome(payout)
    },
  }
}

async function findPayout(
  client: RazorpayClient,
  { call, accountNumber }: { readonly call: PayoutCall | RefundCall; readonly accountNumber: string },
  context: CallContext,
): Promise<Answer | null> {
  const { reference, key } = call
  if (reference !== null) {
    try {
      return await client.request(context, { method: 'GET', path: `/v1/payouts/${idOf('payout', reference)}` })
    } catch (error) {
      if (isNotFound(error)) return null
      throw error
    }
  }
  const query = { account_number: accountNumber, reference_id: key }
  const payouts = (await client.request(context, { method: 'GET', path: '/v1/payouts', query })).items()
  return payouts.find((payout) => payout.optionalText('reference_id') === key || keyIn(payout) === key) ?? null
}

/** The states of RazorpayX; after `processed` only `reversed` can follow, and the fee is kept then. */
function payoutOutcome(payout: Answer): CallOutcome {
  const reference = payout.text('id')
  const status = payout.text('status')
  switch (status) {
    case 'pending':
    case 'queued':
    case 'scheduled':
    case 'processing':
      return { outcome: 'accepted', reference }
    case 'processed': {
      const fee = feeOf(payout)
      return { outcome: 'processed', reference, ...(fee === null ? {} : { fee }) }
    }
    case 'reversed':
      return { outcome: 'reversed', reference, reason: reasonOf(payout) }
    case 'cancelled':
    case 'rejected':
    case 'failed':
      return { outcome: 'refused', code: codeOf(payout) ?? `payout_${status}`, reason: reasonOf(payout) }
    default:
      throw new Error(`Razorpay gave a payout the status ${status}.`)
  }
}

const codeOf = (payout: Answer): string | null => payout.part('status_details').optionalText('reason')

const reasonOf = (payout: Answer): string =>
  payout.part('status_details').optionalText('description') ??
  payout.optionalText('failure_reason') ??
  `${payout.text('id')} was ${payout.text('status')}`

function feeOf(payout: Answer) {
  const currency = payout.text('currency')
  const fee = payout.optionalInteger('fees') ?? 0n
  if (fee === 0n) return null
  return { fee: fromWire(fee, currency), tax: fromWire(payout.optionalInteger('tax') ?? 0n, currency) }
}
