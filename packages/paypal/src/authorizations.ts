import { PaymentsController } from '@paypal/paypal-server-sdk'
import type { CallContext } from 'escrow-ledger'
import { hasIssue, isSuccess } from './answer.js'
import type { PayPalApi } from './api.js'
import { unexpected } from './outcome.js'
import { resourceId } from './resource-id.js'

/**
 * Lets go of what a payer has authorised, so that it cannot be captured any more. One that was voided before is so still.
 * Throws where PayPal does not do it, as for one that was captured.
 */
export async function voidAuthorization(api: PayPalApi, reference: string, context: CallContext): Promise<void> {
  const authorizationId = resourceId(reference, 'authorization')
  const answer = await api.call(context, (client, options) =>
    new PaymentsController(client).voidPayment({ authorizationId }, options),
  )
  if (!isSuccess(answer) && !hasIssue(answer, 'PREVIOUSLY_VOIDED')) throw unexpected(answer)
}
