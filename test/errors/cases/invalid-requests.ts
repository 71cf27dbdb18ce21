import { createPayPalWebhookVerifier } from '@escrow-ledger/paypal'
import { createRazorpayWebhookVerifier, verifyRazorpayCheckout } from '@escrow-ledger/razorpay'
import { money, registerUnit } from 'escrow-ledger'
import { deal, fundedDeal, inr, owe } from '../../fixtures/deals.js'
import { DAY, START } from '../../fixtures/open-ledger.js'
import { offering } from '../../fixtures/operations.js'
import { coaching } from '../../fixtures/sample-terms.js'
import { choosy, type RefusedCall, transfer } from '../refused-call.js'

const id = 's1'
const rawBody = new TextEncoder().encode('{"event":"payment.captured"}')
const forged = { 'x-razorpay-signature': '0'.repeat(64) }
const largest = money('92233720368547758.07', 'INR')

export const invalidRequests: readonly RefusedCall[] = [
  {
    code: 'invalid_input',
    call: ({ ledger }) => ledger.escrows.deliver({ id: '', at: 'yesterday' }),
    says: 'The input is not valid: id must not be empty; at must be milliseconds, a Date, an ISO time with its offset ("2026-11-01T09:30:00+05:30") or a date ("2026-11-01").',
    facts: {
      issues: [
        { path: 'id', message: 'must not be empty' },
        {
          path: 'at',
          message:
            'must be milliseconds, a Date, an ISO time with its offset ("2026-11-01T09:30:00+05:30") or a date ("2026-11-01")',
        },
      ],
    },
  },
  {
    code: 'invalid_amount',
    call: () => money('10.005', 'INR'),
    says: '"10.005" has 3 decimals and INR has 2: round it first.',
  },
  {
    code: 'invalid_amount',
    call: ({ ledger }) => ledger.escrows.open({ ...deal(id), amount: { amount: '1,000', currency: 'INR' } }),
    says: `amount: "1,000" is not an amount: write digits, and a point before any decimals, such as '1000.00'.`,
  },
  {
    code: 'amount_out_of_range',
    call: () => money('92233720368547758.08', 'INR'),
    says: 'the bigint 9223372036854775808 in INR is beyond 64 bits of minor units (at most 9223372036854775807): split it, or check its unit.',
  },
  {
    code: 'amount_out_of_range',
    given: ({ ledger }) => ledger.journal.post(transfer('bank:hdfc', 'opening-balances', largest)),
    call: ({ ledger }) => ledger.journal.post(transfer('bank:hdfc', 'opening-balances', inr('0.01'))),
    says: 'The totals of bank:hdfc in INR would pass 64 bits. Carry its balance to a new account.',
  },
  {
    code: 'amount_not_positive',
    call: ({ ledger }) => ledger.escrows.open({ ...deal(id), amount: inr('0.00') }),
    says: 'amount: An amount must be more than zero, and 0.00 INR is not.',
  },
  {
    code: 'amount_off_step',
    call: ({ ledger }) => ledger.escrows.open({ ...deal(id, inr('10.50')), terms: { ...coaching, step: '1.00' } }),
    says: "The escrow's amount must be a multiple of 1.00 INR, and 10.50 is not.",
  },
  {
    code: 'amount_off_step',
    open: { gateways: { choosy } },
    given: ({ ledger }) => owe(ledger, 'priya', inr('600.00')),
    call: ({ ledger }) =>
      ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('150.50'), gateway: 'choosy' }),
    says: 'An amount through choosy must be a multiple of 1.00 INR, and 150.50 is not.',
  },
  {
    code: 'currency_unknown',
    call: () => money('10.00', 'inr'),
    says: `"inr" is not a known currency: write it as 'INR'.`,
  },
  {
    code: 'currency_mismatch',
    given: ({ ledger }) => fundedDeal(ledger, id),
    call: ({ ledger }) => ledger.escrows.refund({ id, amount: money('10.00', 'USD') }),
    says: 'Escrow s1 is in INR, not in USD. Convert it first.',
  },
  {
    code: 'unit_conflict',
    call: () => registerUnit({ code: 'INR', exponent: 3 }),
    says: 'INR belongs to ISO 4217, with 2 decimals: choose another code.',
  },
  {
    code: 'invalid_terms',
    call: ({ ledger }) => ledger.escrows.open({ ...deal(id), terms: { shares: [{ party: 'coach', percent: '80' }] } }),
    says: 'These terms cannot be agreed to. shares: A part of 100000 minor units would belong to nobody: let one share take the remainder.',
    facts: {
      issues: [
        {
          path: 'shares',
          message: 'A part of 100000 minor units would belong to nobody: let one share take the remainder.',
        },
      ],
    },
  },
  {
    code: 'invalid_cursor',
    call: ({ ledger }) => ledger.journal.list().page({ after: 'page-2' }),
    says: 'That cursor was not given by this list. Start again without one.',
  },
  {
    code: 'entry_unbalanced',
    call: ({ ledger }) =>
      ledger.journal.post({
        postings: [
          { account: 'bank:hdfc', debit: inr('10.00') },
          { account: 'opening-balances', credit: inr('9.00') },
        ],
      }),
    says: 'Debits exceed credits by 100 minor units of INR. Make them equal in each currency.',
  },
  {
    code: 'entry_too_large',
    call: ({ ledger }) =>
      ledger.journal.post({
        postings: Array.from({ length: 501 }, () => transfer('bank:hdfc', 'opening-balances').postings).flat(),
      }),
    says: 'An entry has at most 1000 postings, not 1002. Make several of it.',
  },
  {
    code: 'account_reserved',
    call: ({ ledger }) => ledger.journal.post(transfer('escrow:s1', 'bank:hdfc')),
    says: 'Account escrow:s1 moves only by the escrow, payment and instruction commands. Use the command for what happened.',
    facts: { account: 'escrow:s1' },
  },
  {
    code: 'account_reserved',
    call: ({ ledger }) => ledger.accounts.open({ code: 'platform:fees', currency: 'INR', type: 'asset' }),
    says: "platform:fees belongs to the chart of accounts: it is of type income and has the chart's limits. Leave both out.",
    facts: { account: 'platform:fees' },
  },
  {
    code: 'account_reserved',
    given: ({ ledger }) => ledger.accounts.open({ code: 'suspense:razorpay', currency: 'INR' }),
    call: ({ ledger }) => ledger.accounts.freeze({ code: 'suspense:razorpay' }),
    says: 'suspense:razorpay takes what no other account does, so it is never frozen or closed. Restrict the account that the money comes from.',
    facts: { account: 'suspense:razorpay' },
  },
  {
    code: 'time_in_future',
    call: ({ ledger }) => ledger.journal.post({ ...transfer('bank:hdfc', 'opening-balances'), effectiveAt: START + 1 }),
    says: '2026-11-02T09:00:00.001Z lies in the future; it is 2026-11-02T09:00:00.000Z. Give a time that has come, or none.',
    facts: { at: START + 1, now: START },
  },
  {
    code: 'time_in_future',
    call: ({ ledger }) => ledger.settlements.run({ asOf: START + DAY }),
    says: '2026-11-03T09:00:00.000Z has not come yet: nothing can be settled as of then. Leave "asOf" out for now.',
    facts: { at: START + DAY, now: START },
  },
  {
    code: 'measure_unknown',
    given: ({ ledger }) => fundedDeal(ledger, id),
    call: ({ ledger }) => ledger.escrows.measure({ id, measures: { punctuality: 3 } }),
    says: 'The terms of escrow s1 know no measure "punctuality". Leave it out, or name one of these: satisfaction.',
  },
  {
    code: 'measure_out_of_scale',
    given: ({ ledger }) => fundedDeal(ledger, id),
    call: ({ ledger }) => ledger.escrows.complete({ id, measures: { satisfaction: 6 } }),
    says: 'satisfaction runs from 1 to 5; 6 lies outside. Correct the score.',
  },
  {
    code: 'below_gateway_minimum',
    open: { gateways: { choosy } },
    given: ({ ledger }) => owe(ledger, 'priya', inr('600.00')),
    call: ({ ledger }) => ledger.payouts.request({ id: 'po', payee: 'priya', amount: inr('99.00'), gateway: 'choosy' }),
    says: 'choosy makes no payout below 100.00 INR, and this is 99.00 INR. Ask for it with what comes later, or through another gateway.',
    facts: { gateway: 'choosy', minimum: inr('100.00'), requested: inr('99.00') },
  },
  {
    code: 'operation_unsupported',
    call: ({ ledger }) =>
      ledger.transfers.create({ id: 't1', payee: 'priya', amount: inr('800.00'), gateway: 'manual' }),
    says: 'The gateway manual makes no transfers here: its adapter does not offer them, or it has none. Use another gateway, or give createLedger its adapter.',
    facts: { gateway: 'manual', operation: 'transfer' },
  },
  {
    code: 'operation_unsupported',
    open: { gateways: { razorpay: offering(['transfer']) } },
    given: async ({ ledger }) => {
      await ledger.transfers.create({ id: 't1', payee: 'priya', amount: inr('800.00'), gateway: 'razorpay' })
      await ledger.instructions.confirm({ id: 'transfer:t1', reference: 'trf_1' })
    },
    call: ({ ledger }) => ledger.transfers.release({ id: 't1' }),
    says: 'The gateway razorpay has no adapter that releases transfers. Give createLedger its adapter.',
    facts: { gateway: 'razorpay', operation: 'release' },
  },
  {
    code: 'not_authentic',
    call: () => createRazorpayWebhookVerifier({ secrets: ['a', 'b'] }).verify({ headers: forged, rawBody }),
    says: 'The signature fits none of the 2 secrets. Refuse it; if it does come from Razorpay, compare secrets with the dashboard, and see that nothing parses or changes what was signed before it gets here.',
    facts: { gateway: 'razorpay', problem: 'signature_mismatch' },
  },
  {
    code: 'not_authentic',
    call: () =>
      verifyRazorpayCheckout({ orderId: 'order_1', paymentId: 'pay_1', signature: '' }, { keySecrets: ['a'] }),
    says: "The signature is not one of Razorpay's, 64 hexadecimals. Refuse it: no secret can make it right.",
    facts: { gateway: 'razorpay', problem: 'signature_malformed' },
  },
  {
    code: 'not_authentic',
    call: () =>
      createPayPalWebhookVerifier({ environment: 'live', webhookId: 'WH-1' }).verify({ headers: forged, rawBody }),
    says: "The delivery has no header paypal-auth-algo, as all of paypal's have. Refuse it; if it does come from paypal, let what is in front of this server pass its headers on.",
    facts: { gateway: 'paypal', problem: 'header_missing' },
  },
]
