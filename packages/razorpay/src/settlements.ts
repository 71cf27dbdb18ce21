import { type CallContext, type Gateway, type GatewaySettlement, zero } from 'escrow-ledger'
import type { Answer } from './answer.js'
import type { RazorpayClient } from './client.js'
import { everyPage, findIn } from './every-page.js'
import { idOf } from './ids.js'
import { isNotFound } from './outcome.js'
import { settlementLines } from './settlement-lines.js'
import { fromWire } from './wire-money.js'

interface Range {
  readonly from: number
  readonly through: number
}

/** What Razorpay sends from its balance to our bank. */
export function createSettlements(client: RazorpayClient): NonNullable<Gateway['settlements']> {
  const within = ({ from, through }: Range, context: CallContext) =>
    everyPage((page) =>
      client.call(context, (sdk) =>
        sdk.settlements.all({ from: Math.max(1, Math.ceil(from / 1000)), to: Math.floor(through / 1000), ...page }),
      ),
    )

  return {
    /** Null also for one of a linked account, which a webhook may name: it is not in the list of our own. */
    async fetch(reference, context) {
      const id = idOf('settlement', reference)
      try {
        const at = (await client.call(context, (sdk) => sdk.settlements.fetch(id))).at('created_at')
        const own = await findIn(within({ from: at, through: at }, context), (each) => each.text('id') === id)
        return own && settlementOf(own)
      } catch (error) {
        if (isNotFound(error)) return null
        throw error
      }
    },
    async *list(range, context) {
      for await (const settlement of within(range, context)) yield settlementOf(settlement)
    },
    lines: (range, context) => settlementLines(client, range, context),
  }
}

const CURRENCY = 'INR'

/** The amount is what arrives: `fees` and `tax` are the sums of what was taken from the payments in it before. */
function settlementOf(settlement: Answer): GatewaySettlement {
  const currency = settlement.optionalText('currency') ?? CURRENCY
  const status = settlement.text('status')
  if (status !== 'created' && status !== 'processed' && status !== 'failed') {
    throw new Error(`Razorpay gave a settlement the status ${status}.`)
  }
  return {
    reference: settlement.text('id'),
    state: status,
    amount: fromWire(settlement.integer('amount'), currency),
    fee: zero(currency),
    tax: zero(currency),
    utr: settlement.optionalText('utr'),
    at: settlement.at('created_at'),
  }
}
