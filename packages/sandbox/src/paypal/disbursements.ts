import type { Operation } from '../http/operation.js'
import { disburse, disbursementOnWire } from './disbursement.js'
import { readFields } from './fields.js'
import type { PayPalWorld } from './paypal-world.js'
import { notFound, Refusal } from './refusal.js'
import { DAY_MS } from './settings.js'

/** Keys are kept for three days. */
const KEY_MS = 3 * DAY_MS

/** The referenced payouts with which a platform has held money disbursed. */
export const disbursementOperations = (world: PayPalWorld): Operation[] => [
  {
    name: 'createReferencedPayoutItem',
    method: 'POST',
    path: '/v1/payments/referenced-payouts-items',
    handle: (request) =>
      world.keys.once(request, { operation: 'createReferencedPayoutItem', keptMs: KEY_MS }, () => {
        const fields = readFields(request.json())
        const captureId = fields.requiredText('reference_id')
        fields.requiredText('reference_type', { oneOf: ['TRANSACTION_ID'] })
        const capture = world.captures.get(captureId)
        if (capture === undefined) throw refused('TRANSACTION_NOT_FOUND', 'The reference transaction was not found.')
        if (capture.status === 'PENDING') throw refused('TRANSACTION_PENDING', 'The reference transaction is pending.')
        if (capture.disbursementMode === 'INSTANT')
          throw refused('DISBURSEMENT_NOT_DELAYED', 'The reference transaction was disbursed when it was made.')
        if (capture.heldMinor === 0n)
          throw refused('ALREADY_DISBURSED', 'No funds are held for the reference transaction.')
        if (capture.disputeId !== undefined)
          throw refused('TRANSACTION_DISPUTED', 'The reference transaction is disputed.')
        const disbursement = disburse(world, capture)
        const first = { status: 201, body: disbursementOnWire(world, disbursement) }
        return { first, answerAgain: () => ({ ...first, status: 200 }) }
      }),
  },
  {
    name: 'getReferencedPayoutItem',
    method: 'GET',
    path: '/v1/payments/referenced-payouts-items/:id',
    handle({ params }) {
      const disbursement = world.disbursements.get(params.id ?? '')
      if (disbursement === undefined) throw notFound()
      return { status: 200, body: disbursementOnWire(world, disbursement) }
    },
  },
]

/** The documents name this API's errors in general only, so the issues are this server's own. */
const refused = (issue: string, description: string) =>
  new Refusal(422, 'UNPROCESSABLE_ENTITY', 'The requested action could not be performed.', [
    { field: '/reference_id', location: 'body', issue, description },
  ])
