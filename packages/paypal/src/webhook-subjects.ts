import type { Subject } from 'escrow-ledger'
import { linkOf, listAt, textAt, valueAt } from './json-path.js'
import { orderOfCapture } from './payment.js'
import { idInLink, isResourceId } from './resource-id.js'

/** What an event says to look at. Ids that cannot be PayPal's are left out; nothing else of the event counts. */
export function subjectsOf({ type, body }: { readonly type: string | null; readonly body: unknown }): Subject[] {
  const resource = valueAt(body, 'resource')
  const found = readers.find(([prefix]) => type?.startsWith(prefix))?.[1](resource) ?? []
  return found.flatMap(({ kind, reference, key = null }) =>
    reference !== null && isResourceId(reference) ? [{ kind, reference, key }] : [],
  )
}

interface Found {
  readonly kind: Subject['kind']
  readonly reference: string | null
  readonly key?: string | null
}

type Reader = (resource: unknown) => readonly Found[]

const order: Reader = (resource) => [
  { kind: 'order', reference: textAt(resource, 'id'), key: textAt(resource, 'purchase_units', 0, 'custom_id') },
]

/** The order is looked at too: it knows when it is paid in full. */
const payment: Reader = (resource) => [
  { kind: 'payment', reference: textAt(resource, 'id'), key: textAt(resource, 'custom_id') },
  { kind: 'order', reference: orderOfCapture(resource), key: textAt(resource, 'custom_id') },
]

const authorization: Reader = (resource) => [
  { kind: 'order', reference: orderOfCapture(resource), key: textAt(resource, 'custom_id') },
]

/** The resource of `PAYMENT.CAPTURE.REFUNDED` is the refund: its payment is in a link only. */
const refund: Reader = (resource) => {
  const capture = idInLink(linkOf(resource, 'up'), 'captures')
  if (capture === null) return payment(resource)
  return [
    { kind: 'refund', reference: textAt(resource, 'id'), key: textAt(resource, 'custom_id') },
    { kind: 'payment', reference: capture },
  ]
}

/** What was taken for a dispute is told with the dispute; here it goes by a name that is no refund of a merchant's. */
const reversal: Reader = (resource) => {
  const capture = idInLink(linkOf(resource, 'up'), 'captures')
  return capture === null ? payment(resource) : [{ kind: 'payment', reference: capture }]
}

/** Payouts are known by their batch; which of them it is about, the key tells that we gave it. */
const payoutItem: Reader = (resource) => [
  {
    kind: 'payout',
    reference: textAt(resource, 'payout_batch_id'),
    key: textAt(resource, 'payout_item', 'sender_item_id') ?? textAt(resource, 'sender_batch_id'),
  },
]

const payoutBatch: Reader = (resource) => [
  {
    kind: 'payout',
    reference: textAt(resource, 'batch_header', 'payout_batch_id'),
    key: textAt(resource, 'batch_header', 'sender_batch_header', 'sender_batch_id'),
  },
]

const dispute: Reader = (resource) => [
  { kind: 'dispute', reference: textAt(resource, 'dispute_id') },
  ...listAt(resource, 'disputed_transactions').map(
    (each): Found => ({ kind: 'payment', reference: textAt(each, 'seller_transaction_id') }),
  ),
]

const payee: Reader = (resource) => [{ kind: 'payee', reference: textAt(resource, 'merchant_id') }]

/** What is disbursed to a seller of a payment: its transfer is called as the payment is. */
const disbursement: Reader = (resource) => [{ kind: 'transfer', reference: textAt(resource, 'reference_id') }]

/** By the beginning of the event's type; the first that fits counts. */
const readers: readonly (readonly [prefix: string, reader: Reader])[] = [
  ['CHECKOUT.ORDER.', order],
  ['CHECKOUT.PAYMENT-APPROVAL.REVERSED', (resource) => [{ kind: 'order', reference: textAt(resource, 'order_id') }]],
  ['PAYMENT.CAPTURE.REFUNDED', refund],
  ['PAYMENT.CAPTURE.REVERSED', reversal],
  ['PAYMENT.CAPTURE.', payment],
  ['PAYMENT.REFUND.', refund],
  ['PAYMENT.AUTHORIZATION.', authorization],
  ['PAYMENT.PAYOUTS-ITEM.', payoutItem],
  ['PAYMENT.PAYOUTSBATCH.', payoutBatch],
  ['PAYMENT.REFERENCED-PAYOUT-ITEM.', disbursement],
  ['CUSTOMER.DISPUTE.', dispute],
  ['MERCHANT.', payee],
]
