import type { PayeeAccount } from 'escrow-ledger'
import type { Answer } from './answer.js'

/** How far Razorpay is with a linked account: as its Route product says, whose activation is what transfers wait for. */
export function accountOf(account: Answer, product: Answer | null): PayeeAccount {
  return {
    reference: account.text('id'),
    state: account.optionalText('status') === 'suspended' ? 'refused' : product ? stateOf(product) : 'created',
    missing: product ? product.list('requirements').map(requirementOf) : [],
    actionUrl: null,
  }
}

function stateOf(product: Answer): PayeeAccount['state'] {
  const status = product.text('activation_status')
  switch (status) {
    case 'requested':
      return 'created'
    case 'needs_clarification':
      return 'needs_details'
    case 'under_review':
      return 'under_review'
    case 'activated':
      return 'active'
    case 'rejected':
    case 'suspended':
      return 'refused'
    default:
      throw new Error(`Razorpay gave a product the status ${status}.`)
  }
}

/** `settlements.ifsc_code: field_missing` */
function requirementOf(requirement: Answer): string {
  const reason = requirement.optionalText('reason_code')
  return [requirement.text('field_reference'), ...(reason === null ? [] : [reason])].join(': ')
}
