import type { Operation, SandboxRequest } from '../http/operation.js'
import { type Dispute, disputeInList, disputeOnWire, stateOf } from './dispute.js'
import { payBuyer } from './dispute-outcome.js'
import { tellDispute } from './open-dispute.js'
import { link, type PayPalWorld } from './paypal-world.js'
import { malformed, notFound, Refusal } from './refusal.js'

const path = '/v1/customer/disputes'

export const disputeOperations = (world: PayPalWorld): Operation[] => [
  {
    name: 'listDisputes',
    method: 'GET',
    path,
    handle: ({ query }) => ({ status: 200, body: listDisputes(world, query) }),
  },
  {
    name: 'getDispute',
    method: 'GET',
    path: `${path}/:id`,
    handle: ({ params }) => ({ status: 200, body: disputeOnWire(world, findDispute(world, params.id)) }),
  },
  {
    name: 'acceptClaim',
    method: 'POST',
    path: `${path}/:id/accept-claim`,
    handle({ params }) {
      const dispute = findOpen(world, params.id)
      payBuyer(world, dispute)
      return next(world, dispute)
    },
  },
  {
    name: 'provideEvidence',
    method: 'POST',
    path: `${path}/:id/provide-evidence`,
    handle(request) {
      const dispute = findOpen(world, request.params.id)
      dispute.evidences.push(...readEvidences(request).map((each) => ({ ...each, source: 'SUBMITTED_BY_SELLER' })))
      dispute.status = 'UNDER_REVIEW'
      dispute.updatedAt = world.now()
      tellDispute(world, dispute, 'UPDATED')
      return next(world, dispute)
    },
  },
]

const next = (world: PayPalWorld, { id }: Dispute) => ({
  status: 200,
  body: { links: [link(world, 'self', `${path}/${id}`)] },
})

/** The dispute of an id. Refuses one that is not there. */
export function findDispute({ disputes }: PayPalWorld, id = ''): Dispute {
  const dispute = disputes.get(id)
  if (dispute === undefined) throw notFound()
  return dispute
}

/** The dispute of an id that waits for the seller. Refuses another. */
function findOpen(world: PayPalWorld, id: string | undefined): Dispute {
  const dispute = findDispute(world, id)
  if (dispute.status === 'WAITING_FOR_SELLER_RESPONSE') return dispute
  throw new Refusal(422, 'UNPROCESSABLE_ENTITY', 'The requested action could not be performed.', [
    {
      issue: 'ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE',
      description: 'The requested action can not be performed on the current state of the dispute.',
    },
  ])
}

/** The evidences, in JSON or in the part `input` of a form, beside which files may lie. */
function readEvidences(request: SandboxRequest): object[] {
  const isForm = String(request.headers['content-type']).startsWith('multipart/')
  const body: unknown = isForm ? readInput(request.rawBody.toString()) : request.json()
  const evidences = (body as { readonly evidences?: unknown } | undefined)?.evidences
  if (!Array.isArray(evidences) || evidences.length === 0) {
    throw malformed('MISSING_REQUIRED_PARAMETER', { field: '/evidences' })
  }
  return evidences as object[]
}

function readInput(form: string): unknown {
  const [, text] = /name="input"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([\s\S]*?)\r\n--/.exec(form) ?? []
  return text === undefined ? undefined : JSON.parse(text)
}

const DEFAULT_PAGE_SIZE = 10
const MOST_PAGE_SIZE = 50

/** Newest first, and a link to the next page while there is one. */
function listDisputes(world: PayPalWorld, query: URLSearchParams) {
  const size = readNumber(query, 'page_size', DEFAULT_PAGE_SIZE, MOST_PAGE_SIZE)
  const start = readNumber(query, 'next_page_token', 0, Number.MAX_SAFE_INTEGER)
  const found = [...world.disputes.values()].reverse().filter(filterOf(query))
  const end = start + size
  const more = new URLSearchParams(query)
  more.set('next_page_token', String(end))
  const items = found.slice(start, end).map((dispute) => disputeInList(world, dispute))
  return {
    // By PayPal's document the list has an item at least, where there is one.
    ...(items.length === 0 ? {} : { items }),
    links: [
      link(world, 'self', `${path}?${query}`),
      ...(end < found.length ? [link(world, 'next', `${path}?${more}`)] : []),
    ],
  }
}

function filterOf(query: URLSearchParams): (dispute: Dispute) => boolean {
  const transaction = query.get('disputed_transaction_id')
  const states = query.get('dispute_state')?.split(',')
  const [from, after, before] = ['start_time', 'update_time_after', 'update_time_before'].map((name) =>
    readTime(query, name),
  )
  return (dispute) =>
    (transaction === null || dispute.capture.id === transaction) &&
    (states === undefined || states.includes(stateOf(dispute))) &&
    (from === undefined || dispute.createdAt >= from) &&
    (after === undefined || dispute.updatedAt >= after) &&
    (before === undefined || dispute.updatedAt <= before)
}

function readNumber(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const given = query.get(name)
  if (given === null) return otherwise
  const value = /^\d{1,9}$/.test(given) ? Number.parseInt(given, 10) : -1
  if (value < 0 || value > most || (value === 0 && name === 'page_size')) {
    throw malformed('INVALID_PARAMETER_VALUE', { field: name, value: given, location: 'query' })
  }
  return value
}

function readTime(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name)
  if (given === null) return undefined
  const at = Date.parse(given)
  if (Number.isNaN(at)) throw malformed('INVALID_PARAMETER_SYNTAX', { field: name, value: given, location: 'query' })
  return at
}
