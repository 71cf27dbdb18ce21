import type { LoggedExchange } from '@escrow-ledger/sandbox'

interface Deviation {
  readonly operation: string
  readonly said: string
  readonly fault: RegExp
  readonly reason: string
}

/** A token that is not good any more is answered in the words of OAuth, before the request gets to the API that it is for. */
const withoutToken = ['createPayout', 'getPayout'].map((operation) => ({
  operation,
  said: '"error":"invalid_token"',
  fault: /^answer 401 /,
  reason:
    'Whatever lets requests in at PayPal answers these, in its own form; the documents describe what lies behind it.',
}))

/** Where PayPal does what its documents do not say, and so does the sandbox. */
const deviations: readonly Deviation[] = [
  ...withoutToken,
  {
    operation: 'captureOrder',
    said: 'ACTION_DOES_NOT_MATCH_INTENT',
    fault: /^answer 422 \/details\/0 must match a schema in anyOf/,
    reason: 'The issue is documented for authorizing an order, and is the same the other way round.',
  },
  {
    operation: 'createPayout',
    said: 'Batch with given sender_batch_id already exists',
    fault: /^answer 400 \/details\/0\/link is not declared$/,
    reason:
      'The text says that the error links to the first batch; the schema has no place for the link that PayPal sends.',
  },
]

export const isDeviation = ({ operation, answer }: LoggedExchange, fault: string): boolean =>
  deviations.some((each) => each.operation === operation && answer?.body.includes(each.said) && each.fault.test(fault))
