import { deal, inr, owe } from '../../fixtures/deals.js'
import type { OpenLedger } from '../../fixtures/open-ledger.js'
import { offering } from '../../fixtures/operations.js'
import type { RefusedCall } from '../refused-call.js'

const open = { gateways: { razorpay: offering(['order', 'capture', 'transfer', 'release', 'reversal']) } }
const order = { id: 'o1', escrow: 's1', gateway: 'razorpay' }
const sent = { id: 't1', payee: 'priya', amount: inr('800.00'), gateway: 'razorpay' }

/** INR 800.00 that the gateway has moved to the payee's linked account. */
async function transferred({ ledger }: OpenLedger) {
  await ledger.transfers.create(sent)
  await ledger.instructions.confirm({ id: 'transfer:t1', reference: 'trf_1' })
}

async function released(opened: OpenLedger) {
  await transferred(opened)
  await owe(opened.ledger, 'priya', inr('800.00'))
  await opened.ledger.transfers.release({ id: 't1' })
}

async function partlyTakenBack(opened: OpenLedger) {
  await transferred(opened)
  await opened.ledger.transfers.reverse({ id: 'r1', transfer: 't1', amount: inr('200.00') })
}

export const conflictsOfTransfers: readonly RefusedCall[] = [
  {
    code: 'order_exists',
    open,
    given: async ({ ledger }) => {
      await ledger.escrows.open(deal('s1'))
      await ledger.orders.create(order)
    },
    call: ({ ledger }) => ledger.orders.create(order),
    says: 'There is an order o1 already. Give every order its own id.',
  },
  {
    code: 'capture_exists',
    open,
    given: async ({ ledger }) => {
      await ledger.escrows.open(deal('s1'))
      await ledger.orders.create(order)
      await ledger.orders.capture({ id: 'o1', payment: 'pay_1' })
    },
    call: ({ ledger }) => ledger.orders.capture({ id: 'o1', payment: 'pay_2' }),
    says: 'Order o1 is captured by capture:o1, which is unknown. See instructions.get.',
  },
  {
    code: 'transfer_exists',
    open,
    given: transferred,
    call: ({ ledger }) => ledger.transfers.create(sent),
    says: 'There is a transfer t1 already. Give every transfer its own id.',
  },
  {
    code: 'release_exists',
    open,
    given: released,
    call: ({ ledger }) => ledger.transfers.release({ id: 't1' }),
    says: 'Transfer t1 was released already. See instructions.get.',
  },
  {
    code: 'release_exists',
    open,
    given: released,
    call: ({ ledger }) => ledger.transfers.reverse({ id: 'r1', transfer: 't1', amount: inr('200.00') }),
    says: 'Transfer t1 was released already: the payee is paid.',
  },
  {
    code: 'reversal_exists',
    open,
    given: partlyTakenBack,
    call: ({ ledger }) => ledger.transfers.reverse({ id: 'r1', transfer: 't1', amount: inr('200.00') }),
    says: 'There is a reversal r1 already. Give every reversal its own id.',
  },
  {
    code: 'reversal_exceeds_transfer',
    open,
    given: partlyTakenBack,
    call: ({ ledger }) => ledger.transfers.reverse({ id: 'r2', transfer: 't1', amount: inr('600.01') }),
    says: 'Of transfer t1 600.00 INR can still be taken back, not 600.01 INR.',
    facts: { available: inr('600.00'), requested: inr('600.01') },
  },
]
