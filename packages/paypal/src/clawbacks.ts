import { PaymentsController } from '@paypal/paypal-server-sdk'
import { type CallContext, type Gateway, type GatewayClawback, zero } from 'escrow-ledger'
import { isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { clawbackOfDispute, isToldByOutcome, paymentOfDispute } from './dispute-movements.js'
import { fetchDispute, listDisputes } from './disputes.js'
import { instantAt, linkOf, requiredText, textAt } from './json-path.js'
import { unexpected } from './outcome.js'
import type { Partner } from './partner.js'
import { refundsOf } from './payments.js'
import { idInLink, isResourceId, resourceId } from './resource-id.js'
import { sellerPartOfRefund } from './seller-part.js'
import { searchTransactions } from './transaction-search.js'
import { requiredMoney } from './wire-money.js'

type Clawbacks = Required<Gateway>['clawbacks'] & object

/** Refunds, whoever made them, and disputes. PayPal lists no refunds, so they are looked for among its transactions. */
export const createClawbacks = (api: PayPalApi): Clawbacks => ({
  async fetch({ kind, reference }, context) {
    if (kind === 'refund') return fetchRefund(api, reference, context)
    const dispute = await fetchDispute(api, reference, context)
    if (dispute === null) return null
    const refunds = isToldByOutcome(dispute) ? await refundsOf(api, paymentOfDispute(dispute), context) : []
    return clawbackOfDispute(dispute, { refunds, partner: api.partner })
  },
  async *list(range, context) {
    for await (const info of searchTransactions(api, range, context, { transactionType: REFUND })) {
      const reference = textAt(info, 'transaction_id')
      const isOne = textAt(info, 'transaction_event_code') === REFUND
      if (isOne && reference !== null && isResourceId(reference)) yield { kind: 'refund', reference, key: null }
    }
    for await (const { reference } of listDisputes(api, { changedAfter: range.from }, context)) {
      yield { kind: 'dispute', reference, key: null }
    }
  },
})

/** PayPal's event code of a refund that a merchant made. */
const REFUND = 'T1107'

async function fetchRefund(api: PayPalApi, reference: string, context: CallContext): Promise<GatewayClawback | null> {
  const refundId = resourceId(reference, 'reference')
  const answer = await api.call(context, (client, options) =>
    new PaymentsController(client).getRefund({ refundId }, options),
  )
  if (answer.status === 404) return null
  if (!isSuccess(answer)) throw unexpected(answer)
  return clawbackOfRefund(answer.body, api.partner)
}

const states: Readonly<Record<string, 'done' | 'under way' | 'nothing'>> = {
  COMPLETED: 'done',
  PENDING: 'under way',
  FAILED: 'nothing',
  CANCELLED: 'nothing',
}

function clawbackOfRefund(refund: unknown, partner: Partner | null): GatewayClawback {
  const reference = requiredText(refund, 'id')
  const payment = idInLink(linkOf(refund, 'up'), 'captures')
  const state = states[requiredText(refund, 'status')]
  const at = instantAt(refund, 'update_time') ?? instantAt(refund, 'create_time')
  if (payment === null || state === undefined || at === undefined) {
    throw new Error(`PayPal does not tell what refund ${reference} is of, how it stands, or when it was made`)
  }
  const amount = requiredMoney(refund, 'amount')
  return {
    kind: 'refund',
    reference,
    payment,
    key: textAt(refund, 'custom_id') ?? textAt(refund, 'invoice_id'),
    taken: state === 'done' ? amount : zero(amount.currency),
    final: state !== 'under way',
    fee: null,
    ...(state === 'done' ? { payeePart: sellerPartOfRefund(refund, partner) } : {}),
    at,
  }
}
