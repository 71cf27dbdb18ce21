import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { answerCollection, answerItems } from './collection.js'
import type { Desk } from './desk.js'
import { readBody, readNotes } from './fields.js'
import { transferKey } from './idempotency.js'
import type { Transfer } from './records.js'
import { badRequest } from './refusal.js'
import { settlementEntity } from './settlement-entity.js'
import { transferEntity } from './transfer-entity.js'
import { type AskedTransfer, addTransfer, readHold, readTransfer, readTransfers } from './transfer-requests.js'
import { payForTransfer, processTransfer, processTransferLater, releaseInTime, transferCharge } from './transfers.js'

const fields = ['account', 'amount', 'currency', 'notes', 'linked_account_notes', 'on_hold', 'on_hold_until']

export const transferOperations = (desk: Desk): Operation[] => [
  {
    name: 'createPaymentTransfers',
    method: 'POST',
    path: '/v1/payments/:id/transfers',
    handle: (request) => transferPayment(desk, request),
  },
  {
    name: 'listPaymentTransfers',
    method: 'GET',
    path: '/v1/payments/:id/transfers',
    handle({ params }) {
      const { id } = desk.store.payments.get(params.id ?? '')
      return answerItems(desk.store.transfers.where(({ paymentId }) => paymentId === id).map(transferEntity))
    },
  },
  {
    name: 'createTransfer',
    method: 'POST',
    path: '/v1/transfers',
    handle: (request) => desk.once(request, transferKey, () => transferDirectly(desk, request)),
  },
  { name: 'listTransfers', method: 'GET', path: '/v1/transfers', handle: (request) => listTransfers(desk, request) },
  {
    name: 'fetchTransfer',
    method: 'GET',
    path: '/v1/transfers/:id',
    handle: ({ params }) => ({ status: 200, body: transferEntity(desk.store.transfers.get(params.id ?? '')) }),
  },
  { name: 'updateTransfer', method: 'PATCH', path: '/v1/transfers/:id', handle: (request) => update(desk, request) },
]

function transferPayment(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const payment = desk.store.payments.get(request.params.id ?? '')
  const body = readBody(request, ['transfers'])
  if (body.transfers === undefined) throw badRequest('The transfers field is required.', { field: 'transfers' })
  if (!payment.captured) throw badRequest('The payment status should be captured for action to be taken')
  if (payment.currency !== 'INR') throw badRequest('Transfers are supported only in INR')
  const limitMinor = payment.amountMinor - payment.amountRefundedMinor - payment.amountTransferredMinor
  const asked = readTransfers(desk, body.transfers, { limitMinor, of: 'payment' })
  checkTogether(desk, asked)
  const from = { source: payment.id, paymentId: payment.id, status: 'pending' } as const
  const transfers = asked.map((each) => start(desk, addTransfer(desk, each, from)))
  for (const transfer of transfers) processTransferLater(desk, transfer)
  return answerItems(transfers.map(transferEntity))
}

/** All transfers of a request are made, or none: so their sum is tried before any of them. */
function checkTogether(desk: Desk, asked: readonly AskedTransfer[]): void {
  const neededMinor = asked.reduce(
    (sum, { amountMinor }) => sum + amountMinor + transferCharge(desk, amountMinor).feeMinor,
    0n,
  )
  if (desk.books.clearing() < neededMinor)
    throw badRequest('Transfer cannot be made due to insufficient balance', { reason: 'insufficient_account_balance' })
}

function start(desk: Desk, transfer: Transfer): Transfer {
  payForTransfer(desk, transfer)
  releaseInTime(desk, transfer)
  return transfer
}

function transferDirectly(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const asked = readTransfer(desk, readBody(request, fields))
  checkTogether(desk, [asked])
  const from = { source: desk.settings.accountId, paymentId: null, status: 'pending' } as const
  const transfer = start(desk, addTransfer(desk, asked, from))
  processTransfer(desk, transfer)
  return { status: 200, body: transferEntity(transfer) }
}

function listTransfers(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const settlement = request.query.get('recipient_settlement_id')
  const matching = desk.store.transfers.where(({ settlementId }) => !settlement || settlementId === settlement)
  const expand = request.query.getAll('expand[]').includes('recipient_settlement')
  return answerCollection(request, matching, (transfer) => {
    if (!expand) return transferEntity(transfer)
    const found = transfer.settlementId === null ? undefined : desk.store.settlements.find(transfer.settlementId)
    return { ...transferEntity(transfer), recipient_settlement: found ? settlementEntity(found) : null }
  })
}

function update(desk: Desk, request: SandboxRequest): SandboxAnswer {
  const transfer = desk.store.transfers.get(request.params.id ?? '')
  const body = readBody(request, ['on_hold', 'on_hold_until', 'notes'])
  const hold = readHold(desk, body)
  const notes = body.notes === undefined ? undefined : readNotes(body)
  if ('onHold' in hold && transfer.settlementId !== null) {
    throw badRequest('The settlement hold of a transfer that was settled cannot be changed', { field: 'on_hold' })
  }
  Object.assign(transfer, hold, notes === undefined ? {} : { notes })
  releaseInTime(desk, transfer)
  return { status: 200, body: transferEntity(transfer) }
}
