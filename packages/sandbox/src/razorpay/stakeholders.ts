import type { Operation, SandboxRequest } from '../http/operation.js'
import { collection } from './collection.js'
import type { Desk } from './desk.js'
import { type Json, notesEntity, readBody, readNotes, readText } from './fields.js'
import { reviewProducts } from './products.js'
import type { Stakeholder } from './records.js'
import { noSuchId } from './refusal.js'

const fields = ['name', 'email', 'percentage_ownership', 'relationship', 'phone', 'addresses', 'kyc', 'notes']

export const stakeholderOperations = (desk: Desk): Operation[] => [
  {
    name: 'createStakeholder',
    method: 'POST',
    path: '/v2/accounts/:account/stakeholders',
    handle(request) {
      const account = desk.store.accounts.get(request.params.account ?? '')
      const { notes, ...details } = readBody(request, fields)
      readText(details, 'name', { most: 255 })
      readText(details, 'email')
      const stakeholder = desk.store.stakeholders.add({
        ...{ id: desk.newId('stakeholders'), createdAt: desk.seconds(), notes: readNotes({ notes }) },
        ...{ accountId: account.id, details },
      })
      reviewProducts(desk, account.id)
      return { status: 200, body: stakeholderEntity(stakeholder) }
    },
  },
  {
    name: 'listStakeholders',
    method: 'GET',
    path: '/v2/accounts/:account/stakeholders',
    handle({ params }) {
      const { id } = desk.store.accounts.get(params.account ?? '')
      const matching = desk.store.stakeholders.where(({ accountId }) => accountId === id)
      return { status: 200, body: collection(matching.map(stakeholderEntity)) }
    },
  },
  {
    name: 'fetchStakeholder',
    method: 'GET',
    path: '/v2/accounts/:account/stakeholders/:id',
    handle: (request) => ({ status: 200, body: stakeholderEntity(find(desk, request)) }),
  },
  {
    name: 'updateStakeholder',
    method: 'PATCH',
    path: '/v2/accounts/:account/stakeholders/:id',
    handle(request) {
      const stakeholder = find(desk, request)
      const { notes, ...details } = readBody(request, fields)
      if (notes !== undefined) stakeholder.notes = readNotes({ notes })
      stakeholder.details = { ...stakeholder.details, ...details }
      reviewProducts(desk, stakeholder.accountId)
      return { status: 200, body: stakeholderEntity(stakeholder) }
    },
  },
]

function find({ store }: Desk, { params }: SandboxRequest): Stakeholder {
  const account = store.accounts.get(params.account ?? '')
  const stakeholder = store.stakeholders.get(params.id ?? '')
  if (stakeholder.accountId !== account.id) throw noSuchId()
  return stakeholder
}

const stakeholderEntity = ({ id, notes, details }: Stakeholder): Json => ({
  id,
  entity: 'stakeholder',
  relationship: {},
  phone: {},
  kyc: {},
  ...details,
  notes: notesEntity(notes),
})
