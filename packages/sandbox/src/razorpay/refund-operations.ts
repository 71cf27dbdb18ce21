import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { afford } from './afford.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { type Json, readBody, readFlag, readNotes, readOptionalAmount, readOptionalText } from './fields.js'
import { refundKey } from './idempotency.js'
import type { Payment } from './records.js'
import { refundEntity } from './refund-entity.js'
import { createRefund } from './refunds.js'
import { badRequest, noSuchId } from './refusal.js'
import { checkReversible, reverseAll } from './reversals.js'

export const refundOperations = (desk: Desk): Operation[] => [
  {
    name: 'createRefund',
    method: 'POST',
    path: '/v1/payments/:id/refund',
    handle: (request) => desk.once(request, refundKey, () => refundPayment(desk, request)),
  },
  {
    name: 'listPaymentRefunds',
    method: 'GET',
    path: '/v1/payments/:id/refunds',
    handle(request) {
      const { id } = desk.store.payments.get(request.params.id ?? '')
      return answerCollection(
        request,
        desk.store.refunds.where(({ paymentId }) => paymentId === id),
        refundEntity,
      )
    },
  },
  {
    name: 'fetchPaymentRefund',
    method: 'GET',
    path: '/v1/payments/:id/refunds/:refund',
    handle({ params }) {
      const refund = desk.store.refunds.get(params.refund ?? '')
      if (refund.paymentId !== params.id) throw noSuchId()
      return { status: 200, body: refundEntity(refund) }
    },
  },
  {
    name: 'listRefunds',
    method: 'GET',
    path: '/v1/refunds',
    handle: (request) => answerCollection(request, desk.store.refunds.all(), refundEntity),
  },
  {
    name: 'fetchRefund',
    method: 'GET',
    path: '/v1/refunds/:id',
    handle: ({ params }) => ({ status: 200, body: refundEntity(desk.store.refunds.get(params.id ?? '')) }),
  },
  {
    name: 'updateRefund',
    method: 'PATCH',
    path: '/v1/refunds/:id',
    handle(request) {
      const refund = desk.store.refunds.get(request.params.id ?? '')
      refund.notes = readNotes(readBody(request, ['notes']))
      return { status: 200, body: refundEntity(refund) }
    },
  },
]

function refundPayment(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const payment = desk.store.payments.get(request.params.id ?? '')
  const body = readBody(request, ['amount', 'speed', 'notes', 'receipt', 'reverse_all'])
  const amountMinor = readRefundAmount(payment, body)
  const speedRequested = readSpeed(body)
  const given = {
    amountMinor,
    speedRequested,
    notes: readNotes(body),
    receipt: readOptionalText(body, 'receipt') ?? null,
  }
  const withReversals = readFlag(body, 'reverse_all') ?? false
  if (withReversals && amountMinor !== payment.amountMinor) {
    throw badRequest('reverse_all is not allowed for partial refunds', { field: 'reverse_all' })
  }
  const reversedMinor = withReversals ? checkReversible(desk, payment) : 0n
  // What the reversals bring into the balance can be refunded, so they come first; nothing of it may stand alone.
  if (withReversals && desk.books.clearing() + reversedMinor < payment.baseMinor) throw tooLittle()
  if (withReversals) reverseAll(desk, payment)
  let refund: ReturnType<typeof createRefund> | undefined
  afford(tooLow, () => {
    refund = createRefund(desk, payment, given)
  })
  if (!refund) throw tooLittle()
  return { status: 200, body: refundEntity(refund) }
}

const tooLow = 'Your account does not have enough balance to carry out the refund operation.'
const tooLittle = () => badRequest(tooLow, { reason: 'insufficient_funds' })

function readRefundAmount(payment: Payment, body: Json): bigint {
  const asked = readOptionalAmount(body)
  if (!payment.captured) throw badRequest('The payment status should be captured for action to be taken')
  const restMinor = payment.amountMinor - payment.amountRefundedMinor
  if (restMinor === 0n) throw badRequest('The payment has been fully refunded already')
  const amountMinor = asked ?? restMinor
  if (payment.currency === 'INR' && amountMinor < 100n) {
    throw badRequest('The amount must be at least INR 1.00', { field: 'amount' })
  }
  if (amountMinor < 1n) throw badRequest('The amount must be at least 1.', { field: 'amount' })
  if (amountMinor > payment.amountMinor) {
    throw badRequest('The refund amount provided is greater than amount captured', { field: 'amount' })
  }
  if (amountMinor > restMinor) {
    throw badRequest('The total refund amount is greater than the refund payment amount', { field: 'amount' })
  }
  return amountMinor
}

function readSpeed(body: Json): 'normal' | 'optimum' {
  const speed = readOptionalText(body, 'speed') ?? 'normal'
  if (speed === 'normal' || speed === 'optimum') return speed
  throw badRequest('The selected speed is invalid.', { field: 'speed' })
}
