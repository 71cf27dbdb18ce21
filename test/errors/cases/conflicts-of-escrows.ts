import { completedDeal, deal, fundedDeal, inr, paymentOf } from '../../fixtures/deals.js'
import { DAY, HOUR, type OpenLedger, START } from '../../fixtures/open-ledger.js'
import { type RefusedCall, transfer } from '../refused-call.js'

const id = 's1'
const funded = ({ ledger }: OpenLedger) => fundedDeal(ledger, id)
const completed = ({ ledger }: OpenLedger) => completedDeal(ledger, id)
const early = { reason: 'both agree' }

/** Funded whole, and all of it frozen. */
async function disputed({ ledger }: OpenLedger) {
  await fundedDeal(ledger, id)
  await ledger.escrows.dispute({ id, dispute: 'd-1' })
}

/** Half of it came by each of two payments. */
async function fundedInTwo({ ledger }: OpenLedger) {
  await ledger.escrows.open(deal(id))
  for (const half of ['first', 'second']) {
    await ledger.escrows.fund({ id, amount: inr('500.00'), ...paymentOf(half) })
  }
}

async function credited({ ledger }: OpenLedger) {
  await ledger.accounts.open({ code: 'wallet:chen', currency: 'INR', type: 'liability' })
  await ledger.journal.post(transfer('bank:hdfc', 'wallet:chen', inr('2000.00')))
  await ledger.escrows.open(deal(id))
}

export const conflictsOfEscrows: readonly RefusedCall[] = [
  {
    code: 'time_before_last',
    given: funded,
    call: ({ ledger }) => ledger.escrows.refund({ id, at: START - HOUR }),
    says: '2026-11-02T08:00:00.000Z lies before 2026-11-02T09:00:00.000Z, the entry it follows. Give that time or a later one.',
    facts: { at: START - HOUR, last: START },
  },
  {
    code: 'time_before_last',
    given: funded,
    call: ({ ledger }) => ledger.escrows.deliver({ id, at: START - HOUR }),
    says: '2026-11-02T08:00:00.000Z lies before 2026-11-02T09:00:00.000Z, the step it follows. Give that time or a later one.',
    facts: { at: START - HOUR, last: START },
  },
  {
    code: 'escrow_exists',
    given: funded,
    call: ({ ledger }) => ledger.escrows.open(deal(id)),
    says: 'There is an escrow s1 already. Give each its own id.',
  },
  {
    code: 'escrow_not_funded',
    given: ({ ledger }) => ledger.escrows.open(deal(id)),
    call: ({ ledger }) => ledger.escrows.settle({ id, early }),
    says: 'Escrow s1 has not been funded yet. Fund it first with escrows.fund.',
  },
  {
    code: 'escrow_not_due',
    given: completed,
    call: ({ ledger }) => ledger.escrows.settle({ id }),
    says: 'Escrow s1 is not due: it falls due at 2026-11-03T09:00:00.000Z. Wait until then, or give a reason to settle it early.',
    facts: { escrow: id, dueAt: START + DAY },
  },
  {
    code: 'escrow_not_due',
    given: funded,
    call: ({ ledger }) => ledger.escrows.settle({ id }),
    says: 'Escrow s1 is not due: it is not completed and fully funded yet. Wait until then, or give a reason to settle it early.',
    facts: { escrow: id, dueAt: null },
  },
  {
    code: 'escrow_disputed',
    given: disputed,
    call: ({ ledger }) => ledger.escrows.refund({ id }),
    says: 'All that escrow s1 holds is in dispute. Resolve the dispute first.',
  },
  {
    code: 'escrow_already_delivered',
    given: async ({ ledger }) => {
      await fundedDeal(ledger, id)
      await ledger.escrows.deliver({ id })
    },
    call: ({ ledger }) => ledger.escrows.deliver({ id }),
    says: 'Escrow s1 was delivered already. See escrows.get.',
  },
  {
    code: 'escrow_already_completed',
    given: completed,
    call: ({ ledger }) => ledger.escrows.cancel({ id }),
    says: 'Escrow s1 was completed already. See escrows.get.',
  },
  {
    code: 'escrow_already_settled',
    given: async ({ ledger }) => {
      await completedDeal(ledger, id)
      await ledger.escrows.settle({ id, early })
    },
    call: ({ ledger }) => ledger.escrows.settle({ id }),
    says: 'Escrow s1 was settled already. escrows.get shows what became of it.',
  },
  {
    code: 'escrow_already_refunded',
    given: async ({ ledger }) => {
      await fundedDeal(ledger, id)
      await ledger.escrows.refund({ id })
    },
    call: ({ ledger }) => ledger.escrows.complete({ id }),
    says: 'Escrow s1 was refunded already. escrows.get shows what became of it.',
  },
  {
    code: 'escrow_already_cancelled',
    given: async ({ ledger }) => {
      await fundedDeal(ledger, id)
      await ledger.escrows.cancel({ id })
    },
    call: ({ ledger }) => ledger.escrows.complete({ id }),
    says: 'Escrow s1 was cancelled already. escrows.get shows what became of it.',
  },
  {
    code: 'escrow_overfunded',
    given: credited,
    call: ({ ledger }) => ledger.escrows.fund({ id, amount: inr('1500.00'), from: 'wallet:chen' }),
    says: 'Escrow s1 waits for 1000.00 INR, less than the 1500.00 INR offered. Offer at most that.',
    facts: { escrow: id, available: inr('1000.00'), requested: inr('1500.00') },
  },
  {
    code: 'insufficient_held',
    given: funded,
    call: ({ ledger }) => ledger.escrows.dispute({ id, amount: inr('1000.01') }),
    says: 'Escrow s1 has 1000.00 INR for this, less than the 1000.01 INR asked. Ask at most that.',
    facts: { escrow: id, available: inr('1000.00'), requested: inr('1000.01') },
  },
  {
    code: 'measures_fixed',
    given: async ({ ledger }) => {
      await completedDeal(ledger, id)
      await ledger.escrows.settle({ id, early: { ...early, amount: inr('100.00') } })
    },
    call: ({ ledger }) => ledger.escrows.measure({ id, measures: { satisfaction: 1 } }),
    says: 'Escrow s1 has had a release: its measures do not change any more. Settle the difference with the parties.',
  },
  {
    code: 'dispute_exists',
    given: disputed,
    call: ({ ledger }) => ledger.escrows.dispute({ id, dispute: 'd-1' }),
    says: 'Escrow s1 has a dispute d-1 already. Give each its own id.',
  },
  {
    code: 'dispute_already_resolved',
    given: async (opened) => {
      await disputed(opened)
      await opened.ledger.escrows.resolve({ id, outcome: 'payee' })
    },
    call: ({ ledger }) => ledger.escrows.resolve({ id, dispute: 'd-1', outcome: 'payer' }),
    says: 'Dispute d-1 of escrow s1 was resolved already. See escrows.get.',
  },
  {
    code: 'refund_exceeds_payment',
    given: fundedInTwo,
    call: ({ ledger }) => ledger.escrows.refund({ id, amount: inr('600.00'), payment: paymentOf('first') }),
    says: 'Only 500.00 INR of the 600.00 INR can go back to payment pay-first of razorpay: it gave escrow s1 500.00 INR. Refund the rest to another, or name none.',
    facts: { available: inr('500.00'), requested: inr('600.00') },
  },
]
