import type { LoggedExchange } from '@escrow-ledger/sandbox'
import { kindOf, sample } from './razorpay-samples.js'

/** The samples of what Razorpay makes of a request: answers, in which what was sent comes back under its own name. */
const samplesOf: Readonly<Record<string, readonly string[]>> = {
  createOrder: ['create-order', 'create-an-order-magic-checkout'],
  capturePayment: ['capture-payment'],
  createRefund: ['create-a-normal-refund', 'create-an-instant-refund'],
  createPaymentTransfers: ['create-transfers-from-payment'],
  createTransfer: ['direct-transfers'],
  updateTransfer: ['fetch-transfer'],
  createReversal: ['reversals_collection'],
  createAccount: ['create-an-account'],
  updateAccount: ['edit-account'],
  requestProduct: ['request-a-product-configuration'],
  createPayout: ['fake_payout'],
}

/** Requests of which there is no sample, with the reason. */
const withoutSample: Readonly<Record<string, string>> = {
  createContact: 'The samples of the Node SDK leave RazorpayX out, and those of the Go SDK have no contact.',
  createFundAccount: 'The samples are of accounts of customers, not of contacts of RazorpayX.',
}

interface Exception {
  readonly operation: string
  /** The path of what is sent, without places in lists. */
  readonly sent: string
  /** Its name in the sample; null where it does not come back. */
  readonly sample: string | null
  readonly reason: string
}

const exceptions: readonly Exception[] = [
  ...[
    { operation: 'createOrder', sent: 'payment_capture' },
    { operation: 'createPayout', sent: 'account_number' },
    { operation: 'createPayout', sent: 'queue_if_low_balance' },
    { operation: 'requestProduct', sent: 'tnc_accepted' },
  ].map((each) => ({ ...each, sample: null, reason: 'It says what to do, and is no part of what is made.' })),
  ...[
    { operation: 'createRefund', sent: 'speed', sample: 'speed_requested' },
    { operation: 'createPaymentTransfers', sent: 'transfers', sample: 'items' },
    { operation: 'createPaymentTransfers', sent: 'transfers.account', sample: 'recipient' },
    { operation: 'createTransfer', sent: 'account', sample: 'recipient' },
  ].map((each) => ({ ...each, reason: 'It comes back under another name.' })),
  {
    operation: 'createAccount',
    sent: 'contact_name',
    sample: null,
    reason: 'The sample is of an account that is not linked; linked ones have a contact.',
  },
]

/**
 * What is wrong, by Razorpay's samples, with the body of a request: a field that no sample of its operation has, or has
 * with another JSON type. Null for a request without a body, or of which there is no sample.
 */
export function checkRazorpayRequest({ operation = '', body }: LoggedExchange): string[] | null {
  if (body === '' || operation in withoutSample) return null
  const names = samplesOf[operation]
  if (names === undefined) return [`there is no sample of ${operation}, and no reason why`]
  const isList = operation === 'createPaymentTransfers'
  const samples = names.map((name) => (isList ? sample(name) : onlyItem(sample(name))))
  return checkFields({ operation, sent: JSON.parse(body), samples })
}

interface Held {
  readonly operation: string
  readonly sent: Readonly<Record<string, unknown>>
  readonly samples: readonly unknown[]
  readonly at?: string
}

function checkFields({ operation, sent, samples, at = '' }: Held): string[] {
  return Object.entries(sent).flatMap(([name, value]) => {
    const path = `${at}${name}`
    const exception = exceptions.find((each) => each.operation === operation && each.sent === path)
    if (exception?.sample === null) return []
    const known = samples.map((each) => fieldOf(each, exception?.sample ?? name)).filter((each) => each !== undefined)
    if (known.length === 0) return [`${path} is in no sample of ${operation}`]
    // Free text by free names; where there is none, the samples have an empty list.
    if (name === 'notes') return kindOf(value) === 'object' ? [] : [`${path} is ${kindOf(value)}`]
    const kinds = known.map(kindOf).filter((kind) => kind !== 'null')
    if (kinds.length > 0 && !kinds.includes(kindOf(value))) {
      return [`${path} is ${kindOf(value)}, and ${kinds.join(' or ')} in the samples of ${operation}`]
    }
    const within = { operation, at: `${path}.` }
    return partsOf(value).flatMap((part) => checkFields({ ...within, sent: part, samples: known.flatMap(partsOf) }))
  })
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => kindOf(value) === 'object'

const fieldOf = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined)

/** The objects right below a value: itself, or the items of a list. */
const partsOf = (value: unknown) => (Array.isArray(value) ? value : [value]).filter(isObject)

/** Lists of one thing stand for the thing. */
const onlyItem = (value: Readonly<Record<string, unknown>>): unknown =>
  value.entity === 'collection' ? (value.items as readonly unknown[])[0] : value
