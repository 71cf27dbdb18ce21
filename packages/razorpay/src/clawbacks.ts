import { type CallContext, type Gateway, type GatewayClawback, zero } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { createDisputes, type RazorpayDispute } from './disputes.js'
import { everyPage } from './every-page.js'
import { idOf } from './ids.js'
import { keyIn } from './notes.js'
import { isNotFound } from './outcome.js'
import { fromWire } from './wire-money.js'

type Clawbacks = Required<Gateway>['clawbacks'] & object

/** Refunds, whoever made them, and disputes. */
export function createClawbacks(client: RazorpayClient): Clawbacks {
  const disputes = createDisputes(client)
  return {
    async fetch({ kind, reference }, context) {
      if (kind === 'refund') return fetchRefund(client, reference, context)
      const dispute = await disputes.fetch(reference, context)
      return dispute && clawbackOfDispute(dispute)
    },
    async *list({ from, through }, context) {
      const range = { from: Math.floor(from / 1000), to: Math.ceil(through / 1000) }
      const refunds = everyPage((page) => client.call(context, (sdk) => sdk.refunds.all({ ...range, ...page })))
      for await (const refund of refunds) {
        yield { kind: 'refund', reference: refund.text('id'), key: keyOf(refund) }
      }
      // Newest first, and without a filter by time.
      for await (const { reference, at } of disputes.list(context)) {
        if (at < from) return
        yield { kind: 'dispute', reference, key: null }
      }
    },
  }
}

/** The receipt first: notes can be edited. */
const keyOf = (refund: Answer): string | null => refund.optionalText('receipt') ?? keyIn(refund)

async function fetchRefund(
  client: RazorpayClient,
  reference: string,
  context: CallContext,
): Promise<GatewayClawback | null> {
  const id = idOf('refund', reference)
  try {
    return clawbackOfRefund(await client.call(context, (sdk) => sdk.refunds.fetch(id)))
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

const refundStates: Readonly<Record<string, 'done' | 'under way' | 'nothing'>> = {
  processed: 'done',
  pending: 'under way',
  failed: 'nothing',
}

function clawbackOfRefund(refund: Answer): GatewayClawback {
  const status = refund.text('status')
  const state = refundStates[status]
  if (state === undefined) throw new Error(`Razorpay gave a refund the status ${status}.`)
  const amount = fromWire(refund.integer('amount'), refund.text('currency'))
  return {
    kind: 'refund',
    reference: refund.text('id'),
    payment: refund.text('payment_id'),
    key: keyOf(refund),
    taken: state === 'done' ? amount : zero(amount.currency),
    final: state !== 'under way',
    fee: null,
    at: refund.at('created_at'),
  }
}

/** Razorpay takes the money of a dispute when it is lost, or holds it back before; of one that was won it gives that back. */
function clawbackOfDispute({ reference, payment, deducted, state, at }: RazorpayDispute): GatewayClawback {
  const isDone = state === 'lost' ? deducted.minor > 0n : ['won', 'closed'].includes(state) && deducted.minor === 0n
  return { kind: 'dispute', reference, payment, key: null, taken: deducted, final: isDone, fee: null, at }
}
