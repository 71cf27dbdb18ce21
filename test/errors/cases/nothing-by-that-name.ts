import { deal, fundedDeal, inr } from '../../fixtures/deals.js'
import { type RefusedCall, transfer } from '../refused-call.js'

const id = 's1'

export const nothingByThatName: readonly RefusedCall[] = [
  {
    code: 'account_not_found',
    call: ({ ledger }) => ledger.journal.post(transfer('bank:hdfc', 'wallet:chen')),
    says: 'There is no account wallet:chen in INR. Open it first with accounts.open, which says what type it is.',
    facts: { account: 'wallet:chen' },
  },
  {
    code: 'account_not_found',
    call: ({ ledger }) => ledger.accounts.balance({ account: 'wallet:chen', currency: 'INR' }),
    says: 'There is no account wallet:chen in INR in this book. accounts.list shows them.',
    facts: { account: 'wallet:chen' },
  },
  {
    code: 'account_not_found',
    call: ({ ledger }) => ledger.accounts.freeze({ code: 'wallet:chen' }),
    says: 'There is no account wallet:chen in any currency. accounts.list shows them.',
    facts: { account: 'wallet:chen' },
  },
  {
    code: 'entry_not_found',
    call: ({ ledger }) =>
      ledger.journal.reverse({
        entry: '019a4000-0000-7000-8000-000000000001',
        effectiveAt: '2026-11-01',
        reason: 'typing error',
      }),
    says: 'There is no entry <id> in this book. journal.list shows the entries.',
  },
  {
    code: 'escrow_not_found',
    call: ({ ledger }) => ledger.escrows.settle({ id }),
    says: 'There is no escrow s1 in this book. Open it first with escrows.open.',
  },
  {
    code: 'payment_not_found',
    call: ({ ledger }) => ledger.payments.get({ gateway: 'razorpay', reference: 'pay_1' }),
    says: 'There is no payment pay_1 of razorpay in this book. payments.list shows them.',
  },
  {
    code: 'payment_not_found',
    given: ({ ledger }) => fundedDeal(ledger, id),
    call: ({ ledger }) => ledger.escrows.refund({ id, payment: { gateway: 'razorpay', reference: 'pay_1' } }),
    says: 'Payment pay_1 of razorpay did not fund escrow s1. Name one that did, or none.',
  },
  {
    code: 'payout_not_found',
    call: ({ ledger }) => ledger.payouts.get('po-1'),
    says: 'There is no payout po-1 in this book. payouts.list shows them.',
  },
  {
    code: 'instruction_not_found',
    call: ({ ledger }) => ledger.instructions.confirm({ id: 'payout:po-1', reference: 'pout_1' }),
    says: 'There is no instruction payout:po-1 in this book. instructions.list shows them.',
  },
  {
    code: 'suspense_not_found',
    call: ({ ledger }) => ledger.suspense.resolve({ id: 'payment:pay_1', writeOff: { reason: 'too small' } }),
    says: 'There is nothing in suspense under payment:pay_1. suspense.list shows what there is.',
  },
  {
    code: 'dispute_not_found',
    given: ({ ledger }) => ledger.escrows.open(deal(id)),
    call: ({ ledger }) => ledger.escrows.resolve({ id, outcome: 'payer' }),
    says: 'Escrow s1 has no open dispute; see escrows.get.',
  },
  {
    code: 'dispute_not_found',
    given: ({ ledger }) => ledger.escrows.open(deal(id)),
    call: ({ ledger }) => ledger.escrows.resolve({ id, dispute: 'd-7', outcome: 'payer' }),
    says: 'Escrow s1 has no dispute d-7; see escrows.get.',
  },
  {
    code: 'movement_not_found',
    call: ({ ledger }) => ledger.movements.get({ kind: 'settlement', gateway: 'razorpay', reference: 'setl_1' }),
    says: 'There is no settlement setl_1 of razorpay in this book. movements.list shows them.',
  },
  {
    code: 'movement_not_found',
    call: ({ ledger }) =>
      ledger.movements.settlementFailed({ gateway: 'razorpay', reference: 'setl_1', reason: 'returned' }),
    says: 'There is no settlement setl_1 of razorpay in this book. Tell it with movements.settled first.',
  },
  {
    code: 'payout_not_found',
    call: ({ ledger }) => ledger.payouts.fee({ id: 'po-1', fee: inr('5.90') }),
    says: 'There is no payout po-1 in this book. payouts.list shows them.',
  },
  {
    code: 'gateway_not_found',
    call: ({ ledger }) => ledger.webhooks.receive({ gateway: 'stripe', headers: {}, rawBody: new Uint8Array() }),
    says: 'createLedger was given no adapter for the gateway stripe, but for: none.',
  },
  {
    code: 'webhook_not_found',
    call: ({ ledger }) => ledger.webhooks.get('razorpay:evt_1'),
    says: 'There is no webhook razorpay:evt_1 in this book. webhooks.list shows them.',
  },
  {
    code: 'webhook_not_found',
    call: ({ ledger }) => ledger.webhooks.replay({ id: 'razorpay:evt_1' }),
    says: 'There is no webhook razorpay:evt_1 in this book. webhooks.list shows them.',
  },
]
