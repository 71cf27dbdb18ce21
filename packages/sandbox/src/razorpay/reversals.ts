import type { Operation, SandboxAnswer, SandboxRequest } from '../http/operation.js'
import { afford } from './afford.js'
import { pockets } from './books.js'
import { answerCollection } from './collection.js'
import type { Desk } from './desk.js'
import { type Notes, readBody, readNotes, readOptionalAmount } from './fields.js'
import type { Payment, Reversal, Transfer } from './records.js'
import { badRequest } from './refusal.js'
import { reversalEntity } from './transfer-entity.js'

export const reversalOperations = (desk: Desk): Operation[] => {
  const entity = (reversal: Reversal) => reversalEntity(reversal, desk.settings.accountId)
  return [
    {
      name: 'createReversal',
      method: 'POST',
      path: '/v1/transfers/:id/reversals',
      handle: (request) => ({ status: 200, body: entity(reverseByRequest(desk, request)) }),
    },
    {
      name: 'listTransferReversals',
      method: 'GET',
      path: '/v1/transfers/:id/reversals',
      handle(request): SandboxAnswer {
        const { id } = desk.store.transfers.get(request.params.id ?? '')
        return answerCollection(
          request,
          desk.store.reversals.where(({ transferId }) => transferId === id),
          entity,
        )
      },
    },
    {
      name: 'fetchReversal',
      method: 'GET',
      path: '/v1/reversals/:id',
      handle: ({ params }) => ({ status: 200, body: entity(desk.store.reversals.get(params.id ?? '')) }),
    },
  ]
}

const tooLow = 'The linked account does not have sufficient balance to process the reversal'

function reverseByRequest(desk: Desk, request: SandboxRequest): Reversal {
  const transfer = desk.store.transfers.get(request.params.id ?? '')
  const body = readBody(request, ['amount', 'notes', 'linked_account_notes'])
  const notes = readNotes(body)
  const asked = readOptionalAmount(body)
  const restMinor = reversibleOf(transfer)
  if (restMinor === 0n) throw badRequest('The transfer has been fully reversed already or was never processed')
  const amountMinor = asked ?? restMinor
  if (amountMinor < 100n) throw badRequest('The amount must be at least 100.', { field: 'amount' })
  if (amountMinor > restMinor) {
    throw badRequest('The amount to be reversed is greater than the amount that is not reversed yet', {
      field: 'amount',
    })
  }
  let reversal: Reversal | undefined
  afford(tooLow, () => {
    reversal = reverse(desk, transfer, { amountMinor, notes })
  })
  return reversal as Reversal
}

/** What of a transfer can be reversed: it was processed, and not reversed before. */
const reversibleOf = ({ processedAt, amountMinor, amountReversedMinor }: Transfer): bigint =>
  processedAt === null ? 0n : amountMinor - amountReversedMinor

/**
 * Takes money back from a linked account, settled or not, as long as it has it; the fee of the transfer stays. Throws
 * `PocketEmpty`. No webhook tells of it. That its row of the report has the type `reversal` is not in the documents.
 *
 * | from | to | ₹200.00 |
 * | --- | --- | --- |
 * | linked:acc_1 | clearing | 200.00 |
 */
function reverse(
  desk: Desk,
  transfer: Transfer,
  { amountMinor, notes }: { amountMinor: bigint; notes: Notes },
): Reversal {
  const { books, store } = desk
  const id = desk.newId('reversals')
  const createdAt = desk.seconds()
  books.post(
    {
      ...{ entityId: id, type: 'reversal', amountMinor, creditMinor: amountMinor },
      ...{ createdAt, paymentId: transfer.paymentId },
    },
    { from: pockets.linked(transfer.recipient), to: pockets.clearing, amountMinor },
  )
  transfer.amountReversedMinor += amountMinor
  transfer.status = transfer.amountReversedMinor === transfer.amountMinor ? 'reversed' : 'partially_reversed'
  const payment = transfer.paymentId === null ? undefined : store.payments.get(transfer.paymentId)
  if (payment) payment.amountTransferredMinor -= amountMinor
  return store.reversals.add({ id, createdAt, notes, transferId: transfer.id, amountMinor, customerRefundId: null })
}

const transfersOf = ({ store }: Desk, payment: Payment): Transfer[] =>
  store.transfers.where((transfer) => transfer.paymentId === payment.id && reversibleOf(transfer) > 0n)

/** What reversing all transfers of a payment brings. Refuses when a linked account does not have its part. */
export function checkReversible(desk: Desk, payment: Payment): bigint {
  const needed = new Map<string, bigint>()
  for (const transfer of transfersOf(desk, payment)) {
    needed.set(transfer.recipient, (needed.get(transfer.recipient) ?? 0n) + reversibleOf(transfer))
  }
  for (const [recipient, amountMinor] of needed) {
    if (desk.books.sheet.balance(pockets.linked(recipient), 'INR') >= amountMinor) continue
    throw badRequest(tooLow, { reason: 'insufficient_funds' })
  }
  return [...needed.values()].reduce((sum, amountMinor) => sum + amountMinor, 0n)
}

export function reverseAll(desk: Desk, payment: Payment): void {
  for (const transfer of transfersOf(desk, payment)) {
    reverse(desk, transfer, { amountMinor: reversibleOf(transfer), notes: {} })
  }
}
