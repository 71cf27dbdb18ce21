import type { Operation, SandboxRequest } from '../http/operation.js'
import {
  type Authorization,
  authorizationInBrief,
  authorizationOnWire,
  findAuthorization,
  makeAuthorization,
  tellAuthorization,
} from './authorization.js'
import { type Capture, captureAlone, captureInBrief } from './capture.js'
import { PAYMENT_KEY_MS } from './captures.js'
import { readFields } from './fields.js'
import { checkInvoiceId, checkProceeds, makeCapture } from './make-capture.js'
import { findOrder } from './order.js'
import type { PayPalWorld } from './paypal-world.js'
import { readInstruction } from './purchase-unit.js'
import { unprocessable } from './refusal.js'
import { wantsRepresentation } from './request-keys.js'

const path = '/v2/payments/authorizations/:id'

export const authorizationOperations = (world: PayPalWorld): Operation[] => [
  {
    name: 'getAuthorization',
    method: 'GET',
    path,
    handle: ({ params }) => ({ status: 200, body: authorizationOnWire(world, findAuthorization(world, params.id)) }),
  },
  {
    name: 'captureAuthorization',
    method: 'POST',
    path: `${path}/capture`,
    handle: (request) =>
      world.keys.once(request, { operation: 'captureAuthorization', keptMs: PAYMENT_KEY_MS }, () => {
        const capture = captureAuthorization(world, request)
        const answerAgain = (asked: SandboxRequest) => ({
          status: 201,
          body: wantsRepresentation(asked) ? captureAlone(world, capture) : captureInBrief(world, capture),
        })
        return { first: answerAgain(request), answerAgain }
      }),
  },
  {
    name: 'reauthorizeAuthorization',
    method: 'POST',
    path: `${path}/reauthorize`,
    handle: (request) =>
      world.keys.once(request, { operation: 'reauthorizeAuthorization', keptMs: PAYMENT_KEY_MS }, () => {
        const authorization = reauthorize(world, request)
        const answerAgain = (asked: SandboxRequest) => ({ status: 201, body: shown(world, authorization, asked) })
        return { first: answerAgain(request), answerAgain }
      }),
  },
  {
    name: 'voidAuthorization',
    method: 'POST',
    path: `${path}/void`,
    handle(request) {
      const authorization = findAuthorization(world, request.params.id)
      if (authorization.parentId !== undefined) throw unprocessable('CANNOT_BE_VOIDED')
      if (authorization.status === 'VOIDED') throw unprocessable('PREVIOUSLY_VOIDED')
      if (authorization.status === 'CAPTURED') throw unprocessable('PREVIOUSLY_CAPTURED')
      authorization.status = 'VOIDED'
      authorization.updatedAt = world.now()
      tellAuthorization(world, authorization, 'VOIDED')
      return wantsRepresentation(request)
        ? { status: 200, body: authorizationOnWire(world, authorization) }
        : { status: 204 }
    },
  },
]

const shown = (world: PayPalWorld, authorization: Authorization, request: SandboxRequest) =>
  wantsRepresentation(request) ? authorizationOnWire(world, authorization) : authorizationInBrief(world, authorization)

/** All captures of an authorization together may be up to 115 % of it. */
const mostOf = ({ amount }: Authorization): bigint => (amount.minor * 115n) / 100n

function captureAuthorization(world: PayPalWorld, request: SandboxRequest): Capture {
  const fields = readFields(request.json())
  const authorization = findAuthorization(world, request.params.id)
  const left = authorization.amount.minor - authorization.capturedMinor
  const amount = fields.amount('amount') ?? { currency: authorization.amount.currency, minor: left }
  const instruction = fields.object('payment_instruction')
  const { disbursementMode, platformFee } =
    instruction === undefined ? authorization.instruction : readInstruction(world, instruction, amount)
  const finalCapture = fields.flag('final_capture') ?? false
  checkOpen(world, authorization)
  if (amount.currency !== authorization.amount.currency) throw unprocessable('AUTH_CAPTURE_CURRENCY_MISMATCH')
  if (authorization.capturedMinor + amount.minor > mostOf(authorization)) {
    throw unprocessable('MAX_CAPTURE_AMOUNT_EXCEEDED')
  }
  if (amount.minor <= 0n) throw unprocessable('AUTHORIZATION_ALREADY_CAPTURED')
  const { orderId, payee, customId } = authorization
  const invoiceId = fields.text('invoice_id', { max: 127 }) ?? authorization.invoiceId
  const isFirst = authorization.capturedMinor === 0n
  if (isFirst || invoiceId !== authorization.invoiceId) checkInvoiceId(world, { invoiceId, payee })
  const asked = {
    orderId,
    authorizationId: authorization.id,
    payee,
    amount,
    finalCapture,
    disbursementMode,
    platformFee,
  }
  checkProceeds(world, { ...asked, customId, invoiceId })

  const capture = makeCapture(world, { ...asked, customId, invoiceId }, { status: 'COMPLETED' })
  authorization.capturedMinor += amount.minor
  const isDone = finalCapture || authorization.capturedMinor >= authorization.amount.minor
  authorization.status = isDone ? 'CAPTURED' : 'PARTIALLY_CAPTURED'
  authorization.updatedAt = world.now()
  unitOf(world, authorization)?.captures.push(capture)
  return capture
}

const unitOf = (world: PayPalWorld, { id, orderId, parentId }: Authorization) =>
  findOrder(world, orderId).units.find((unit) =>
    unit.authorizations.some((each) => each.id === id || each.id === parentId),
  )

function checkOpen({ now }: PayPalWorld, { status, expiresAt }: Authorization): void {
  if (status === 'VOIDED') throw unprocessable('AUTHORIZATION_VOIDED')
  if (status === 'CAPTURED') throw unprocessable('AUTHORIZATION_ALREADY_CAPTURED')
  if (expiresAt <= now()) throw unprocessable('AUTHORIZATION_EXPIRED')
}

/** A new authorization in place of one that the bank no longer vouches for; it ends when the first would have. */
function reauthorize(world: PayPalWorld, request: SandboxRequest): Authorization {
  const fields = readFields(request.json())
  const parent = findAuthorization(world, request.params.id)
  const amount = fields.amount('amount') ?? parent.amount
  if (parent.parentId !== undefined) throw unprocessable('REAUTHORIZATION_NOT_SUPPORTED')
  checkOpen(world, parent)
  if (amount.currency !== parent.amount.currency) throw unprocessable('AUTH_CURRENCY_MISMATCH')
  const { orderId, payee, instruction, customId, invoiceId, expiresAt } = parent
  const again = { orderId, payee, amount, instruction, customId, invoiceId, parentId: parent.id, expiresAt }
  const authorization = makeAuthorization(world, again, 'CREATED')
  parent.status = 'VOIDED'
  parent.updatedAt = world.now()
  unitOf(world, authorization)?.authorizations.push(authorization)
  return authorization
}
