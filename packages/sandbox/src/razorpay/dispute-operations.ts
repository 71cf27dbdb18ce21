import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { disputeEntity, proofs } from './dispute-entity.js'
import { loseDispute, tellDispute } from './disputes.js'
import { readBody, readOptionalAmount, readOptionalText } from './fields.js'
import type { Dispute } from './records.js'
import { badRequest } from './refusal.js'
import { toSubunits } from './subunits.js'

export const disputeOperations = (desk: Desk): Operation[] => [
  {
    name: 'listDisputes',
    method: 'GET',
    path: '/v1/disputes',
    handle: (request) => answerCollection(request, desk.store.disputes.all(), disputeEntity),
  },
  {
    name: 'fetchDispute',
    method: 'GET',
    path: '/v1/disputes/:id',
    handle: ({ params }) => ({ status: 200, body: disputeEntity(desk.store.disputes.get(params.id ?? '')) }),
  },
  {
    name: 'acceptDispute',
    method: 'POST',
    path: '/v1/disputes/:id/accept',
    handle(request) {
      readBody(request, [])
      const dispute = answerable(desk, request)
      loseDispute(desk, dispute.id)
      return { status: 200, body: disputeEntity(dispute) }
    },
  },
  {
    name: 'contestDispute',
    method: 'PATCH',
    path: '/v1/disputes/:id/contest',
    handle: (request) => contest(desk, request),
  },
]

function answerable({ store }: Desk, { params }: SandboxRequest): Dispute {
  const dispute = store.disputes.get(params.id ?? '')
  if (dispute.status === 'open') return dispute
  throw badRequest(`Action not allowed when dispute is in ${dispute.status} status.`)
}

/** Keeps evidence as a draft, or submits it for review. */
function contest(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const dispute = answerable(desk, request)
  const { action = 'draft', ...given } = readBody(request, ['amount', 'summary', 'action', ...proofs])
  if (action !== 'draft' && action !== 'submit')
    throw badRequest('The selected action is invalid.', { field: 'action' })
  const amountMinor = readOptionalAmount(given)
  if (amountMinor !== undefined && amountMinor > dispute.amountMinor) {
    throw badRequest('The amount may not be greater than the amount of the dispute.', { field: 'amount' })
  }
  readOptionalText(given, 'summary', { most: 1000 })
  const evidence = {
    ...dispute.evidence,
    ...given,
    ...(amountMinor === undefined ? {} : { amount: toSubunits(amountMinor) }),
  }
  const hasProof = proofs.some((proof) => (evidence as Record<string, unknown>)[proof] !== undefined)
  if (action === 'submit' && !hasProof) throw badRequest('At least one evidence document must be provided')
  dispute.evidence = evidence
  if (action === 'submit') {
    Object.assign(dispute, { status: 'under_review', submittedAt: desk.seconds() })
    tellDispute(desk, 'under_review', dispute)
  }
  return { status: 200, body: disputeEntity(dispute) }
}
