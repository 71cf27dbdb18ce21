import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { type Json, notesEntity, readBody, readFlag, readNotes, readOptionalText, readText } from './fields.js'
import type { Contact } from './records.js'

const fields = ['name', 'email', 'contact', 'type', 'reference_id', 'notes']

export const contactOperations = (desk: Desk): Operation[] => [
  { name: 'createContact', method: 'POST', path: '/v1/contacts', handle: (request) => createContact(desk, request) },
  {
    name: 'listContacts',
    method: 'GET',
    path: '/v1/contacts',
    handle(request) {
      const wanted = (['name', 'email', 'contact', 'reference_id', 'type'] as const).flatMap((field) => {
        const value = request.query.get(field)
        return value ? [[field, value] as const] : []
      })
      const matching = desk.store.contacts.where((contact) => {
        const entity = contactEntity(contact)
        return wanted.every(([field, value]) => entity[field] === value)
      })
      return answerCollection(request, matching, contactEntity)
    },
  },
  {
    name: 'fetchContact',
    method: 'GET',
    path: '/v1/contacts/:id',
    handle: ({ params }) => ({ status: 200, body: contactEntity(desk.store.contacts.get(params.id ?? '')) }),
  },
  {
    name: 'updateContact',
    method: 'PATCH',
    path: '/v1/contacts/:id',
    handle(request) {
      const contact = desk.store.contacts.get(request.params.id ?? '')
      const body = readBody(request, [...fields, 'active'])
      const active = readFlag(body, 'active') ?? contact.active
      Object.assign(contact, { ...readDetails({ ...contactEntity(contact), ...body }), active })
      return { status: 200, body: contactEntity(contact) }
    },
  },
]

/** The same contact again is the one that there is, with status 200. */
function createContact({ store, newId, seconds }: Desk, request: SandboxRequest): SandboxAnswer {
  const details = readDetails(readBody(request, fields))
  const same = store.contacts.where((each) =>
    (['name', 'email', 'contact', 'type', 'referenceId'] as const).every((field) => each[field] === details[field]),
  )
  if (same[0]) return { status: 200, body: contactEntity(same[0]) }
  const contact = store.contacts.add({ id: newId('contacts'), createdAt: seconds(), ...details, active: true })
  return { status: 201, body: contactEntity(contact) }
}

const readDetails = (body: Json) => ({
  name: readText(body, 'name', { least: 3, most: 50 }),
  email: readOptionalText(body, 'email') ?? null,
  contact: readOptionalText(body, 'contact', { most: 15 }) ?? null,
  type: readOptionalText(body, 'type', { most: 40 }) ?? null,
  referenceId: readOptionalText(body, 'reference_id', { most: 40 }) ?? null,
  notes: readNotes(body),
})

const contactEntity = (contact: Contact) => ({
  id: contact.id,
  entity: 'contact',
  name: contact.name,
  contact: contact.contact,
  email: contact.email,
  type: contact.type,
  reference_id: contact.referenceId,
  batch_id: null,
  active: contact.active,
  notes: notesEntity(contact.notes),
  created_at: contact.createdAt,
})
